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


GENEROUS = (1, 2, 8, 13, 14, 14)
"""Picks of forms with which a person can be recorded, and some exported; from 8 on, they count on every server."""

_IN_A_TAKE = (*([Kind.TALK] * 24), Kind.FORM, Kind.WITHDRAW, Kind.LEAVE, Kind.COME, Kind.WAIT, *Kind)
_BETWEEN = (
    Kind.FORM,
    Kind.FORM,
    Kind.WITHDRAW,
    Kind.COVER,
    Kind.SHARE,
    Kind.REPLICA,
    Kind.EXPORT,
    Kind.EXPORT,
    Kind.TALK,
    Kind.TALK,
    *Kind,
)
"""What happens in a take, and between two: every kind, and some more often, because without talk there is nothing."""

_PEOPLE, _SERVERS, _PICKS = st.integers(0, PEOPLE - 1), st.integers(0, SERVERS - 1), st.integers(0, 63)


def _acts(kinds: Sequence[Kind], server: int) -> st.SearchStrategy[Act]:
    servers = st.sampled_from((*([server] * 4), 1 - server))
    return st.builds(Act, st.sampled_from(kinds), _PEOPLE, servers, _PICKS)


@st.composite
def _scenes(draw: st.DrawFn) -> list[Act]:
    """Draw one take with what happens in it and after it; most of it is on one server."""
    server = draw(st.sampled_from((0, 0, 0, 1)))
    cut = [Act(Kind.CUT, 0, server)] if draw(st.booleans()) else []
    inside = draw(st.lists(_acts(_IN_A_TAKE, server), min_size=4, max_size=10))
    after = draw(st.lists(_acts(_BETWEEN, server), min_size=1, max_size=5))
    return [Act(Kind.TAKE, 0, server), *inside, *cut, *after]


@st.composite
def stories(draw: st.DrawFn) -> list[Act]:
    """Draw a story: first people consent, most of them on both servers, then scenes are played."""
    forms = [Act(Kind.FORM, who, 0, draw(st.sampled_from(GENEROUS))) for who in range(PEOPLE)]
    again = draw(st.lists(_acts((Kind.FORM, Kind.SHARE, Kind.REPLICA), 0), max_size=4))
    scenes = draw(st.lists(_scenes(), min_size=1, max_size=4))
    return [*forms, *again, *(act for scene in scenes for act in scene)]
