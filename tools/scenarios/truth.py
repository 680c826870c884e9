"""What a recording should contain, by the journals of cast and voice server, and what it contains.

The key of a frame is known exactly: its sender notes the transition it was sent under, and the server notes whom that
transition reached. A frame is due if it was sent inside the take, was not dropped on purpose, and was in the clear or
under a key that the bot had been given.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.ground_truth import RATE_HZ, ogg_packets, read_lines

SHORTEST_SOUND = 20
"""Bytes. Everything shorter in a track is silence or concealment."""

EDGE_SECONDS = 0.1
"""So near to a take's ends, both are right: frames are placed by arrival, but the truth is when they were sent."""

PASSAGE_SECONDS = 0.05
"""How long a packet can be on its way when the bot joins or leaves."""


@dataclass(frozen=True)
class Sent:
    """A frame as sent."""

    user_id: int
    at: float
    opus: bytes
    silence: bool
    spurt: int
    readable: bool
    dropped: bool
    heard: bool | None


@dataclass
class Verdict:
    """Counts of frames with sound: sent during the take; dropped on purpose; sent while the bot was away or lacked
    their key; due; due but missing. Then what must not be there.
    """

    on_air: int = 0
    dropped: int = 0
    keyless: int = 0
    due: int = 0
    missing: int = 0
    under_another: int = 0
    twice: int = 0
    out_of_order: int = 0
    never_sent: int = 0
    never_arrived: int = 0
    misplaced_ms: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        return not self.problems


class Truth:
    """The journals of one scenario, whose take ran from `start` to `cut` (monotonic seconds)."""

    def __init__(self, folder: Path, bot_id: int, start: float, cut: float) -> None:
        self.start, self.cut = start, cut
        self.server = read_lines(folder / "server.jsonl")
        self._bot_id = bot_id
        self._dropped = {
            (entry["ssrc"], entry["sequence"], entry["timestamp"]) for entry in self.of_server("packet_dropped")
        }
        self.frames = [
            self._sent(entry) for entry in read_lines(folder / "cast.jsonl") if entry["kind"] == "frame_sent"
        ]

    def of_server(self, *kinds: str) -> list[dict[str, Any]]:
        return [entry for entry in self.server if entry["kind"] in kinds]

    def is_present(self, at: float) -> bool | None:
        """Whether the bot was in the channel; None just before and after it joined or left, when it is unknown."""
        present = False
        for entry in self.of_server("voice_joined", "voice_left"):
            if entry["user_id"] != self._bot_id:
                continue
            if abs(entry["t"] - at) < PASSAGE_SECONDS:
                return None
            if entry["t"] < at:
                present = entry["kind"] == "voice_joined"
        return present

    @property
    def users(self) -> list[int]:
        return sorted({frame.user_id for frame in self.frames})

    def due_with_silence(self) -> int:
        """Return how many frames were due, including silence and the server's, in a take with everything said."""
        own = sum(frame.readable and not frame.dropped and frame.at >= self.start for frame in self.frames)
        return own + len(self.of_server("silence_inserted"))

    def compare(self, tracks: dict[int, Path]) -> Verdict:
        """Compare the tracks with the frames."""
        verdict = Verdict()
        owner = {frame.opus: frame for frame in self.frames if not frame.silence}
        for user_id in sorted({*self.users, *tracks}):
            self._compare_one(user_id, tracks.get(user_id), owner, verdict)
        for name in ("missing", "under_another", "twice", "out_of_order", "never_sent", "never_arrived"):
            if count := getattr(verdict, name):
                verdict.problems.append(f"{count} frames {name.replace('_', ' ')}")
        return verdict

    def _sent(self, entry: dict[str, Any]) -> Sent:
        return Sent(
            entry["user_id"],
            entry["t"],
            bytes.fromhex(entry["opus"]),
            entry["silence"],
            entry["spurt"],
            self._is_readable(entry),
            (entry["ssrc"], entry["sequence"], entry["timestamp"]) in self._dropped,
            self.is_present(entry["t"]),
        )

    def _is_readable(self, entry: dict[str, Any]) -> bool:
        if entry["transition_id"] is None:
            return not entry["encrypted"]
        reached: list[int] = []
        for told in self.of_server("mls_transition_executed"):
            # Transition 0 begins every new group, so the last one before the frame counts.
            if told["transition_id"] == entry["transition_id"] and told["t"] <= entry["t"]:
                reached = told["members"]
        return self._bot_id in reached

    def _compare_one(self, user_id: int, path: Path | None, owner: dict[bytes, Sent], verdict: Verdict) -> None:
        inside = [
            frame
            for frame in self.frames
            if frame.user_id == user_id and not frame.silence and self.start <= frame.at < self.cut
        ]
        sure = [frame for frame in inside if self.start + EDGE_SECONDS <= frame.at < self.cut - EDGE_SECONDS]
        due = [frame.opus for frame in sure if frame.readable and frame.heard and not frame.dropped]
        found = list(sounds(path)) if path else []
        counts = Counter(packet for _, packet in found)
        said = [owner[packet] for _, packet in found if packet in owner]
        times = [frame.at for frame in said if frame.user_id == user_id]
        verdict.on_air += len(inside)
        verdict.dropped += sum(frame.dropped for frame in inside)
        verdict.keyless += sum(not (frame.readable and frame.heard) and not frame.dropped for frame in inside)
        verdict.due += len(due)
        verdict.missing += sum(packet not in counts for packet in due)
        verdict.twice += len(found) - len(counts)
        verdict.under_another += len(said) - len(times)
        verdict.never_sent += len(found) - len(said)
        # Without this check, the faults and this comparison would prove nothing.
        verdict.never_arrived += sum(frame.dropped or not frame.readable for frame in said)
        verdict.out_of_order += sum(later < earlier for earlier, later in itertools.pairwise(times))
        verdict.misplaced_ms = max(verdict.misplaced_ms, self._misplaced_ms(user_id, found, owner))

    def _misplaced_ms(self, user_id: int, found: list[tuple[int, bytes]], owner: dict[bytes, Sent]) -> float:
        """Return how far the worst spurt's middle frame (by displacement) is from where it was said, in ms."""
        by_spurt: dict[int, list[float]] = {}
        for position, packet in found:
            frame = owner.get(packet)
            if frame is not None and frame.user_id == user_id:
                said = frame.at - self.start
                by_spurt.setdefault(frame.spurt, []).append(abs(position / RATE_HZ - said) * 1000)
        return max((sorted(times)[len(times) // 2] for times in by_spurt.values()), default=0.0)


def sounds(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the packets with sound in a track, each with its position in samples."""
    position = 0
    for packet in list(ogg_packets(path.read_bytes()))[2:]:
        if len(packet) > SHORTEST_SOUND:
            yield position, packet
        position += duration_samples(packet)


def duration_samples(packet: bytes) -> int:
    """Return the duration of an Opus packet (RFC 6716, section 3.1 and table 2)."""
    config, code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        samples = (480, 960, 1920, 2880)[config % 4]
    elif config < 16:
        samples = (480, 960)[config % 2]
    else:
        samples = (120, 240, 480, 960)[config % 4]
    return samples * (1, 2, 2, packet[1] & 0x3F if code == 3 else 0)[code]
