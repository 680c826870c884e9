"""What happens in a history, drawn by Hypothesis: a list of acts, each of which fits in any state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from hypothesis import strategies as st

PEOPLE = 4
SERVERS = 2

_One = TypeVar("_One")


class Kind(StrEnum):
    """What can happen."""

    FORM = "form"
    WITHDRAW = "withdraw"
    COVER = "cover"
    SHARE = "share"
    REPLICA = "replica"
    SUSPEND = "suspend"
    RESUME = "resume"
    TEXT = "text"
    LEAVE = "leave"
    COME = "come"
    TAKE = "take"
    TALK = "talk"
    CUT = "cut"
    WAIT = "wait"
    ERASE = "erase"
    EXPORT = "export"
    FILL = "fill"
    MAKE_ROOM = "make_room"
    LOCK = "lock"
    UNLOCK = "unlock"
    KILL = "kill"


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens: whom it is about, on which server, and a number that decides the rest."""

    kind: Kind
    who: int = 0
    server: int = 0
    pick: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.who} on {self.server} ({self.pick})"

    def of(self, choices: Sequence[_One]) -> _One:
        """Return one of the choices."""
        return choices[self.pick % len(choices)]


_OFTEN = (
    *([Kind.TALK] * 6),
    *([Kind.TAKE] * 4),
    *([Kind.FORM] * 4),
    *([Kind.CUT] * 2),
    *([Kind.WITHDRAW] * 2),
    *([Kind.SHARE] * 2),
    *([Kind.EXPORT] * 2),
    *Kind,
)
"""Every kind, and some of them more often: without takes in which someone talks, nothing is to be shown."""

_ACTS = st.builds(
    Act, st.sampled_from(_OFTEN), st.integers(0, PEOPLE - 1), st.integers(0, SERVERS - 1), st.integers(0, 63)
)

STORIES = st.lists(_ACTS, min_size=8, max_size=24)
