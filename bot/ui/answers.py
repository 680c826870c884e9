"""Answers to interactions: the one place where errors become sentences, so that every error is answered.

Every private answer is a message at the bottom of one person's chat. The panel's keeper is told of each, and an answer
that only confirms goes away by itself.
"""

from __future__ import annotations

import asyncio
import io
import logging
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Protocol, cast

import discord

from bot.domain.errors import PromptbookError
from bot.domain.ids import UserId
from bot.services.assembly import Services
from bot.ui.languages import speaking_to
from bot.ui.late_answers import answer_late, is_too_late
from bot.ui.texts.card import CUE_SOUND
from bot.ui.texts.errors import defect_text, sentence_of
from bot.ui.texts.language import say
from bot.voice.connection.attempts import UNREACHABLE

_log = logging.getLogger(__name__)

NO_PINGS = discord.AllowedMentions.none()
_ACKNOWLEDGED = "acknowledged"
_ANSWER = "answer"

CONFIRMED_SECONDS = 8.0
"""How long an answer that only confirms can be read before it goes away."""

REMOVAL_TRIES = 3


class _HasServices(Protocol):
    """What this module needs of the client."""

    services: Services


@asynccontextmanager
async def answering(interaction: discord.Interaction) -> AsyncGenerator[None]:
    """Run an action in the language of its place; tell the person privately about any error that it raises."""
    with speaking_to(_services(interaction), interaction):
        try:
            yield
        except Exception as error:
            await tell_error(interaction, error)


async def tell_error(interaction: discord.Interaction, error: BaseException) -> None:
    """Tell a person what went wrong. A defect is logged under a code, which the person is told."""
    if isinstance(error, PromptbookError):
        sentence = sentence_of(error)
    else:
        code = secrets.token_hex(3)
        _log.error("Interaction failed, code %s", code, exc_info=error)
        sentence = defect_text(code)
    try:
        await tell(interaction, sentence)
    except discord.HTTPException:
        _log.exception("A person could not be told about an error")


async def wait_please(interaction: discord.Interaction, *, in_place: bool = False) -> None:
    """Acknowledge within Discord's 3 s, in the background; `tell` and `show` then fill in the answer.

    The answer is private or, with `in_place`, replaces the message of the pressed button. A press is carried out even
    if Discord does not accept its acknowledgement.
    """
    interaction.extras[_ACKNOWLEDGED] = asyncio.create_task(_acknowledge(interaction, in_place), name="acknowledgement")


async def _acknowledge(interaction: discord.Interaction, in_place: bool) -> bool:
    try:
        if in_place:
            await interaction.response.defer()
        else:
            _came(interaction, await interaction.response.defer(ephemeral=True, thinking=True))
    except (discord.DiscordException, *UNREACHABLE) as error:
        _log.warning("Discord did not accept an acknowledgement (%s): the press counts without an answer.", error)
        return False
    return True


async def _can_be_answered(interaction: discord.Interaction) -> bool:
    acknowledged = interaction.extras.get(_ACKNOWLEDGED)
    return acknowledged is None or await acknowledged


async def show(interaction: discord.Interaction, *, if_too_large: str = "", **shown: Any) -> None:
    """Fill in the answer that an acknowledgement promised; do nothing if Discord did not accept that.

    After the 15 minutes for which Discord takes an answer, it arrives as a message. `if_too_large` is added to it if
    that message cannot take its files.
    """
    if not await _can_be_answered(interaction):
        for file in shown.get("attachments", ()):
            file.close()
        return
    try:
        await interaction.edit_original_response(**shown)
    except discord.HTTPException as error:
        if not is_too_late(error):
            raise
        await answer_late(interaction, shown.get("content") or "", shown.get("attachments", ()), if_too_large)


async def remove(interaction: discord.Interaction) -> None:
    """Delete the message of the pressed button, once `wait_please` has acknowledged the press in place."""
    if not await _can_be_answered(interaction):
        return
    await interaction.delete_original_response()
    if interaction.channel_id and interaction.message:
        _services(interaction).panels.gone(interaction.channel_id, interaction.message.id)


async def tell(interaction: discord.Interaction, sentence: str) -> None:
    """Answer privately, whether or not the interaction has been acknowledged, and however late."""
    if not await _can_be_answered(interaction):
        return
    try:
        await _tell(interaction, sentence)
    except discord.HTTPException as error:
        if not is_too_late(error):
            raise
        await answer_late(interaction, sentence)


async def _tell(interaction: discord.Interaction, sentence: str) -> None:
    if not interaction.response.is_done():
        sent = await interaction.response.send_message(sentence, ephemeral=True, allowed_mentions=NO_PINGS)
        _came(interaction, sent)
    elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        await interaction.edit_original_response(content=sentence, allowed_mentions=NO_PINGS)
    else:
        await follow_up(interaction, sentence)


async def confirm(interaction: discord.Interaction, sentence: str) -> None:
    """Tell a person that what they asked for is done. What it changed is on the panel, so this goes away by itself."""
    await tell(interaction, sentence)
    let_go(interaction)


def let_go(interaction: discord.Interaction) -> None:
    """Delete the answer once there was time to read it."""
    services = _services(interaction)
    services.errands.run(_remove_answer(services, interaction), "removal of an answer")


async def _remove_answer(services: Services, interaction: discord.Interaction) -> None:
    for _ in range(REMOVAL_TRIES):
        await services.clock.sleep_until(services.clock.monotonic() + CONFIRMED_SECONDS)
        try:
            await interaction.delete_original_response()
        except discord.NotFound:
            pass
        except (discord.HTTPException, *UNREACHABLE) as error:
            _log.info("An answer could not be removed (%s).", error)
            if isinstance(error, discord.HTTPException) and is_too_late(error):
                return
            continue
        if interaction.channel_id and (message_id := interaction.extras.get(_ANSWER)):
            services.panels.gone(interaction.channel_id, message_id)
        return


async def follow_up(interaction: discord.Interaction, sentence: str, **shown: Any) -> discord.WebhookMessage:
    """Add a private message to an answered interaction; returns it."""
    sent = await interaction.followup.send(sentence, ephemeral=True, allowed_mentions=NO_PINGS, wait=True, **shown)
    _note(interaction, sent.id)
    return sent


def sent_with(buttons: discord.ui.View | None, sound: bytes | None) -> dict[str, Any]:
    """What a message is sent with beside its text. A file can be sent once, so each attempt makes its own."""
    files = {"file": discord.File(io.BytesIO(sound), filename="cue.mp3", description=say(CUE_SOUND))} if sound else {}
    return ({"view": buttons} if buttons else {}) | files


async def open_with(interaction: discord.Interaction, sentence: str, view: discord.ui.View) -> None:
    """Answer privately, as the first answer, with something to press."""
    sent = await interaction.response.send_message(sentence, view=view, ephemeral=True, allowed_mentions=NO_PINGS)
    _came(interaction, sent)


async def tell_pages(interaction: discord.Interaction, pages: Sequence[str]) -> None:
    """Answer privately with more than fits into one message."""
    await tell(interaction, pages[0])
    for page in pages[1:]:
        await follow_up(interaction, page)


async def show_form(interaction: discord.Interaction, form: discord.ui.Modal) -> None:
    """Open a form. discord.py must not wait for it, because two people may have the same one open."""
    form.stop()
    await interaction.response.send_modal(form)


def _came(interaction: discord.Interaction, sent: discord.InteractionCallbackResponse[Any] | None) -> None:
    """A first answer appeared as a message."""
    if sent and sent.message_id:
        interaction.extras[_ANSWER] = sent.message_id
        _note(interaction, sent.message_id)


def _note(interaction: discord.Interaction, message_id: int) -> None:
    """Tell the panels' keeper of a message that only this person sees."""
    if interaction.channel_id:
        _services(interaction).panels.came(interaction.channel_id, message_id, UserId(interaction.user.id))


def _services(interaction: discord.Interaction) -> Services:
    return cast("_HasServices", interaction.client).services
