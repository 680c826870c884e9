"""How many frames were lost between two: by RTP time, and in pauses by the nonces of encrypted frames."""

from __future__ import annotations

from bot.voice.receiving.reorder import OrderedFrame, Stream
from bot.voice.recording.losses import LONGEST_BURST, between

SOUND, SILENCE = b"\x78sound", b"\xf8\xff\xfe"


def frame(stream: Stream, sequence: int, at: int, *, nonce: int | None = None, silent: bool = False) -> OrderedFrame:
    """A frame of 20 ms that begins `at` frames after the first one."""
    supplement = b"" if nonce is None else bytes(8) + bytes([nonce, 12]) + b"\xfa\xfa"
    packet = SILENCE if silent else SOUND
    return OrderedFrame(1, sequence, at * 960, stream, at * 0.02, packet, 960, silent, packet + supplement)


def test_missing_numbers_without_rtp_time_are_no_lost_frames() -> None:
    stream = Stream(7, 0, 0)
    assert between(frame(stream, 1, 1), frame(stream, 40, 2), None) == (0, 0)


def test_missing_numbers_with_their_rtp_time_are_lost_frames() -> None:
    stream = Stream(7, 0, 0)
    assert between(frame(stream, 1, 1), frame(stream, 5, 5), None) == (3 * 960, 3)
    assert between(frame(stream, 5, 5), frame(stream, 60, 9), None) == (3 * 960, 3), "the others were padding"


def test_a_pause_without_missing_numbers_lost_nothing() -> None:
    stream = Stream(7, 0, 0)
    assert between(frame(stream, 1, 1, silent=True), frame(stream, 2, 200), None) == (198 * 960, 0)


def test_in_a_pause_nonces_tell_lost_frames_from_lost_padding() -> None:
    stream = Stream(7, 0, 0)
    before = frame(stream, 1, 1, nonce=20, silent=True)
    assert between(before, frame(stream, 40, 200, nonce=21), before)[1] == 0
    assert between(before, frame(stream, 80, 400, nonce=23), before)[1] == 2


def test_without_nonces_or_over_a_change_of_keys_the_numbers_count() -> None:
    stream = Stream(7, 0, 0)
    before = frame(stream, 1, 1, nonce=20, silent=True)
    assert between(before, frame(stream, 40, 200), before)[1] == 38
    assert between(before, frame(stream, 40, 200, nonce=3), before)[1] == 38
    late = LONGEST_BURST + 3
    assert between(before, frame(stream, late, 900, nonce=21), before)[1] == LONGEST_BURST + 1
