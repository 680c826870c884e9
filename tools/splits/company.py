"""A company that plays one evening after another, and whose people withdraw their consent and give it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

PEOPLE, AN_EVENING = 40, 8
CLIPS = (4, 12)
"""The fewest and the most clips of one performer and evening."""


@dataclass(frozen=True, slots=True)
class Release:
    """Everything that may be exported after an evening: clips by speaker, and who played in which session."""

    clips: Mapping[str, int]
    sessions: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Leaving:
    """How likely a person withdraws between two evenings, and how likely someone who withdrew consents again."""

    withdraws: float
    returns: float


NEVER, SOMETIMES = Leaving(0, 0), Leaving(0.02, 0.2)
"""With SOMETIMES, one person in eleven is away on average."""


def cumulative(random: Random, evenings: int, leaving: Leaving) -> Iterator[Release]:
    """One release after each evening, of everything until then that the consent in force covers."""
    names = [f"spk_{random.getrandbits(32):08x}" for _ in range(PEOPLE)]
    away: set[str] = set()
    sessions: dict[str, list[str]] = {}
    clips: Counter[str] = Counter()
    for evening in range(1, evenings + 1):
        here = [name for name in names if name not in away]
        sessions[f"S{evening:04d}"] = performers = random.sample(here, min(AN_EVENING, len(here)))
        clips.update({name: random.randint(*CLIPS) for name in performers})
        away = {name for name in names if random.random() < _chance(name in away, leaving)}
        yield Release(
            {name: number for name, number in clips.items() if name not in away},
            {label: [name for name in members if name not in away] for label, members in sessions.items()},
        )


def _chance(is_away: bool, leaving: Leaving) -> float:
    return 1 - leaving.returns if is_away else leaving.withdraws


def troupes(size: int) -> dict[str, list[str]]:
    """The same number of people in troupes that never mix, with one evening each."""
    return {
        f"S{number + 1:04d}": [f"spk_{number * size + member:08x}" for member in range(size)]
        for number in range(PEOPLE // size)
    }
