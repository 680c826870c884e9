"""A Discord client's gate: frames are sent while there is sound and 100 to 300 ms longer, and nothing else is sent."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from bot.audio.sound import Samples

FRAME: Final = 960
SHORTEST_HANG, LONGEST_HANG = 5, 15
"""How many frames follow the last one with sound."""

OPENS_DBFS: Final = -56.0
"""The level of 20 ms that opens the gate, above the hiss of a microphone."""

HISS_DBFS: Final = -66.0
"""A quiet room, as in the rehearsal's cast."""

Frames = npt.NDArray[np.bool_]


def hiss(rng: np.random.Generator, length: int) -> Samples:
    """Return a microphone's own noise."""
    return rng.normal(0, 10 ** (HISS_DBFS / 20), length).astype(np.float32)


def with_sound(heard: Samples, opens_dbfs: float = OPENS_DBFS) -> Frames:
    """Return which frames of 20 ms are louder than the gate's level."""
    power = np.mean(np.square(heard[: len(heard) // FRAME * FRAME].reshape(-1, FRAME)), axis=1)
    return power > 10 ** (opens_dbfs / 10)


def sent(loud: Frames, hang: int) -> Frames:
    """Return which frames are sent if `hang` frames follow those with sound."""
    return np.convolve(loud, np.ones(hang + 1))[: len(loud)] > 0


def draw_hang(rng: np.random.Generator) -> int:
    """Draw how long the gate stays open."""
    return int(rng.integers(SHORTEST_HANG, LONGEST_HANG + 1))
