"""Answering `/export`: the dataset as an upload when Discord takes it, else the place where it lies."""

from __future__ import annotations

import asyncio
from pathlib import Path

import discord

from bot.dataset.archive import zip_dataset
from bot.dataset.export import ExportResult

UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024
"""What Discord takes from a bot in a server without boosts."""


async def answer_with_export(interaction: discord.Interaction, result: ExportResult) -> None:
    """Send the dataset zipped, or its path when it is larger than an upload may be."""
    archive = await asyncio.to_thread(zip_dataset, result.path)
    try:
        await _answer(interaction, result, archive, archive.stat().st_size)
    finally:
        archive.unlink(missing_ok=True)


async def _answer(interaction: discord.Interaction, result: ExportResult, archive: Path, size_bytes: int) -> None:
    text = export_text(result)
    if size_bytes > UPLOAD_LIMIT_BYTES:
        size = f"{UPLOAD_LIMIT_BYTES // 1024 // 1024} MiB"
        await interaction.edit_original_response(
            content=f"{text}\nIt is over the {size} that Discord takes: on the bot's machine it is in `{result.path}`."
        )
        return
    await interaction.edit_original_response(content=text, attachments=[discord.File(archive)])


def export_text(result: ExportResult) -> str:
    """What the dataset holds, in one line."""
    splits = ", ".join(f"{clips} in {split}" for split, clips in sorted(result.splits.items()))
    return f"**Dataset ready:** {result.clips} clips of {result.speakers} speakers ({splits}), {result.tracks} tracks."
