"""What comes out of a receiver and is put into a track, packet by packet."""

from __future__ import annotations

from typing import NamedTuple

from bot.voice.receiving.receiver import FrameReceived
from bot.voice.recording.bed import Kind, Laid
from bot.wire import opus


class Piece(NamedTuple):
    """One packet in its place."""

    kind: Kind
    packet: bytes
    start_samples: int
    samples: int


def one_by_one(laid: list[Laid]) -> list[Piece]:
    pieces: list[Piece] = []
    for stretch in laid:
        start = stretch.start_samples
        silence = [(packet, opus.duration_samples(packet)) for packet in opus.fill_silence(stretch.samples)]
        for packet, samples in silence if stretch.kind is Kind.SILENCE else stretch.packets:
            pieces.append(Piece(stretch.kind, packet, start, samples))
            start += samples
        assert start == stretch.start_samples + stretch.samples
    return pieces


def sounds(frames: list[FrameReceived]) -> list[bytes]:
    """The Opus packets of these frames."""
    return [frame.opus for frame in frames]
