"""A pause of the recording, which leaves frames out on purpose."""

from __future__ import annotations

from itertools import pairwise

from bot.domain.ids import UserId
from bot.voice.receiving.receiver import FrameReceived
from bot.voice.recording.bed import Kind
from bot.voice.recording.timeline import TrackTimeline
from tests.voice.pieces import one_by_one

START = 1_000.0


def frame(number: int, ssrc: int = 7, first_at: float = START + 0.5) -> FrameReceived:
    packet = b"\x78" + number.to_bytes(4, "big") + b"sound"
    return FrameReceived(UserId(5), ssrc, 100 + number, 960 * number, first_at + number * 0.02, packet)


def test_what_a_pause_left_out_is_silence_and_no_loss() -> None:
    timeline = TrackTimeline(START)
    laid = [piece for number in range(50) for piece in timeline.push(frame(number))]
    laid += timeline.tick(START + 0.5 + 3.0)
    timeline.resume()
    laid += [piece for number in range(150, 200) for piece in timeline.push(frame(number))]
    timeline.limit(START + 6.0)
    laid += timeline.finish()
    assert (timeline.received_frames, timeline.lost_frames, timeline.concealed_frames) == (100, 0, 0)
    sound = [piece for piece in one_by_one(laid) if piece.kind is Kind.FRAME]
    gaps = [after.start_samples - before.start_samples for before, after in pairwise(sound)]
    assert [gap for gap in gaps if gap > 960] == [101 * 960], "the pause left out two seconds of frames"
