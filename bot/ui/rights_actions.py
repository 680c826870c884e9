"""What people do about what is held about them: a copy, a withdrawal, an erasure; in direct messages, too."""

from __future__ import annotations

import asyncio
from typing import Final

import discord

from bot.domain.consent import Scope
from bot.ui.answers import NO_PINGS, follow_up, show, tell, tell_pages, wait_please
from bot.ui.custom_ids import ERASE_ALL, ERASE_KEEPING_RATINGS, Numbers
from bot.ui.late_answers import DIRECT_UPLOAD_BYTES
from bot.ui.press import OwnPress
from bot.ui.receipts import send_receipt_soon
from bot.ui.texts import rights as texts
from bot.ui.texts.language import say
from bot.ui.texts.uses import uses_pages

PATIENCE_SECONDS: Final = 5.0


async def withdraw(press: OwnPress, scopes: list[Scope]) -> None:
    """Withdraw consents on every server; it counts before anything is stored."""
    promise = press.services.withdrawals.ask_now(press.user_id, scopes)
    await wait_please(press.interaction)
    await asyncio.wait({promise.kept}, timeout=PATIENCE_SECONDS)
    if promise.kept.done():
        await tell(press.interaction, texts.withdrawn_text(scopes, promise.kept.result()))
        send_receipt_soon(press)
    else:
        await tell(press.interaction, texts.withdrawal_not_stored_text())


async def show_uses(press: OwnPress) -> None:
    """Show a person what their recordings were used for, and who was given them."""
    await wait_please(press.interaction)
    await tell_pages(press.interaction, uses_pages(await press.services.uses.of(press.user_id)))


async def offer_erasure(press: OwnPress) -> None:
    """Say what an erasure deletes, with the buttons that begin it."""
    await wait_please(press.interaction)
    held = await press.services.held.about(press.user_id)
    if held is None:
        await tell(press.interaction, say(texts.NOTHING_TO_ERASE))
        return
    await show(press.interaction, content=texts.erasure_text(held), view=_erasure_view(), allowed_mentions=NO_PINGS)


def _erasure_view() -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for custom_id, label, style in (
        (ERASE_ALL, texts.ERASE_BUTTON, discord.ButtonStyle.danger),
        (ERASE_KEEPING_RATINGS, texts.ERASE_KEEPING_BUTTON, discord.ButtonStyle.secondary),
    ):
        view.add_item(discord.ui.Button(label=say(label), style=style, custom_id=custom_id.build(Numbers())))
    return view


async def erase(press: OwnPress, _: Numbers, *, keeps_ratings: bool) -> None:
    """Begin an erasure; from here on the person is not recorded, whatever Discord or the store does."""
    promise = press.services.erasures.ask_now(press.user_id, _names(press.interaction), keeps_ratings=keeps_ratings)
    await wait_please(press.interaction)
    await asyncio.wait({promise.kept}, timeout=PATIENCE_SECONDS)
    await tell(press.interaction, say(texts.ERASURE_BEGUN if promise.kept.done() else texts.ERASURE_NOT_STORED))


def _names(interaction: discord.Interaction) -> list[str]:
    """What the person is called here: a note may name them so."""
    user = interaction.user
    names = [getattr(user, "nick", None), user.global_name, user.name]
    return [name for name in names if name]


async def send_copy(press: OwnPress) -> None:
    """Send a person everything that is held about them, in as many messages as the uploads need."""
    await wait_please(press.interaction)
    # An answer that comes late is a direct message, which takes no more than this.
    most = min(press.interaction.filesize_limit, DIRECT_UPLOAD_BYTES)
    async with press.services.personal_copies.of(press.user_id, most) as parts:
        if not parts:
            await tell(press.interaction, say(texts.NOTHING_TO_COPY))
            return
        files = [discord.File(part.path, f"{part.path.stem.split('.')[0]}-{n + 1}.zip") for n, part in enumerate(parts)]
        recordings = sum(part.recordings for part in parts)
        text = texts.copy_text(len(parts), recordings, len(parts[0].missing))
        await show(press.interaction, content=text, attachments=files[:1], if_too_large=say(texts.COPY_TOO_LATE))
        for number, file in enumerate(files[1:], 2):
            await follow_up(press.interaction, texts.part_text(number, len(parts)), file=file)
