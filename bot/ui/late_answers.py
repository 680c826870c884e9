"""Answers that are ready after the 15 minutes for which Discord takes them: they arrive as a message.

What is private goes into the direct messages. If a person takes none, the channel tells them that there is something.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import discord

from bot.ui.texts.replies import late_text
from bot.voice.connection.attempts import UNREACHABLE

_log = logging.getLogger(__name__)

_EXPIRED = (50027, 10015)
"""Discord's codes for a token whose time is over: "Invalid Webhook Token", "Unknown Webhook"."""

DIRECT_UPLOAD_BYTES = 10 * 1024 * 1024
"""What Discord takes in direct messages, whatever the server has."""


def is_too_late(error: discord.HTTPException) -> bool:
    """Whether an answer was refused because its interaction is over."""
    return error.code in _EXPIRED


async def answer_late(
    interaction: discord.Interaction, sentence: str, files: Sequence[discord.File] = (), if_too_large: str = ""
) -> None:
    """Send an answer as a direct message, or tell the person in the channel that it could not be sent."""
    # discord.py has closed the files with the refused request, so they are opened again.
    paths = [(Path(str(getattr(file.fp, "name", ""))), file.filename) for file in files]
    if sum(path.stat().st_size for path, _ in paths) > DIRECT_UPLOAD_BYTES:
        paths, sentence = [], f"{sentence}\n{if_too_large}"
    again = [discord.File(path, name) for path, name in paths]
    try:
        await interaction.user.send(sentence, files=again, allowed_mentions=discord.AllowedMentions.none())
    except (discord.HTTPException, *UNREACHABLE) as error:
        _log.info("A late answer could not be sent as a direct message (%s).", error)
        await _tell_in_channel(interaction)


async def _tell_in_channel(interaction: discord.Interaction) -> None:
    channel = interaction.channel
    if not isinstance(channel, discord.abc.Messageable):
        return
    try:
        only_them = discord.AllowedMentions(users=[interaction.user])
        await channel.send(late_text(interaction.user.id), allowed_mentions=only_them)
    except (discord.HTTPException, *UNREACHABLE) as error:
        _log.warning("A person could not be told that their answer came too late (%s).", error)
