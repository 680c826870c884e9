"""The answer to `/export`: the dataset as an upload if Discord accepts it, otherwise the folder that it is in."""

from __future__ import annotations

import discord

from bot.services.exports import PackedExport
from bot.ui.answers import show
from bot.ui.texts.export import export_text, too_large_text

UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024
"""What Discord accepts from a bot on a server without boosts."""


async def answer_with_export(interaction: discord.Interaction, export: PackedExport) -> None:
    """Send the dataset's archive or, if it is too large to upload, say where the dataset is."""
    text = export_text(export.result)
    if export.archive_bytes > UPLOAD_LIMIT_BYTES:
        where = too_large_text(UPLOAD_LIMIT_BYTES, export.result.path)
        await show(interaction, content=f"{text}\n{where}")
        return
    await show(interaction, content=text, attachments=[discord.File(export.archive, f"{export.result.path.name}.zip")])
