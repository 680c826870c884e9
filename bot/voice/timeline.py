"""Where a frame belongs in its track: samples on the take's clock, one clock for all tracks.

No I/O; times are monotonic seconds, passed in with the frames. Inside a talk spurt RTP time places a frame, at
its beginning arrival does (arrivals.py). What was lost inside a spurt becomes concealment, what was not sent becomes
silence, and every frame received is laid down unchanged: only silence gives way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from bot.voice import opus
from bot.voice.receiver import FrameReceived
from bot.voice.reorder import OrderedFrame, ReorderBuffer

PAUSE_SECONDS: Final = 0.04
"""A gap between arrivals so much longer than a frame may be a pause of a sender whose RTP time stops in silence."""

SLIP_SAMPLES: Final = 960
"""How far a stream without pauses may run ahead of its arrivals (clock drift) before 20 ms are put in."""

_TOLERANCE_SAMPLES = 240
_CONCEALED_AT_END = 5 * 960
_CONCEALED_AT_MOST = 25 * 960  # decoders fade out long before; the rest of a hole is silence


class Kind(Enum):
    """What a packet in a track is."""

    FRAME = "frame"
    CONCEALMENT = "concealment"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Laid:
    """One packet in its place: `start_samples` since the take's start; packets follow one another without a gap."""

    kind: Kind
    packet: bytes
    start_samples: int
    samples: int

    @property
    def is_sound(self) -> bool:
        """Whether somebody is heard, rather than silence, sent or filled in."""
        return self.kind is not Kind.SILENCE and not opus.is_silence(self.packet)


@dataclass(frozen=True, slots=True)
class _Before:
    """The frame before, as it was placed."""

    ordered: OrderedFrame
    end_samples: int
    samples: int
    is_silence: bool


class TrackTimeline:
    """Places the frames of one user. Everything is returned once, in order, HOLD_SECONDS after it arrived."""

    def __init__(self, started_at: float) -> None:
        self._started_at = started_at
        self._buffer = ReorderBuffer()
        self._before: _Before | None = None
        self._laid_samples = 0
        self._cut_samples: int | None = None

    @property
    def laid_samples(self) -> int:
        """How long the track is so far."""
        return self._laid_samples

    @property
    def late_frames(self) -> int:
        """Frames that came after their place had passed."""
        return self._buffer.late_frames

    def push(self, frame: FrameReceived) -> list[Laid]:
        """Take a frame as it arrived; returns what can be laid down by now."""
        self._buffer.push(frame)
        return self.tick(frame.arrival)

    def tick(self, now: float) -> list[Laid]:
        """Time passed without a frame; returns what has waited long enough."""
        laid: list[Laid] = []
        while (ordered := self._buffer.release(now)) is not None:
            laid += self._lay(ordered)
        return laid

    def limit(self, cut_at: float) -> None:
        """The take was cut: no frame that starts then or later is laid down any more."""
        self._cut_samples = self._position(cut_at)

    def finish(self, tail_samples: int = 0) -> list[Laid]:
        """Lay down what still waits and fill up to the cut and `tail_samples` further. `limit()` comes first."""
        if self._cut_samples is None:
            raise ValueError("A track is finished after its take was cut.")
        laid: list[Laid] = []
        while (ordered := self._buffer.release_any()) is not None:
            laid += self._lay(ordered)
        missing = self._cut_samples + tail_samples - self._laid_samples
        # Rounded up: the end is trimmed to the sample by the file's last position.
        return laid + self._fill(-(-missing // opus.STEP_SAMPLES) * opus.STEP_SAMPLES)

    def _position(self, at: float) -> int:
        return round((at - self._started_at) * opus.SAMPLE_RATE_HZ)

    def _lay(self, ordered: OrderedFrame) -> list[Laid]:
        packet = ordered.frame.opus
        before, samples = self._before, opus.duration_samples(packet)
        target = self._target(ordered, before, samples)
        self._before = _Before(ordered, target + samples, samples, opus.is_silence(packet))
        if target < 0 or (self._cut_samples is not None and target >= self._cut_samples):
            return []
        laid: list[Laid] = []
        if target - self._laid_samples >= opus.STEP_SAMPLES // 2:
            if before is not None and before.end_samples > 0:
                laid += self._conceal(before, ordered, target)
            laid += self._fill(target - self._laid_samples)
        laid.append(self._append(Kind.FRAME, packet, samples))
        return laid

    def _target(self, ordered: OrderedFrame, before: _Before | None, samples: int) -> int:
        """The position where the frame belongs."""
        if before is None or before.ordered.run != ordered.run:
            return self._anchored(ordered)
        gap = ordered.timestamp - before.ordered.timestamp - before.samples
        lost = ordered.sequence - before.ordered.sequence - 1
        if not 0 <= gap <= lost * before.samples:
            return self._anchored(ordered)
        target = before.end_samples + gap
        waited = ordered.frame.arrival - before.ordered.frame.arrival
        if before.is_silence or waited > (samples + gap) / opus.SAMPLE_RATE_HZ + PAUSE_SECONDS:
            anchored = self._anchored(ordered)
            return anchored if anchored - target > PAUSE_SECONDS * opus.SAMPLE_RATE_HZ else target
        drifted = self._position(ordered.stream.clock.sent_at(ordered.timestamp)) - target
        return target + SLIP_SAMPLES if drifted > SLIP_SAMPLES else target

    def _anchored(self, ordered: OrderedFrame) -> int:
        """The position of a spurt's first frame, judged with the frames that followed it."""
        clock = ordered.stream.clock
        clock.anchor(
            (near.timestamp, near.frame.arrival) for near in (ordered, *self._buffer.waiting) if near.run == ordered.run
        )
        return self._position(clock.sent_at(ordered.timestamp))

    def _conceal(self, before: _Before, ordered: OrderedFrame, target: int) -> Iterator[Laid]:
        """Concealment for frames lost after `before`, as far as they were inside a spurt."""
        if before.is_silence or before.ordered.run != ordered.run:
            return
        lost_samples = (ordered.sequence - before.ordered.sequence - 1) * before.samples
        gap = ordered.timestamp - before.ordered.timestamp - before.samples
        if gap == 0 and lost_samples == 0 and target - before.end_samples == SLIP_SAMPLES:
            lost_samples = SLIP_SAMPLES
        at_most = _CONCEALED_AT_MOST if gap <= lost_samples else _CONCEALED_AT_END
        packet = opus.concealment_for(before.ordered.frame.opus)
        samples = opus.frame_samples(packet)
        room = target - self._laid_samples + _TOLERANCE_SAMPLES
        for _ in range(min(lost_samples, at_most, room) // samples):
            yield self._append(Kind.CONCEALMENT, packet, samples)

    def _fill(self, samples: int) -> list[Laid]:
        return [
            self._append(Kind.SILENCE, packet, opus.duration_samples(packet)) for packet in opus.fill_silence(samples)
        ]

    def _append(self, kind: Kind, packet: bytes, samples: int) -> Laid:
        laid = Laid(kind, packet, self._laid_samples, samples)
        self._laid_samples += samples
        return laid
