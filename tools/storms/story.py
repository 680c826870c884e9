"""The story of one evening: what people press and what goes wrong, in order, drawn from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from bot.domain.consent import TO_PERFORM, TO_RATE, Scope
from bot.domain.ids import UserId
from bot.services.consent.consent_requests import ConsentWish
from tests.evening import PERFORMERS

SERVERS, WEIGHTS_OF_SERVERS = (0, 1), (2, 1)
"""Most happens on the first server, so that presses there interleave."""

SHORTEST, LONGEST = 10, 45
"""How many presses an evening has."""

MOST_TURNS = 6
"""At most so many turns of the event loop pass between two presses."""

REST_SHARE, LONGEST_REST_SECONDS = 0.4, 0.05
"""The share of presses that are followed by a rest, in which most requests are done."""

HOW_OFTEN: tuple[tuple[float, Sequence[str]], ...] = (
    (14, ("next",)),
    (5, ("form",)),
    (4, ("wait",)),
    (3, ("pause", "x_card")),
    (
        2,
        (
            "deal",
            "start",
            "retake",
            "cut",
            "resume",
            "speak",
            "check",
            "leave",
            "come",
            "export",
            "cancel",
            "disk_heals",
        ),
    ),
    (1.5, ("restart",)),
    (1, ("calibrate", "replay", "interlude")),
    (1, ("redeal", "card", "cue", "seen", "strike", "setting", "outage", "voice_ends")),
    (1, ("disk_fails", "discord_fails", "channel_closes")),
    (0.5, ("end",)),
)
"""The relative weight of each press. 'next' is what an evening that goes well needs next."""

WEIGHTS = {what: weight for weight, things in HOW_OFTEN for what in things}

WANTED: tuple[frozenset[Scope], ...] = (
    *[TO_PERFORM | TO_RATE] * 3,
    TO_PERFORM | {Scope.PUBLIC_RELEASE},
    TO_RATE,
    *[frozenset[Scope]()] * 3,
)
"""What is ticked on a consent form; one of them is drawn."""

_One = TypeVar("_One")


@dataclass(frozen=True, slots=True)
class Press:
    """One thing that happens on a server, numbered from 0; `turns` of the event loop and a rest follow it.

    `chance`, from 0 to below 1, decides what is left open; `wish` is what a consent form says.
    """

    what: str
    server: int
    who: UserId
    chance: float
    wish: ConsentWish
    turns: int
    rest_seconds: float

    def of(self, choices: Sequence[_One]) -> _One:
        """One of several, by the press's chance."""
        return choices[int(self.chance * len(choices))]

    def __str__(self) -> str:
        words = [self.what, f"on {self.server + 1}"]
        if self.what in ("form", "leave", "come"):
            words.append(f"by {PERFORMERS.index(self.who) + 1}")
        if self.what == "form":
            words.append(f"for {', '.join(sorted(self.wish.wanted)) or 'nothing'}")
            words += ["everywhere"] * self.wish.everywhere
        return " ".join(words)


def draw_story(seed: int) -> list[Press]:
    """The presses of an evening; the same ones for the same seed."""
    random = Random(f"story {seed}")
    number = random.randint(SHORTEST, LONGEST)
    return [_draw(random, what) for what in random.choices(list(WEIGHTS), list(WEIGHTS.values()), k=number)]


def _draw(random: Random, what: str) -> Press:
    return Press(
        what,
        server=random.choices(SERVERS, WEIGHTS_OF_SERVERS)[0],
        who=random.choice(
            PERFORMERS[1:]
        ),  # the first performer stays and consents: a scene always has someone to play it
        chance=random.random(),
        wish=ConsentWish(random.choice(WANTED), is_adult=True, everywhere=random.random() < 0.5),
        turns=random.randint(0, MOST_TURNS),
        rest_seconds=random.random() * LONGEST_REST_SECONDS if random.random() < REST_SHARE else 0.0,
    )
