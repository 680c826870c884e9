"""The position of a frame in its track: samples on the take's clock, which is the same for all tracks.

No I/O; times are monotonic seconds, passed in with the frames.

How a position is found
-----------------------

Two clocks say when a frame was spoken, and each is wrong in its own way:

- *RTP time* counts samples at the sender. Between two frames of one talk spurt it is exact, whatever the network does.
  But its zero is arbitrary, it drifts against our clock (by up to 100 ppm), and some clients stop it in silence.
- *Arrival time* is on our clock. But the network delays every packet, and each one differently.

Each is therefore used for what it is good at:

1. The network only delays. The smallest difference between arrival and RTP time is therefore the best estimate of when
   RTP time was zero. `ArrivalClock` keeps it for each stream, and forgets slowly, so that it follows drift.
2. The first frame of a talk spurt is *anchored*: its position is its RTP time on that clock. If all packets near it are
   late by the same amount, RTP time stood still in the pause, and the clock is learnt again from these packets.
3. Every other frame of the spurt *follows*: it begins where the frame before it ends, plus the RTP time between them.
   Nearly all frames follow without a gap; `_lay_run` lays them down together.
4. A gap has two causes. Missing sequence numbers are lost frames and become concealment, as far as RTP time has passed
   for them (`losses`). RTP time without missing numbers was never sent and becomes silence.
5. In a long spurt the clocks drift apart. A loss takes the difference up in steps of 2.5 ms. Without a loss, 5 ms of
   silence are put in once so much is missing; a sender that is too fast waits for its next loss or pause.

Two invariants follow. Every frame received is laid down unchanged: only silence and concealment are made longer or
shorter. And every frame waits `HOLD_SECONDS` first (`reorder`), so that late packets find their place, and step 2 sees
the packets that follow the first one.
"""

from __future__ import annotations

import math
from typing import Final

from bot.samples import SAMPLE_RATE_HZ
from bot.voice.receiving.keys import TRAILER
from bot.voice.receiving.receiver import FrameReceived
from bot.voice.receiving.reorder import OrderedFrame, ReorderBuffer
from bot.voice.recording.bed import Bed, Laid
from bot.voice.recording.losses import between
from bot.wire import opus

PAUSE_SECONDS: Final = 0.04
"""If a frame arrives this much later than it is due, its sender may have paused and stopped RTP time in the silence."""

SLIP_SAMPLES: Final = 240
"""How much earlier than its arrivals a stream without pauses can lie (clock drift) before 5 ms are put in."""

IDLE_SECONDS: Final = 12.0
"""How far behind the present a track is filled while no frames come: frames can wait 10 s for their key (dave.py)."""


class TrackTimeline:
    """Places the frames of one user. Each is returned once, in order, HOLD_SECONDS after it arrived."""

    def __init__(self, started_at: float) -> None:
        self._started_at = started_at
        self._buffer = ReorderBuffer()
        self.hold: Final = self._buffer.take
        """Takes a frame as it arrived. A later `tick()` lays it down with those around it."""
        self._before: OrderedFrame | None = None
        self._sealed: OrderedFrame | None = None  # the newest one that was encrypted, whose nonce counts frames
        self._end_samples = 0  # where the previous frame ends on the take's clock, even if before the take's start
        self._trailing_silence = 0
        self._bed = Bed()
        self._cut_samples: int | None = None
        self._limit_samples: float = math.inf
        self.received_frames = 0
        self.lost_frames = 0

    @property
    def laid_samples(self) -> int:
        """The track's length so far."""
        return self._bed.laid_samples

    @property
    def concealed_frames(self) -> int:
        """How many of the lost frames have a stand-in."""
        return self._bed.concealed_frames

    @property
    def late_frames(self) -> int:
        """How many frames came after their place had been laid down."""
        return self._buffer.late_frames

    def push(self, frame: FrameReceived) -> list[Laid]:
        """Take a frame as it arrived; return what can be laid down by now."""
        self.hold(frame)
        return self.tick(frame.arrival)

    def tick(self, now: float) -> list[Laid]:
        """Lay down what has waited long enough by `now`; return it."""
        self._lay_first(self._buffer.ready(now))
        if self._bed.laid_samples and not self._buffer.waiting:
            self._bed.fill(self._position(now - IDLE_SECONDS) - self._bed.laid_samples)
        return self._bed.take()

    def limit(self, cut_at: float) -> None:
        """Cut the take: no frame that starts at `cut_at` or later is laid down."""
        self._cut_samples = self._limit_samples = self._position(cut_at)

    def resume(self) -> None:
        """Begin a new spurt after frames were left out on purpose: what is missing before it does not count as lost."""
        self._before = None

    def finish(self, tail_samples: int = 0) -> list[Laid]:
        """Lay down what still waits, and fill up to `tail_samples` after the cut. Call `limit()` first."""
        if self._cut_samples is None:
            raise ValueError("A track can be finished only after its take was cut.")
        self._lay_first(len(self._buffer.waiting))
        missing = self._cut_samples + tail_samples - self._bed.laid_samples
        # Rounded up, because the file's last position trims the end to the sample.
        self._bed.fill(-(-missing // opus.STEP_SAMPLES) * opus.STEP_SAMPLES)
        return self._bed.take()

    def _position(self, at: float) -> int:
        return round((at - self._started_at) * SAMPLE_RATE_HZ)

    def _lay_first(self, count: int) -> None:
        """Lay down the first `count` of the frames that wait."""
        waiting = self._buffer.waiting
        at = 0
        while at < count:
            at = self._lay_run(waiting, at, count)
            if at < count:
                self._lay(waiting[at], waiting[at:])
                at += 1
        self._buffer.release(count)

    def _lay_run(self, waiting: list[OrderedFrame], at: int, count: int) -> int:
        """Lay down frames that begin where the previous one ends, as nearly all do. Return the first that does not."""
        before = self._before
        if before is None or before.is_silence or not self._is_in_place(before):
            return at
        first, end = at, self._end_samples
        run, due_sequence, due_timestamp = before.run, before.sequence + 1, before.timestamp + before.samples
        heard_at = before.arrival
        packets: list[tuple[bytes, int]] = []
        while at < count and end < self._limit_samples:
            its_run, sequence, timestamp, _, arrival, packet, samples, silent, _ = waiting[at]
            if timestamp != due_timestamp or sequence != due_sequence or silent or its_run != run:
                break
            if arrival - heard_at > PAUSE_SECONDS:
                break
            packets.append((packet, samples))
            end += samples
            due_sequence += 1
            due_timestamp += samples
            heard_at = arrival
            at += 1
        if packets:
            self._bed.lay(packets, end - self._end_samples)
            self._before = self._sealed = waiting[at - 1]
            self._end_samples = end
            self.received_frames += at - first
        return at

    def _is_in_place(self, before: OrderedFrame) -> bool:
        """Whether the next frame can simply follow this one: it lies inside the take, and no drift is due."""
        end = self._end_samples
        drifted = before.timestamp + before.samples + self._zero_samples(before) - end
        return end > 0 and abs(self._bed.laid_samples - end) <= opus.STEP_SAMPLES // 2 and drifted <= SLIP_SAMPLES

    def _zero_samples(self, ordered: OrderedFrame) -> float:
        """Return the position of RTP time zero."""
        return (ordered.stream.clock.zero_at - self._started_at) * SAMPLE_RATE_HZ

    def _lay(self, ordered: OrderedFrame, near: list[OrderedFrame]) -> None:
        before, self._before = self._before, ordered
        gap, lost = (0, 0) if before is None or before.run != ordered.run else between(before, ordered, self._sealed)
        if ordered.payload[-2:] == TRAILER:
            self._sealed = ordered
        if before is None or before.run != ordered.run or not 0 <= gap <= lost * before.samples:
            target, paused = self._anchored(ordered, near, ran_on=True), True
        else:
            target, paused = self._following(before, ordered, near, gap)
        self._end_samples, ended = target + ordered.samples, self._end_samples
        if 0 <= target < self._limit_samples:
            if ended > 0:
                self.lost_frames += lost
            if target - self._bed.laid_samples >= opus.STEP_SAMPLES // 2:
                if before is not None and ended > 0 and (lost or self._bed.laid_samples):
                    ending = max(opus.TRAILING_SILENCE_FRAMES - self._trailing_silence, 0) if paused else None
                    self._bed.conceal(before.opus, before.samples, lost, target, ending)
                self._bed.fill(target - self._bed.laid_samples)
            self._bed.lay([(ordered.opus, ordered.samples)], ordered.samples, is_sound=not ordered.is_silence)
            self.received_frames += 1
        if not ordered.is_silence:
            self._trailing_silence = 0
        else:
            self._trailing_silence += 1 + (lost if before is not None and before.is_silence else 0)

    def _following(
        self, before: OrderedFrame, ordered: OrderedFrame, near: list[OrderedFrame], gap: int
    ) -> tuple[int, bool]:
        """Return the position of a frame that follows the previous one by RTP time, and whether a pause lies between.

        A pause is possible because the RTP time of some clients stands still in silence.
        """
        target = self._end_samples + gap
        if before.is_silence and not ordered.is_silence:
            anchored = self._anchored(ordered, near, ran_on=False)
            return max(anchored, target), anchored - target >= ordered.samples
        waited = ordered.arrival - before.arrival
        if waited > (ordered.samples + gap) / SAMPLE_RATE_HZ + PAUSE_SECONDS:
            anchored = self._anchored(ordered, near, ran_on=True)
            if anchored - target > PAUSE_SECONDS * SAMPLE_RATE_HZ:
                return anchored, True
        return target + self._drift(ordered, target, gap), False

    def _drift(self, ordered: OrderedFrame, target: int, gap: int) -> int:
        """Return how far to move a frame because the sender's clock has drifted.

        If frames were lost, concealment takes the drift up in steps of 2.5 ms. If not, 5 ms are put in once more than
        that is missing; a sender that is too fast waits for its next loss or pause.
        """
        drifted = ordered.timestamp + self._zero_samples(ordered) - target
        if gap:
            return min(max(int(drifted / opus.STEP_SAMPLES) * opus.STEP_SAMPLES, -gap // 2), SLIP_SAMPLES)
        return SLIP_SAMPLES if drifted > SLIP_SAMPLES else 0

    def _anchored(self, ordered: OrderedFrame, near: list[OrderedFrame], *, ran_on: bool) -> int:
        """Return the position of a spurt's first frame, judged with those `near` it: itself and what follows."""
        packets = [(one.timestamp, one.arrival) for one in near if one.run == ordered.run]
        ordered.stream.clock.anchor(packets, ran_on=ran_on)
        return round(ordered.timestamp + self._zero_samples(ordered))
