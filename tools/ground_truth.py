"""A finished rehearsal with what its cast and its voice server noted: the truth to compare recordings with.

It shares no code with the bot's receiving side: Ogg pages are read here directly by RFC 3533.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.samples import SAMPLE_RATE_HZ

SILENCES = {
    bytes.fromhex(head + "fffe"): samples
    for head, samples in zip(("f8", "f0", "e8", "e0"), (960, 480, 240, 120), strict=True)
}
FRAME_SAMPLES = 960
RATE_HZ = SAMPLE_RATE_HZ


@dataclass(frozen=True)
class Frame:
    """One sent frame, as its sender noted it."""

    user_id: int
    sent_at: float
    opus: bytes
    is_silence: bool
    is_padded: bool
    is_extended: bool
    spurt: int


@dataclass(frozen=True)
class TakeTimes:
    """A take by the clock of the person who pressed: its start is the press plus the announced countdown."""

    scene: int
    start: float
    cut: float


@dataclass(frozen=True)
class TrackOnDisk:
    """A track as the database has it."""

    user_id: int
    scene: int
    path: Path
    duration_samples: int

    @cached_property
    def packets(self) -> list[bytes]:
        return list(ogg_packets(self.path.read_bytes()))[2:]

    def positions(self) -> Iterator[tuple[int, bytes]]:
        """Yield every packet with its position in samples."""
        position = 0
        for packet in self.packets:
            yield position, packet
            position += SILENCES.get(packet) or _samples_of(packet)


class Rehearsal:
    """What `promptbook rehearse --json` left."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        self.home = Path(told["home"])
        self.dataset = Path(told["dataset"])
        self.logs = Path(told["logs"])
        self.database = sqlite3.connect(f"file:{told['database']}?mode=ro", uri=True)
        self.database.row_factory = sqlite3.Row
        self.cast_log = read_lines(self.logs / "cast.jsonl")
        self.server_log = read_lines(self.logs / "discord.jsonl")
        self.world = json.loads((self.logs / "world.json").read_text())

    def part(self, name: str) -> list[dict[str, Any]]:
        return [person for person in self.world["people"] if person["part"] == name]

    @cached_property
    def frames(self) -> list[Frame]:
        return [
            Frame(
                entry["user_id"],
                entry["t"],
                bytes.fromhex(entry["opus"]),
                entry["silence"],
                entry["padded"],
                bool(entry["extension_words"]),
                entry["spurt"],
            )
            for entry in self.cast_log
            if entry["kind"] == "frame_sent"
        ]

    def frames_of(self, user_id: int) -> list[Frame]:
        return [frame for frame in self.frames if frame.user_id == user_id]

    @cached_property
    def takes(self) -> list[TakeTimes]:
        called = [entry for entry in self.cast_log if entry["kind"] == "take_called"]
        cut = [entry for entry in self.cast_log if entry["kind"] == "take_cut"]
        return [
            TakeTimes(one["scene"], one["t"] + one["countdown_seconds"], other["t"])
            for one, other in zip(called, cut, strict=True)
        ]

    @cached_property
    def tracks(self) -> list[TrackOnDisk]:
        rows = self.database.execute(
            "SELECT discord_user_id, scenes.number AS scene, path, tracks.duration_samples FROM tracks "
            "JOIN people USING (person_id) JOIN takes USING (take_id) JOIN scenes USING (scene_id)"
        )
        return [
            TrackOnDisk(row["discord_user_id"], row["scene"], self.home / row["path"], row["duration_samples"])
            for row in rows
        ]

    def key_since(self, sender_id: int) -> float:
        """Return when the bot first was in one group with a sender, by the voice server's log."""
        bot_id = self.world["bot"]["user_id"]
        return min(
            entry["t"]
            for entry in self.server_log
            if entry["kind"] == "mls_transition_executed" and {bot_id, sender_id} <= set(entry["members"])
        )


def _samples_of(packet: bytes) -> int:
    """Return 20 ms for a frame; concealment (only a TOC of CELT: RFC 6716, table 2) has its own duration."""
    return FRAME_SAMPLES if len(packet) > 1 else (120, 240, 480, 960)[packet[0] >> 3 & 3]


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def ogg_packets(data: bytes) -> Iterator[bytes]:
    """Yield all packets of an Ogg file with one stream (RFC 3533, section 6)."""
    place, unfinished = 0, b""
    while place < len(data):
        magic, _, _, _, _, _, _, count = struct.unpack_from("<4sBBQIIIB", data, place)
        assert magic == b"OggS", f"no page at byte {place}"
        lacing = data[place + 27 : place + 27 + count]
        place += 27 + count
        for length in lacing:
            unfinished += data[place : place + length]
            place += length
            if length < 255:
                yield unfinished
                unfinished = b""


def is_subsequence(wanted: list[bytes], found: list[bytes]) -> bool:
    """Whether all of `wanted` occur in `found` in this order."""
    rest = iter(found)
    return all(any(one == other for other in rest) for one in wanted)


def files_holding(folder: Path, frames: list[bytes]) -> dict[Path, int]:
    """Count how many of these frames (20 bytes or more) are in each file below a folder, at any byte.

    At every offset, a file's 8 bytes are compared with 8 bytes of each frame as one number; matches are compared fully.
    """
    by_key = {int.from_bytes(frame[6:14], "little"): frame for frame in frames if len(frame) >= 20}
    keys = np.fromiter(by_key, np.uint64, len(by_key))
    found: dict[Path, int] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            hits = {frame for place, frame in _candidates(data, keys, by_key) if data[place - 6 :].startswith(frame)}
            if hits:
                found[path] = len(hits)
    return found


def _candidates(data: bytes, keys: npt.NDArray[np.uint64], by_key: dict[int, bytes]) -> Iterator[tuple[int, bytes]]:
    for offset in range(8):
        count = (len(data) - offset) // 8
        if count <= 0:
            return
        words = np.frombuffer(data, "<u8", count, offset)
        for index in np.flatnonzero(np.isin(words, keys)):
            yield offset + int(index) * 8, by_key[int(words[index])]


def tone_share(samples: npt.NDArray[np.float32], hertz: float, window_seconds: float = 0.1) -> float:
    """Return the largest share of a window's energy within 40 Hz of a tone, over windows that are not silent."""
    size = round(window_seconds * RATE_HZ)
    count = len(samples) // size
    if not count:
        return 0.0
    windows = samples[: count * size].reshape(count, size) * np.hanning(size)
    power = np.abs(np.fft.rfft(windows, axis=1)) ** 2
    total = power.sum(axis=1)
    band = np.abs(np.fft.rfftfreq(size, 1 / RATE_HZ) - hertz) <= 40
    loud = total > (10 ** (-50 / 20)) ** 2 * size**2 / 8
    return float((power[:, band].sum(axis=1)[loud] / total[loud]).max(initial=0.0))
