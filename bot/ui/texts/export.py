"""The answers to `/export`: what a dataset or a log contains, and where it is."""

from __future__ import annotations

from pathlib import Path

from bot.dataset.export import ExportResult
from bot.dataset.log.export_log import LogResult
from bot.ui.texts.words import count


def export_text(result: ExportResult) -> str:
    """What the dataset holds, in one sentence."""
    splits = ", ".join(f"{clips} in {split}" for split, clips in sorted(result.splits.items()))
    return f"**Dataset ready:** {result.clips} clips of {result.speakers} speakers ({splits}), {result.tracks} tracks."


def log_text(result: LogResult) -> str:
    """What the log holds, and what it leaves out until a session has ended."""
    text = f"**Log ready:** {log_counts_text(result)}. It contains no sound, and people are pseudonyms."
    if not result.open_sessions:
        return text
    numbers = " and ".join(str(one) for one in result.open_sessions)
    return f"{text} What cards say and what raters answered is left out until session {numbers} has ended."


def log_counts_text(result: LogResult) -> str:
    """The numbers of what a log is mostly about, without a full stop."""
    return ", ".join(count(result.rows[f"{noun}s"], noun) for noun in ("scene", "take", "rating", "note"))


def too_large_text(limit_bytes: int, path: Path) -> str:
    """Where to find a dataset or a log that is larger than Discord accepts."""
    size = f"{limit_bytes // 1024 // 1024} MiB"
    return f"It is larger than the {size} that Discord accepts. On the bot's machine, it is in `{path}`."
