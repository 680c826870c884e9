"""Compares what is on the disk with what the cast noted that it sent."""

from __future__ import annotations

import json
import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.ground_truth import SILENCES, ogg_packets, read_lines
from tools.stops.cells import STOPPED_WITHIN_SECONDS

HEARD_SECONDS = 1.0
"""How long people go on talking after a stop."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Of the people whom a stop silences: the last frame kept, in ms from the press, or None; how many frames sent
    later than 100 ms are kept; how many of the first second were sent; and how many earlier ones were kept.
    """

    latest_ms: float | None
    late_frames: int
    sent_after: int
    kept_before: int


def recorded(logs: Path, home: Path, silenced: Collection[int], pressed_at: float, until: float | None) -> Recorded:
    """Search every Ogg file below `home` for what these accounts sent, until a monotonic moment (a resume)."""
    sent = {
        bytes.fromhex(entry["opus"]): entry["t"] - pressed_at
        for entry in read_lines(logs / "cast.jsonl")
        if entry["kind"] == "frame_sent" and not entry["silence"] and entry["user_id"] in silenced
    }
    over = float("inf") if until is None else until - pressed_at
    kept = [sent[packet] for packet in _packets_below(home) if packet in sent and sent[packet] < over]
    limit = STOPPED_WITHIN_SECONDS
    return Recorded(
        max(kept) * 1000 if kept else None,
        sum(after > limit for after in kept),
        sum(limit < after <= limit + HEARD_SECONDS for after in sent.values()),
        sum(after <= 0 for after in kept),
    )


def exported_of(home: Path, label: str) -> list[str]:
    """Return which tracks of a session are in a dataset below `home`."""
    found: list[str] = []
    for table in (home / "exports").glob("*/tables/tracks.json"):
        found += [row["file"] for row in json.loads(table.read_text("utf-8")) if row["session"] == label]
    return found


def _packets_below(home: Path) -> Iterator[bytes]:
    """Yield every packet with sound, once per file. A file with several names is read once."""
    seen: set[int] = set()
    for path in home.rglob("*"):
        if path.is_file() and path.stat().st_ino not in seen:
            seen.add(path.stat().st_ino)
            yield from _packets_of(path)


def _packets_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        if file.read(4) != b"OggS":
            return
    packets = ogg_packets(path.read_bytes())
    try:
        for packet in packets:
            if packet not in SILENCES:
                yield packet
    except (struct.error, AssertionError, IndexError):
        return  # torn: the whole pages have been read
