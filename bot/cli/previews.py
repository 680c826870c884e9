"""How the command line says what an export would do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.dataset.model.selection import LEFT_OUT
from bot.dataset.preview import Preview

_MOST_EXAMPLES = 10


def preview_lines(found: Preview) -> Iterator[str]:
    """Yield what would be exported, by split, and what would be left out, with reasons."""
    speakers = set[str]().union(*(share.speakers for share in found.splits.values()))
    yield (
        f"This would export {found.clips} turns ({_length(found.seconds)}) of {len(speakers)} speakers "
        f"and {found.tracks} tracks."
    )
    for split, share in found.splits.items():
        yield f"  {split}: {share.clips} turns ({_length(share.seconds)}) of {len(share.speakers)} speakers"
    reasons = {reason: number for reason, number in found.left_out.items() if number}
    yield "It would leave out:" if reasons else "It would leave out nothing."
    named = {
        "takes_not_kept": [f"{take} ({why})" for take, why in found.takes.items()],
        "tracks_unreadable": found.files,
    }
    for reason, number in reasons.items():
        which = list(named.get(reason, []))
        more = f", and {len(which) - _MOST_EXAMPLES} more" if len(which) > _MOST_EXAMPLES else ""
        yield f"  {LEFT_OUT[reason]}: {number}" + (f": {', '.join(which[:_MOST_EXAMPLES])}{more}" if which else "")


def preview_facts(found: Preview) -> dict[str, Any]:
    """Return the same for programs."""
    return {
        "clips": found.clips,
        "seconds": round(found.seconds, 3),
        "tracks": found.tracks,
        "splits": {
            split: {"clips": share.clips, "seconds": round(share.seconds, 3), "speakers": len(share.speakers)}
            for split, share in found.splits.items()
        },
        "left_out": dict(found.left_out),
        "takes_not_kept": dict(found.takes),
        "tracks_without_file": list(found.files),
    }


def _length(seconds: float) -> str:
    return f"{seconds / 60:.1f} min" if seconds >= 120 else f"{seconds:.1f} s"
