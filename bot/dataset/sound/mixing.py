"""The mix of a take, written while its tracks are decoded."""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from bot.audio.mix import CEILING, gain_under, mix_block
from bot.audio.sound import Encoder, Samples
from bot.dataset.sound.orders import Audio, TrackOrder
from bot.dataset.sound.stepping import bound_in, in_step
from bot.wire.ogg import read_pages
from bot.wire.ogg_cut import with_serial

_ROUNDING: Final = 1e-6


class Mix:
    """The sum of all tracks of a take, turned down as a whole if it would exceed -1 dBFS."""

    def __init__(self, path: Path, audio: Audio, bound: float) -> None:
        self.path = path
        self._audio = audio
        self._begin(bound)

    def _begin(self, bound: float) -> None:
        self._gain = gain_under(bound)
        self._peak = 0.0
        self._encoder = Encoder(self.path, self._audio.container)

    def write(self, blocks: Sequence[Samples]) -> None:
        """Mix the next blocks of all tracks."""
        mixed = mix_block(blocks, self._gain)
        self._peak = max(self._peak, float(np.abs(mixed).max(initial=0.0)))
        self._encoder.write(mixed)

    def close(self) -> None:
        """Write what is left."""
        self._encoder.close()

    def finish(self, tracks: Sequence[TrackOrder], length_samples: int) -> None:
        """Complete the closed file. Tracks that are louder than the bound are mixed again with the right one."""
        if self._peak > CEILING * (1 + _ROUNDING):
            self._begin(bound_in(tracks, length_samples))
            for step in in_step(tracks, length_samples):
                self.write(step.blocks)
            self.close()
        if self._audio is Audio.OPUS:
            _set_serial(self.path)


def _set_serial(path: Path) -> None:
    """Give a stream a fixed serial number, so that the same sound has the same bytes: encoders draw it at random."""
    fixed = path.with_suffix(".fixed")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data, fixed.open("wb") as new:
        new.writelines(with_serial(read_pages(data), 0))
    fixed.replace(path)
