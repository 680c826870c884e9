"""The forms in which a coordinator says who is responsible for a server's recordings, and what the law asks for."""

from __future__ import annotations

from collections.abc import Sequence

import discord

from bot.domain.retention import FEWEST_DAYS, MOST_DAYS
from bot.services.session.sessions import SessionWishes
from bot.ui.answers import confirm, show_form, tell, wait_please
from bot.ui.custom_ids import LAW_FORM, OPERATOR_FORM, Numbers, OfStart
from bot.ui.form_values import FormValues
from bot.ui.press import Press
from bot.ui.session_start import start_session
from bot.ui.texts import ending
from bot.ui.texts import operator as texts
from bot.ui.texts.language import say

WHO = ("controller", "contact")
"""The two fields without which no session begins."""

LAW = ("legal_basis", "recipients", "retention", "complaint_authority")
"""What an export to a recipient needs besides."""

_LONGEST = 300


async def ask_who(press: Press) -> None:
    """Open the form with the two fields for a coordinator."""
    await _open(press, WHO, OPERATOR_FORM.build(OfStart(0)))


async def ask_law(press: Press) -> None:
    """Open the form with the others for a coordinator, and for how many days sound is kept."""
    days = await press.services.guilds.retention_days(press.guild_id)
    await _open(press, LAW, LAW_FORM.build(Numbers()), [_days(days)])


async def ask_before_start(press: Press, voice_channel_id: int | None) -> None:
    """Open the form with the two fields; when it is sent, the session begins in this channel."""
    await _open(press, WHO, OPERATOR_FORM.build(OfStart(voice_channel_id or 0)))


async def submit_who(press: Press, values: FormValues, of: OfStart) -> None:
    """Store the two fields, and begin the session for which they were asked."""
    await _store(press, values, WHO)
    if of.voice_channel_id:
        await start_session(press, of.voice_channel_id, SessionWishes())
    else:
        await confirm(press.interaction, say(texts.KEPT))


async def submit_law(press: Press, values: FormValues, _: Numbers) -> None:
    """Store what the law wants people to know, and for how many days sound is kept."""
    await _store(press, values, LAW)
    typed = values.one("days").strip()
    is_number = typed.isascii() and typed.isdigit() and FEWEST_DAYS <= int(typed) <= MOST_DAYS
    if typed and not is_number:
        await tell(press.interaction, say(ending.DAYS_INVALID))
        return
    await press.services.guilds.change(press.guild_id, "retention_days", int(typed) if typed else None)
    await tell(press.interaction, say(texts.KEPT))


async def _store(press: Press, values: FormValues, fields: Sequence[str]) -> None:
    await press.require_coordinator()
    await wait_please(press.interaction)
    await press.services.operators.say(press.guild_id, {field: values.one(field) for field in fields})


async def _open(
    press: Press, fields: Sequence[str], custom_id: str, more: Sequence[discord.ui.Label[discord.ui.Modal]] = ()
) -> None:
    await press.require_coordinator()
    said = await press.services.operators.of(press.guild_id)
    form = discord.ui.Modal(title=say(texts.FORM_TITLE), custom_id=custom_id)
    for field in fields:
        form.add_item(_text(field, getattr(said, field)))
    for item in more:
        form.add_item(item)
    await show_form(press.interaction, form)


def _days(chosen: int | None) -> discord.ui.Label[discord.ui.Modal]:
    entry = discord.ui.TextInput[discord.ui.Modal](
        custom_id="days", default=None if chosen is None else str(chosen), required=False, max_length=5
    )
    return discord.ui.Label(text=say(ending.DAYS_TITLE), description=say(ending.DAYS_EXPLAINED), component=entry)


def _text(field: str, said: str | None) -> discord.ui.Label[discord.ui.Modal]:
    entry = discord.ui.TextInput[discord.ui.Modal](
        custom_id=field,
        style=discord.TextStyle.paragraph if field == "recipients" else discord.TextStyle.short,
        default=said,
        required=field in WHO,
        max_length=_LONGEST,
    )
    return discord.ui.Label(text=say(texts.LABELS[field]), description=say(texts.EXPLAINED[field]), component=entry)
