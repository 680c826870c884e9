"""Answering `/export`: the dataset as an upload when Discord takes it, else the place where it lies."""

from __future__ import annotations

import asyncio
from pathlib import Path

import discord

from bot.dataset.archive import zip_dataset
from bot.dataset.export import ExportResult
from bot.home.places import Home
from bot.ui.answers import show
from bot.ui.texts.export import export_text, too_large_text

UPLOAD_LIMIT_BYTES = 10 * 1024 * 1024
"""What Discord takes from a bot in a server without boosts."""


async def answer_with_export(interaction: discord.Interaction, result: ExportResult, home: Home) -> None:
    """Send the dataset zipped, or its path when it is larger than an upload may be. No archive stays."""
    archive = home.archive(result.path)
    try:
        await asyncio.to_thread(_pack, result.path, archive)
        await _answer(interaction, result, archive, archive.stat().st_size)
    finally:
        archive.unlink(missing_ok=True)


def _pack(dataset: Path, archive: Path) -> None:
    archive.parent.mkdir(parents=True, exist_ok=True)
    zip_dataset(dataset, archive)


async def _answer(interaction: discord.Interaction, result: ExportResult, archive: Path, size_bytes: int) -> None:
    text = export_text(result)
    if size_bytes > UPLOAD_LIMIT_BYTES:
        where = too_large_text(UPLOAD_LIMIT_BYTES, result.path)
        await show(interaction, content=f"{text}\n{where}")
        return
    upload = discord.File(archive, f"{result.path.name}.zip")
    await show(interaction, content=text, attachments=[upload])
