"""What is put into a track, packet by packet."""

from __future__ import annotations

from typing import NamedTuple

from bot.voice.recording.bed import Kind, Laid


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
        for packet, samples in stretch.packets:
            pieces.append(Piece(stretch.kind, packet, start, samples))
            start += samples
        assert start == stretch.start_samples + stretch.samples
    return pieces
