"""Decodes the tracks of a take in step, block by block."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from bot.audio.mix import bound_of
from bot.audio.sound import Decoder, Samples, SoundUnreadable
from bot.dataset.sound.orders import TrackOrder
from bot.samples import SAMPLE_RATE_HZ

BLOCK_SAMPLES: Final = 10 * SAMPLE_RATE_HZ


class TrackDamaged(Exception):
    """A track is missing, empty or damaged."""

    def __init__(self, track: TrackOrder) -> None:
        super().__init__(track.name)
        self.track = track


@dataclass(frozen=True, slots=True)
class Step:
    """The same stretch of all tracks, equally long. `held` is how much of it each track's file holds."""

    blocks: list[Samples]
    held: list[int]

    def __len__(self) -> int:
        return len(self.blocks[0])


@contextmanager
def reading(track: TrackOrder) -> Generator[None]:
    """Read a track's file in the block. Raises TrackDamaged if that fails."""
    try:
        yield
    except (SoundUnreadable, FileNotFoundError, PermissionError) as error:
        raise TrackDamaged(track) from error


def in_step(tracks: Sequence[TrackOrder], length_samples: int) -> Iterator[Step]:
    """Decode tracks from their start to the longest of their ends and `length_samples`, at least one sample.

    Where a file ends earlier, its block ends in silence. Raises TrackDamaged at the start or in the middle.
    """
    with ExitStack() as stack:
        decoders = [_opened(stack, track) for track in tracks]
        length = max(length_samples, *(decoder.length_samples for decoder in decoders))
        for start in range(0, length, BLOCK_SAMPLES):
            count = min(BLOCK_SAMPLES, length - start)
            blocks: list[Samples] = []
            for track, decoder in zip(tracks, decoders, strict=True):
                with reading(track):
                    blocks.append(_silenced(decoder.read(count), start, track.silent))
                if not start and not len(blocks[-1]):
                    raise TrackDamaged(track)
            yield Step([_filled(block, count) for block in blocks], [len(block) for block in blocks])


def bound_in(tracks: Sequence[TrackOrder], length_samples: int) -> float:
    """Return the highest sum of absolute samples, by decoding all tracks."""
    return max((bound_of(step.blocks) for step in in_step(tracks, length_samples)), default=0.0)


def _opened(stack: ExitStack, track: TrackOrder) -> Decoder:
    with reading(track):
        decoder = stack.enter_context(Decoder(Path(track.source)))
    if not decoder.length_samples:
        raise TrackDamaged(track)
    return decoder


def _silenced(block: Samples, start: int, silent: Sequence[tuple[int, int]]) -> Samples:
    """Return a block that begins at a position of the take, with silence where its performer left something out."""
    bounds = [(max(first - start, 0), min(last - start, len(block))) for first, last in silent]
    heard = [(first, last) for first, last in bounds if first < last]
    quiet = block.copy() if heard else block
    for first, last in heard:
        quiet[first:last] = 0
    return quiet


def _filled(block: Samples, count: int) -> Samples:
    return block if len(block) == count else np.pad(block, (0, count - len(block)))
