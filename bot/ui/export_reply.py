"""The answer to `/export`: dataset or log as an upload if Discord accepts it, otherwise the folder that it is in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import discord

from bot.domain.ids import SessionId
from bot.services.exports import PackedExport, PackedLog
from bot.ui.answers import show
from bot.ui.late_answers import DIRECT_UPLOAD_BYTES
from bot.ui.texts.export import export_text, known_text, log_text, too_large_text


async def answer_with_export(
    interaction: discord.Interaction, export: PackedExport, known: Sequence[SessionId]
) -> None:
    """Send the dataset's archive or, if it is too large to upload, say where the dataset is.

    `known` are the sessions whose targets this person could not know before.
    """
    await _answer(interaction, export_text(export.result) + known_text(known), export, export.result.path)


async def answer_with_log(interaction: discord.Interaction, log: PackedLog, known: Sequence[SessionId]) -> None:
    """Send the log's archive or, if it is too large to upload, say where the log is. `known` as with a dataset."""
    await _answer(interaction, log_text(log.result) + known_text(known), log, log.result.path)


async def _answer(interaction: discord.Interaction, text: str, packed: PackedExport | PackedLog, folder: Path) -> None:
    limit = interaction.filesize_limit
    if packed.archive_bytes > limit:
        await show(interaction, content=f"{text}\n{too_large_text(limit, folder)}")
        return
    file = discord.File(packed.archive, f"{folder.name}.zip")
    await show(interaction, content=text, attachments=[file], if_too_large=too_large_text(DIRECT_UPLOAD_BYTES, folder))
