"""Where frames are placed in a track. The sender below draws its own truth and knows nothing about the timeline."""

from __future__ import annotations

import random
import statistics
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ids import UserId
from bot.voice.receiving.receiver import FrameReceived
from bot.voice.recording.bed import Kind, Laid
from bot.voice.recording.timeline import TrackTimeline
from bot.wire import opus
from tests.voice.pieces import Piece, one_by_one

SILENCE = b"\xf8\xff\xfe"
START = 1_000.0


@dataclass
class Sender:
    """Sends 20 ms frames at real pace, then five silence frames after each spurt, then nothing."""

    sequence: int = 65_500
    timestamp: int = 2**32 - 48_000
    ssrc: int = 77
    rate: float = 48_000.0
    stops_in_silence: bool = False
    sent: list[tuple[float, FrameReceived]] = field(default_factory=list)
    spurt_starts: list[float] = field(default_factory=list)
    clock: float = START + 0.5
    number: int = 0

    def spurt(self, frames: int) -> None:
        self.spurt_starts.append(self.clock)
        for index in range(frames + 5):
            self.number += 1
            packet = b"\x78" + self.number.to_bytes(4, "big") + b"sound" if index < frames else SILENCE
            frame = FrameReceived(UserId(5), self.ssrc, self.sequence, self.timestamp, self.clock, packet)
            self.sent.append((self.clock, frame))
            self._step()

    def pause(self, seconds: float) -> None:
        steps = round(seconds / 0.02)
        self.clock += steps * 960 / self.rate
        if not self.stops_in_silence:
            self.timestamp = (self.timestamp + steps * 960) & 0xFFFF_FFFF

    def _step(self) -> None:
        self.clock += 960 / self.rate
        self.sequence = (self.sequence + 1) & 0xFFFF
        self.timestamp = (self.timestamp + 960) & 0xFFFF_FFFF


@dataclass
class Result:
    laid: list[Piece]
    lost_frames: int = 0
    concealed_frames: int = 0

    @property
    def frames(self) -> list[bytes]:
        return [laid.packet for laid in self.laid if laid.kind is Kind.FRAME]

    def position(self, packet: bytes) -> int:
        return next(laid.start_samples for laid in self.laid if laid.packet == packet)

    def count(self, kind: Kind) -> int:
        return sum(laid.kind is kind for laid in self.laid)


def record(deliveries: list[tuple[float, FrameReceived]], cut_at: float) -> Result:
    """What a track holds when the frames arrive at these times (sorted here)."""
    timeline = TrackTimeline(START)
    laid: list[Laid] = []
    tick = START
    for arrival, frame in sorted(deliveries, key=lambda delivery: delivery[0]):
        while tick < arrival:
            laid += timeline.tick(tick)
            tick += 0.1
        if arrival > cut_at + 0.2:
            timeline.limit(cut_at)
        laid += timeline.push(
            FrameReceived(frame.user_id, frame.ssrc, frame.sequence, frame.timestamp, arrival, frame.opus)
        )
    timeline.limit(cut_at)
    pieces = one_by_one(laid + timeline.finish(312))
    assert_contiguous(pieces)
    return Result(pieces, timeline.lost_frames, timeline.concealed_frames)


def assert_contiguous(laid: list[Piece]) -> None:
    position = 0
    for piece in laid:
        assert piece.start_samples == position
        assert piece.samples == opus.duration_samples(piece.packet)
        position += piece.samples


def conversation(seed: int, seconds: float, **how: object) -> Sender:
    rng = random.Random(seed)
    sender = Sender(**how)  # type: ignore[arg-type]
    while sender.clock < START + seconds:
        sender.spurt(rng.randint(3, 200))
        sender.pause(rng.uniform(0.04, 3.0))
    return sender


def start_errors_ms(sender: Sender, result: Result) -> list[float]:
    first = {}
    for at, frame in sender.sent:
        if frame.opus != SILENCE:
            first[at] = frame.opus
    kept = set(result.frames)
    return [
        abs(result.position(first[at]) / 48 - (at - START) * 1000) for at in sender.spurt_starts if first[at] in kept
    ]


def test_on_a_perfect_network_every_frame_lies_where_it_was_sent() -> None:
    sender = conversation(1, 60)
    result = record(sender.sent, sender.clock)
    assert result.frames == [frame.opus for _, frame in sender.sent]
    assert max(start_errors_ms(sender, result)) <= 1.3  # half a step of 2.5 ms
    assert result.count(Kind.CONCEALMENT) == 0


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("stops_in_silence", [False, True])
def test_jitter_reordering_loss_and_drift_leave_spurts_in_place(seed: int, stops_in_silence: bool) -> None:
    rng = random.Random(seed)
    sender = conversation(seed, 120, rate=48_000 * (1 + rng.choice((-1, 1)) * 1e-4), stops_in_silence=stops_in_silence)
    received = [(at + rng.uniform(0, 0.03), frame) for at, frame in sender.sent if rng.random() > 0.05]
    result = record(received, sender.clock + 1)
    delivered = {frame.opus for _, frame in received}
    assert [packet for packet in result.frames if packet != SILENCE] == [
        frame.opus for _, frame in sender.sent if frame.opus in delivered and frame.opus != SILENCE
    ]
    errors = start_errors_ms(sender, result)
    assert len(errors) > 20
    assert statistics.median(errors) <= 5
    assert max(errors) <= 20


def test_a_client_whose_rtp_time_stops_in_silence_is_placed_by_arrival() -> None:
    sender = conversation(3, 60, stops_in_silence=True)
    result = record(sender.sent, sender.clock)
    assert max(start_errors_ms(sender, result)) <= 11


def test_lost_frames_inside_a_spurt_are_concealed_by_packets_of_their_kind() -> None:
    sender = Sender()
    sender.spurt(50)
    kept = [delivery for number, delivery in enumerate(sender.sent) if number not in (10, 20, 21, 22)]
    result = record(kept, sender.clock)
    concealed = [laid for laid in result.laid if laid.kind is Kind.CONCEALMENT]
    assert [laid.packet for laid in concealed] == [b"\x78"] * 4
    assert result.position(sender.sent[49][1].opus) - result.position(sender.sent[0][1].opus) == 49 * 960


def test_frames_lost_around_a_pause_are_counted_and_have_their_stand_ins() -> None:
    sender = Sender()
    sender.spurt(20)  # 20 to 24 are its silence frames
    sender.pause(1.0)
    sender.spurt(20)  # from 25 on
    kept = [delivery for number, delivery in enumerate(sender.sent) if number not in (23, 25, 26)]
    timeline = TrackTimeline(START)
    laid = [piece for _, frame in kept for piece in timeline.push(frame)]
    timeline.limit(sender.clock)
    result = Result(one_by_one(laid + timeline.finish()))
    assert (timeline.lost_frames, timeline.concealed_frames, timeline.received_frames) == (3, 3, 47)
    begin = result.position(sender.sent[0][1].opus)
    assert result.position(sender.sent[27][1].opus) - begin == (27 + 50) * 960
    stand_ins = [(piece.start_samples - begin) // 960 for piece in result.laid if piece.kind is Kind.CONCEALMENT]
    assert stand_ins == [23, 75, 76]


def test_packets_without_a_frame_are_no_loss() -> None:
    sender = Sender()
    sender.spurt(10)
    blanks = (sender.sequence, sender.sequence + 1 & 0xFFFF, sender.sequence + 2 & 0xFFFF)
    sender.sequence = sender.sequence + 3 & 0xFFFF
    sender.spurt(10)
    sender.sent[15] = (sender.sent[15][0], sender.sent[15][1]._replace(blanks=blanks))
    timeline = TrackTimeline(START)
    for number, (_, frame) in enumerate(sender.sent):
        if number != 20:
            timeline.push(frame)
    timeline.limit(sender.clock)
    timeline.finish()
    assert (timeline.lost_frames, timeline.concealed_frames) == (1, 1)


def test_packets_without_a_frame_before_the_first_one_hide_no_loss_later() -> None:
    """They ended a spurt just before the take began, so they lie between no two frames of the track."""
    sender = Sender()
    earlier = tuple(sender.sequence - number for number in (3, 2, 1))
    sender.spurt(10)
    sender.sent[0] = (sender.sent[0][0], sender.sent[0][1]._replace(blanks=earlier))
    blanks = (sender.sequence, sender.sequence + 1 & 0xFFFF)
    sender.sequence = sender.sequence + 2 & 0xFFFF
    sender.pause(1.0)
    sender.spurt(10)
    sender.sent[15] = (sender.sent[15][0], sender.sent[15][1]._replace(blanks=blanks))
    timeline = TrackTimeline(START)
    for number, (_, frame) in enumerate(sender.sent):
        if number != 20:
            timeline.push(frame)
    timeline.limit(sender.clock)
    timeline.finish()
    assert (timeline.lost_frames, timeline.concealed_frames) == (1, 1)


def test_a_track_is_filled_while_no_one_speaks() -> None:
    sender = Sender()
    sender.spurt(20)
    timeline = TrackTimeline(START)
    for _, frame in sender.sent:
        timeline.push(frame)
    for second in range(60):
        timeline.tick(sender.clock + second)
    assert -1 < (sender.clock + 59 - 12 - START) * 48_000 - timeline.laid_samples < 960
    # A frame that waited for its key all that time still finds its place.
    sender.pause(59 - 11)
    sender.spurt(5)
    begin = [piece for _, frame in sender.sent[25:] for piece in timeline.push(frame)]
    begin += timeline.tick(sender.clock + 1)
    spoken = next(piece for piece in one_by_one(begin) if piece.packet == sender.sent[25][1].opus)
    assert abs(spoken.start_samples - (sender.sent[25][0] - START) * 48_000) <= 60


@pytest.mark.parametrize("rate", [48_000 * (1 - 2e-4), 48_000 * (1 + 2e-4)])
def test_drift_of_speech_without_pauses_is_taken_up_where_frames_are_lost(rate: float) -> None:
    sender = Sender(rate=rate)
    sender.spurt(15_000)
    rng = random.Random(4)
    kept = [delivery for delivery in sender.sent if rng.random() > 0.02]
    result = record(kept, sender.clock)
    positions = {laid.packet: laid.start_samples for laid in result.laid if laid.kind is Kind.FRAME}
    errors = [positions[frame.opus] / 48 - (at - START) * 1_000 for at, frame in kept if frame.opus != SILENCE]
    assert max(map(abs, errors)) <= 6


def test_reordered_frames_are_put_in_order() -> None:
    sender = Sender()
    sender.spurt(50)
    late = [(at + (0.055 if number % 7 == 3 else 0), frame) for number, (at, frame) in enumerate(sender.sent)]
    assert [frame for _, frame in sorted(late, key=lambda one: one[0])] != [frame for _, frame in sender.sent]
    result = record(late, sender.clock)
    assert result.frames == [frame.opus for _, frame in sender.sent]
    assert result.count(Kind.CONCEALMENT) == 0


def test_a_burst_after_a_stalled_network_does_not_move_the_track() -> None:
    sender = Sender()
    sender.spurt(100)
    stall_ends = sender.sent[60][0]
    stalled = [(max(at, stall_ends) if number >= 30 else at, frame) for number, (at, frame) in enumerate(sender.sent)]
    result = record(stalled, sender.clock)
    assert result.frames == [frame.opus for _, frame in sender.sent]
    assert result.position(sender.sent[99][1].opus) - result.position(sender.sent[0][1].opus) == 99 * 960


def test_what_began_before_the_take_or_after_the_cut_is_left_out() -> None:
    sender = Sender(clock=START - 1.0)
    sender.spurt(200)
    cut_at = START + 1.5
    result = record(sender.sent, cut_at)
    inside = [frame.opus for at, frame in sender.sent if START - 0.001 <= at < cut_at - 0.001]
    assert result.frames == inside
    assert len(inside) == 75


@pytest.mark.parametrize("late_ms", [1, 5, 8, 12, 19])
def test_speech_that_runs_over_the_start_of_the_take_lies_where_it_was_sent(late_ms: int) -> None:
    sender = Sender(clock=START - 0.1 + late_ms / 1_000)
    sender.spurt(50)
    result = record(sender.sent, START + 2)
    first = next(laid for laid in result.laid if laid.kind is Kind.FRAME)
    sent_at = next(at for at, frame in sender.sent if frame.opus == first.packet)
    assert first.start_samples == pytest.approx((sent_at - START) * 48_000, abs=120)
    assert result.count(Kind.CONCEALMENT) == 0


def test_a_new_ssrc_of_the_same_user_goes_on_in_the_same_track() -> None:
    first = Sender()
    first.spurt(40)
    second = Sender(ssrc=99, sequence=5, timestamp=1234, clock=first.clock + 0.3, number=1_000)
    second.spurt(40)
    result = record(first.sent + second.sent, second.clock)
    assert result.frames == [frame.opus for _, frame in first.sent + second.sent]
    expected = (second.sent[0][0] - START) * 48_000
    assert abs(result.position(second.sent[0][1].opus) - expected) <= 60


def test_a_sender_that_restarts_its_count_is_not_taken_for_late() -> None:
    first = Sender(sequence=40_000)
    first.spurt(40)
    second = Sender(sequence=7, timestamp=5, clock=first.clock + 2, number=1_000)
    second.spurt(40)
    result = record(first.sent + second.sent, second.clock)
    assert result.frames == [frame.opus for _, frame in first.sent + second.sent]


def test_long_speech_without_pauses_follows_a_slow_clock() -> None:
    sender = Sender(rate=48_000 * (1 - 3e-4))
    sender.spurt(30_000)
    result = record(sender.sent, sender.clock)
    sent_at, last = sender.sent[29_999]
    assert abs(result.position(last.opus) / 48 - (sent_at - START) * 1000) <= 30
    assert result.frames == [frame.opus for _, frame in sender.sent]


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    jitter=st.floats(0, 0.2),
    loss=st.floats(0, 0.5),
    spurts=st.lists(st.tuples(st.integers(1, 40), st.floats(0, 2)), min_size=1, max_size=8),
    stops=st.booleans(),
)
def test_whatever_the_network_does_nothing_delivered_is_lost_and_the_length_is_right(
    seed: int, jitter: float, loss: float, spurts: list[tuple[int, float]], stops: bool
) -> None:
    rng = random.Random(seed)
    sender = Sender(stops_in_silence=stops)
    for frames, seconds in spurts:
        sender.spurt(frames)
        sender.pause(seconds)
    received = [(at + rng.uniform(0, jitter), frame) for at, frame in sender.sent if rng.random() >= loss]
    cut_at = sender.clock + 1.5
    result = record(received, cut_at)
    delivered = {frame.sequence for _, frame in received}
    assert result.frames == [frame.opus for _, frame in sender.sent if frame.sequence in delivered]
    assert 0 <= result.concealed_frames <= result.lost_frames
    duration = round((cut_at - START) * 48_000)
    assert 0 <= sum(laid.samples for laid in result.laid) - 312 - duration < 120
