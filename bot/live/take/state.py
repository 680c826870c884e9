"""The states of a live take, and what each allows."""

from __future__ import annotations

from enum import Enum, auto


class TakeState(Enum):
    """Where a take is."""

    CALLED = auto()
    COUNTING_DOWN = auto()
    RECORDING = auto()
    PAUSED = auto()
    CUT = auto()
    STOPPED = auto()
    KEPT = auto()


HEARD = frozenset({TakeState.COUNTING_DOWN, TakeState.RECORDING, TakeState.CUT})
"""When frames are opened: in the countdown to learn the speakers' clocks, after the cut for frames under way."""

RUNNING = frozenset({TakeState.CALLED, TakeState.COUNTING_DOWN, TakeState.RECORDING, TakeState.PAUSED})


class WrongState(RuntimeError):
    """A take was told to do something that its state does not allow."""
