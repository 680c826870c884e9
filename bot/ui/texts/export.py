"""The answers to `/export`: what a dataset or a log contains, and where it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.dataset.export import ExportResult
from bot.dataset.log.export_log import LogResult
from bot.domain.ids import SessionId
from bot.ui.texts.language import say, say_all, say_count


def export_text(result: ExportResult) -> str:
    """What the dataset holds, in one sentence."""
    splits = ", ".join(
        say("{number} in {split}", number=clips, split=split) for split, clips in sorted(result.splits.items())
    )
    return say(
        "**Dataset ready:** {clips} clips of {speakers} speakers ({splits}), {tracks} tracks.",
        clips=result.clips,
        speakers=result.speakers,
        splits=splits,
        tracks=result.tracks,
    )


def log_text(result: LogResult) -> str:
    """What the log holds, and what it leaves out until a session has ended."""
    text = say(
        "**Log ready:** {counts}. It contains no sound, and people are pseudonyms.", counts=log_counts_text(result)
    )
    if not result.open_sessions:
        return text
    left_out = say(
        "What cards say and what raters answered is left out until session {numbers} has ended.",
        numbers=say_all([str(one) for one in result.open_sessions]),
    )
    return f"{text} {left_out}"


def known_text(sessions: Sequence[SessionId]) -> str:
    """That a person now knows what was dealt in sessions that can be rated, with a blank before it; or nothing."""
    if not sessions:
        return ""
    numbers = say_all([str(one) for one in sessions])
    return " " + say("It shows what was dealt in session {numbers}, so you no longer rate it.", numbers=numbers)


def log_counts_text(result: LogResult) -> str:
    """The numbers of what a log is mostly about, without a full stop."""
    rows = result.rows
    return ", ".join(
        [
            say_count("{number} scene", "{number} scenes", rows["scenes"]),
            say_count("{number} take", "{number} takes", rows["takes"]),
            say_count("{number} rating", "{number} ratings", rows["ratings"]),
            say_count("{number} note", "{number} notes", rows["notes"]),
        ]
    )


def too_large_text(limit_bytes: int, path: Path) -> str:
    """Where to find a dataset or a log that is larger than Discord accepts."""
    return say(
        "It is larger than the {size} MiB that Discord accepts. On the bot's machine, it is in `{path}`.",
        size=limit_bytes // 1024 // 1024,
        path=path,
    )
