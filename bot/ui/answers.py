"""Answers to interactions: the one place where errors become sentences, so that every error is answered."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import discord

from bot.domain.errors import PromptbookError
from bot.ui.texts.errors import defect_text, sentence_of
from bot.voice.connection.attempts import UNREACHABLE

_log = logging.getLogger(__name__)

NO_PINGS = discord.AllowedMentions.none()
_ACKNOWLEDGED = "acknowledged"


@asynccontextmanager
async def answering(interaction: discord.Interaction) -> AsyncGenerator[None]:
    """Run an action; tell the person privately about any error that it raises."""
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
            await interaction.response.defer(ephemeral=True, thinking=True)
    except (discord.DiscordException, *UNREACHABLE) as error:
        _log.warning("Discord did not accept an acknowledgement (%s): the press counts without an answer.", error)
        return False
    return True


async def _can_be_answered(interaction: discord.Interaction) -> bool:
    acknowledged = interaction.extras.get(_ACKNOWLEDGED)
    return acknowledged is None or await acknowledged


async def show(interaction: discord.Interaction, **shown: Any) -> None:
    """Fill in the answer that an acknowledgement promised; do nothing if Discord did not accept that."""
    if await _can_be_answered(interaction):
        await interaction.edit_original_response(**shown)
        return
    for file in shown.get("attachments", ()):
        file.close()


async def remove(interaction: discord.Interaction) -> None:
    """Delete the message of the pressed button, once `wait_please` has acknowledged the press in place."""
    if await _can_be_answered(interaction):
        await interaction.delete_original_response()


async def tell(interaction: discord.Interaction, sentence: str) -> None:
    """Answer privately, whether or not the interaction has been acknowledged."""
    if not await _can_be_answered(interaction):
        return
    if not interaction.response.is_done():
        await interaction.response.send_message(sentence, ephemeral=True, allowed_mentions=NO_PINGS)
    elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
        await interaction.edit_original_response(content=sentence, allowed_mentions=NO_PINGS)
    else:
        await interaction.followup.send(sentence, ephemeral=True, allowed_mentions=NO_PINGS)


async def tell_pages(interaction: discord.Interaction, pages: Sequence[str]) -> None:
    """Answer privately with more than fits into one message."""
    await tell(interaction, pages[0])
    for page in pages[1:]:
        await interaction.followup.send(page, ephemeral=True, allowed_mentions=NO_PINGS)


async def show_form(interaction: discord.Interaction, form: discord.ui.Modal) -> None:
    """Open a form. discord.py must not wait for it, because two people may have the same one open."""
    form.stop()
    await interaction.response.send_modal(form)
