"""The answer to `/export`: dataset or log as an upload if Discord accepts it, otherwise the folder that it is in."""

from __future__ import annotations

from pathlib import Path

import discord

from bot.services.exports import PackedExport, PackedLog
from bot.ui.answers import show
from bot.ui.texts.export import export_text, log_text, too_large_text

UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024
"""What Discord accepts from a bot on a server without boosts."""


async def answer_with_export(interaction: discord.Interaction, export: PackedExport) -> None:
    """Send the dataset's archive or, if it is too large to upload, say where the dataset is."""
    await _answer(interaction, export_text(export.result), export, export.result.path)


async def answer_with_log(interaction: discord.Interaction, log: PackedLog) -> None:
    """Send the log's archive or, if it is too large to upload, say where the log is."""
    await _answer(interaction, log_text(log.result), log, log.result.path)


async def _answer(interaction: discord.Interaction, text: str, packed: PackedExport | PackedLog, folder: Path) -> None:
    if packed.archive_bytes > UPLOAD_LIMIT_BYTES:
        await show(interaction, content=f"{text}\n{too_large_text(UPLOAD_LIMIT_BYTES, folder)}")
        return
    await show(interaction, content=text, attachments=[discord.File(packed.archive, f"{folder.name}.zip")])
