"""The answer to `/export`."""

from __future__ import annotations

from pathlib import Path

from bot.dataset.export import ExportResult


def export_text(result: ExportResult) -> str:
    """What the dataset holds, in one sentence."""
    splits = ", ".join(f"{clips} in {split}" for split, clips in sorted(result.splits.items()))
    return f"**Dataset ready:** {result.clips} clips of {result.speakers} speakers ({splits}), {result.tracks} tracks."


def too_large_text(limit_bytes: int, path: Path) -> str:
    """Where to find a dataset that is larger than Discord accepts."""
    size = f"{limit_bytes // 1024 // 1024} MiB"
    return f"It is larger than the {size} that Discord accepts. On the bot's machine, it is in `{path}`."
