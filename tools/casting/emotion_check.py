"""Compares the emotions that the design deals with brute force, case by case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from bot.domain.casting.deal import Materials, deal
from bot.domain.characters import Character, CharacterSet
from bot.domain.decks import Deck, Prompt
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.families import Family
from bot.domain.ids import PersonId
from bot.domain.roles import Role
from tools.casting.emotion_bounds import best_pull_distances, best_relation_spans
from tools.casting.evenings import Dealt, Record
from tools.casting.measures import pull_distance, relation_span
from tools.casting.troupes import Troupe
from tools.casting.within_reach import could_be_even

Families = tuple[Family, ...]

FOUR = (Family.JOY, Family.AFFECTION, Family.SADNESS, Family.ANGER)
SIX = (Family.NEUTRAL, Family.JOY, Family.SADNESS, Family.ANGER, Family.FEAR, Family.SURPRISE)

RELATION_CASES: tuple[tuple[int, Families, int], ...] = (
    (2, FOUR, 16),
    (2, (*FOUR, Family.NEUTRAL), 15),
    (2, SIX, 12),
    (3, FOUR, 8),
)
"""People, who are all on stage; the families of the emotions; scenes."""

PULL_CASES: tuple[tuple[int, Families, int], ...] = ((1, FOUR, 12), (1, (*FOUR, Family.NEUTRAL), 10), (2, FOUR, 8))

EVENINGS = 20


@dataclass(frozen=True, slots=True)
class Case:
    """Some people who are always on stage together, what they can be dealt, and the prompts of an evening, in order."""

    people: tuple[PersonId, ...]
    emotions: EmotionSet
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """After how many scenes of all evenings within one was possible, and after how many of these it was so.

    Possible to someone who knows the whole evening. `missed` are those of the others that the design could have dealt
    so, by what counts before; None where that was not looked at.
    """

    scenes: int
    possible: int
    reached: int
    missed: int | None = None


def draw_case(people: int, families: Families, scenes: int, seed: int) -> Case:
    """Draw prompts that pull towards one or two of the families, or of any others."""
    random = Random(f"{people}/{len(families)}/{scenes}/{seed}")
    emotions = tuple(Emotion(f"e{number}", "l", "d", family=family) for number, family in enumerate(families))
    roles = tuple(Role(f"r{number}") for number in range(people))
    pulls = [frozenset(random.sample(random.choice([families, tuple(Family)]), 2)) for _ in range(scenes)]
    prompts = tuple(Prompt(f"p{number}", "t", "x", roles, people, pull=pull) for number, pull in enumerate(pulls))
    names = tuple(PersonId(number) for number in range(1, people + 1))
    return Case(names, EmotionSet("e", "E", emotions), prompts)


def evening_of(case: Case, seed: int) -> list[Record]:
    """Return what the design dealt after each scene."""
    voices = CharacterSet("c", "C", tuple(Character(f"c{number}", "n", {}) for number in range(6)))
    materials = Materials(Deck("d", "D", case.prompts), case.emotions, voices)
    record, found = Record(), list[Record]()
    for number, prompt in enumerate(case.prompts):
        history = record.history(0)
        dealt = deal(materials, case.people, history, Random(f"{seed}/{number}"), prompt_id=prompt.prompt_id)
        record = Record([*record.scenes, Dealt(0, case.people, dealt, 0.0)])
        found.append(record)
    return found


def compare_relations(people: int, families: Families, scenes: int, evenings: int = EVENINGS) -> Found:
    """Compare how even the relations of partners are with what is possible."""
    case = draw_case(people, families, scenes, 0)
    best = best_relation_spans(case.emotions.emotions, people, scenes)
    spans = [[relation_span(_troupe(case), one) for one in evening_of(case, seed)] for seed in range(evenings)]
    return _found(best * evenings, [one for evening in spans for one in evening])


def compare_pull(people: int, families: Families, scenes: int, evenings: int = EVENINGS) -> Found:
    """Compare how even the pull is with what is possible with the same prompts."""
    best: list[float] = []
    distances: list[float] = []
    missed = 0
    for seed in range(evenings):
        case = draw_case(people, families, scenes, seed)
        possible = best_pull_distances(case.emotions.emotions, people, case.prompts)
        dealt = evening_of(case, seed)
        found = [pull_distance(_troupe(case), one) for one in dealt]
        missed += sum(
            least <= 1 < distance and could_be_even(_troupe(case), one)
            for least, distance, one in zip(possible, found, dealt, strict=True)
        )
        best += possible
        distances += found
    return replace(_found(best, distances), missed=missed)


def emotion_table() -> str:
    """Return every case as a table."""
    lines = [
        f"| counts of | performers | emotions | scenes, in {EVENINGS} evenings | within one is possible after | "
        "and is so | could have been |",
        "| --- | --: | --: | --: | --: | --: | --: |",
    ]
    for name, cases, compare in (
        ("relations of partners", RELATION_CASES, compare_relations),
        ("emotion and pull", PULL_CASES, compare_pull),
    ):
        for people, families, scenes in cases:
            found = compare(people, families, scenes)
            missed = "" if found.missed is None else found.missed
            figures = (people, len(families), found.scenes, found.possible, found.reached, missed)
            lines.append(f"| {name} | {' | '.join(map(str, figures))} |")
    return "\n".join(lines)


def _found(best: Sequence[float], designed: Sequence[float]) -> Found:
    possible = [one for one, least in zip(designed, best, strict=True) if least <= 1]
    return Found(len(designed), len(possible), sum(one <= 1 for one in possible))


def _troupe(case: Case) -> Troupe:
    voices = CharacterSet("c", "C", ())
    nothing = dict.fromkeys(case.people, frozenset[str]())
    return Troupe(case.people, Materials(Deck("d", "D", case.prompts), case.emotions, voices), {}, {}, nothing, ())
