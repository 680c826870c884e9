"""The timing error of recorded sound: `make alignment`.

Ten-minute takes with 30 ms of jitter, 5 % loss and clocks that are 100 ppm fast or slow. Errors are measured at every
frame of sound: a track's against the take's clock, and between any two tracks at the same moment.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.ids import UserId
from bot.voice.receiving.receiver import FrameReceived
from bot.voice.recording.bed import Kind, Laid
from bot.voice.recording.timeline import TrackTimeline
from tools.bench.talkers import Network, Sent, Talker

TAKE_SECONDS = 600.0
TICK_SECONDS = 0.25
START = 5_000.0


@dataclass(frozen=True, slots=True)
class Placed:
    """One track: when each received frame of sound was said, and its timing error (ms; late is positive)."""

    said_at: list[float]
    errors_ms: list[float]
    lost_frames: int
    counted_lost: int
    concealed_frames: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """Errors in milliseconds, of all frames of all tracks of a kind, and of all pairs of tracks at every second."""

    kind: str
    median_ms: float
    worst_ms: float
    pair_median_ms: float
    pair_worst_ms: float
    lost_frames: int
    counted_lost: int


def place(talker: Talker, network: Network, seconds: float = TAKE_SECONDS) -> Placed:
    """Return one track of a take of this length."""
    sent = list(talker.speak(START, START + seconds))
    arrived = network.deliver(sent)
    laid = _record(arrived, sent[-1].at + 1.0)
    begins = _begins(laid[0])
    heard = [one for _, one in sorted(arrived, key=lambda pair: pair[1].at) if not one.is_silence]
    errors = [begins[one.opus] / 48 - (one.at - START) * 1_000 for one in heard]
    first, last = _positions(sent, arrived)
    lost = last - first + 1 - len(arrived)
    return Placed([one.at for one in heard], errors, lost, laid[1].lost_frames, laid[1].concealed_frames)


def _begins(laid: list[Laid]) -> dict[bytes, int]:
    """Return the position of each frame, in samples."""
    begins: dict[bytes, int] = {}
    for stretch in laid:
        start = stretch.start_samples
        for packet, samples in stretch.packets:
            if stretch.kind is Kind.FRAME:
                begins[packet] = start
            start += samples
    return begins


def _positions(sent: list[Sent], arrived: list[tuple[float, Sent]]) -> tuple[int, int]:
    """Return the first and the last sent frame that arrived: losses outside of them cannot be noticed."""
    numbers = {id(one): number for number, one in enumerate(sent)}
    came = [numbers[id(one)] for _, one in arrived]
    return min(came), max(came)


def _record(arrived: list[tuple[float, Sent]], cut_at: float) -> tuple[list[Laid], TrackTimeline]:
    timeline = TrackTimeline(START)
    laid: list[Laid] = []
    due = START
    for at, one in arrived:
        while due <= at:
            laid += timeline.tick(due)
            due += TICK_SECONDS
        timeline.hold(FrameReceived(UserId(1), 77, one.sequence, one.timestamp, at, one.opus))
    timeline.limit(cut_at)
    return laid + timeline.finish(), timeline


def apart(one: Placed, other: Placed, step: float = 1.0) -> list[float]:
    """Return the shift between two tracks, in ms, at each moment when both have sound."""
    found: list[float] = []
    at, end = START, min(one.said_at[-1], other.said_at[-1])
    while at < end:
        errors = [_error_at(track, at) for track in (one, other)]
        if errors[0] is not None and errors[1] is not None:
            found.append(abs(errors[0] - errors[1]))
        at += step
    return found


def _error_at(track: Placed, at: float) -> float | None:
    before = bisect_right(track.said_at, at) - 1
    return track.errors_ms[before] if before >= 0 and at - track.said_at[before] < 0.1 else None


def measure(kind: str, tracks: Sequence[Placed]) -> Alignment:
    """Return the figures of some tracks of one take."""
    errors = [abs(error) for track in tracks for error in track.errors_ms]
    pairs = [shift for one, other in itertools.combinations(tracks, 2) for shift in apart(one, other)]
    return Alignment(
        kind,
        statistics.median(errors),
        max(errors),
        statistics.median(pairs),
        max(pairs),
        sum(track.lost_frames for track in tracks),
        sum(track.counted_lost for track in tracks),
    )


def take(seed: int, seconds: float = TAKE_SECONDS, drift: float = 1e-4) -> dict[str, list[Placed]]:
    """Return one take with two tracks per kind of talker, one with a fast clock and one with a slow one."""
    kinds = {"runs on": (False, True), "stands still": (True, True), "no pauses": (False, False)}
    placed: dict[str, list[Placed]] = {}
    for number, (kind, (stands_still, pauses)) in enumerate(kinds.items()):
        for sign in (1, -1):
            own = seed * 100 + number * 10 + sign
            talker = Talker(own, sign * drift, stands_still, pauses)
            placed.setdefault(kind, []).append(place(talker, Network(own + 5_000), seconds))
    return placed


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--takes", type=int, default=10)
    takes = parser.parse_args().takes
    kinds: dict[str, list[Placed]] = {}
    everyone: list[Alignment] = []
    for seed in range(takes):
        placed = take(seed)
        everyone.append(measure("all", [track for tracks in placed.values() for track in tracks]))
        for kind, tracks in placed.items():
            kinds.setdefault(kind, []).extend(tracks)
    print(f"{takes} takes of {TAKE_SECONDS / 60:g} min, jitter 30 ms, loss 5 %, clocks +-100 ppm; ms")
    for kind, tracks in kinds.items():
        errors = sorted(abs(error) for track in tracks for error in track.errors_ms)
        lost, counted = (sum(column) for column in zip(*((t.lost_frames, t.counted_lost) for t in tracks), strict=True))
        median, worst = statistics.median(errors), errors[-1]
        print(f"{kind:13} median {median:5.2f}  worst {worst:5.2f}  frames lost {lost}, counted {counted}")
    median = statistics.median(one.pair_median_ms for one in everyone)
    print(f"any two tracks of a take: median {median:.2f}  worst {max(one.pair_worst_ms for one in everyone):.2f}")


if __name__ == "__main__":
    main()
