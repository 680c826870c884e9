"""Random troupes: their people, what they deal from, who is present when, and what they do not play."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from bot.domain.casting.deal import Materials
from bot.domain.characters import Character, CharacterSet
from bot.domain.decks import Deck, Prompt
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.families import Family
from bot.domain.ids import PersonId
from bot.domain.roles import Role

FAMILIES = (
    *(Family.NEUTRAL, Family.JOY, Family.SADNESS, Family.ANGER, Family.AFFECTION, Family.FEAR, Family.CALM),
    *(Family.SURPRISE, Family.SHAME, Family.INTEREST, Family.DISGUST, Family.DESIRE),
)
"""The families of a set's emotions, in turn."""

TOPICS = tuple("abcdefgh")
UNUSUAL = 0.4
"""The probability that a troupe has a person with lines, has latecomers, has people who leave; drawn separately."""

EXCLUDING = 0.2
"""The share of prompts that exclude a family of emotions."""

Session = tuple[tuple[PersonId, ...], ...]
"""Who is present for each scene of an evening."""


@dataclass(frozen=True, slots=True)
class Troupe:
    """What casting does not know before the evenings: who will be present for each scene of each session.

    `vetoes` are emotions that people refuse, and `closed` those of which the server or they did not opt into.
    """

    people: tuple[PersonId, ...]
    materials: Materials
    lines: Mapping[PersonId, frozenset[str]]
    vetoes: Mapping[PersonId, frozenset[str]]
    closed: Mapping[PersonId, frozenset[str]]
    sessions: tuple[Session, ...]

    @property
    def has_latecomer(self) -> bool:
        """Whether a person missed the first scene of a session but came later."""
        return any(set().union(*session) > set(session[0]) for session in self.sessions)

    @property
    def has_leaver(self) -> bool:
        """Whether a person was in a session, but not for its last scene."""
        return any(set().union(*session) > set(session[-1]) for session in self.sessions)

    @property
    def refused(self) -> dict[PersonId, frozenset[str]]:
        """What is dealt to no one while a person is on stage."""
        return {person: self.vetoes.get(person, frozenset()) | self.closed[person] for person in self.people}

    def lines_of(self, present: tuple[PersonId, ...]) -> frozenset[str]:
        """Return the topics that no one is dealt while these people are present."""
        return frozenset[str]().union(*(self.lines.get(person, frozenset()) for person in present))


def draw_troupe(random: Random) -> Troupe:
    """Draw 2 to 12 people and one to three sessions of 4 to 20 scenes, in which some come late or leave."""
    people = tuple(PersonId(number) for number in range(1, random.randint(2, 12) + 1))
    lines: dict[PersonId, frozenset[str]] = {}
    if random.random() < UNUSUAL:
        drawn = random.sample(people, random.randint(1, min(3, len(people))))
        lines = {person: frozenset(random.sample(TOPICS, random.randint(1, 2))) for person in drawn}
    come_late, leave = random.random() < UNUSUAL, random.random() < UNUSUAL
    sessions = tuple(
        _draw_session(random, people, come_late=come_late, leave=leave) for _ in range(random.randint(1, 3))
    )
    materials = draw_materials(random)
    return Troupe(people, materials, lines, *_draw_refusals(random, people, materials), sessions)


def draw_crowd(random: Random, number: int, sessions: int, scenes: int) -> Troupe:
    """Draw a crowd of `number` people, one of whom has lines. In every session, a quarter comes late or leaves."""
    people = tuple(PersonId(one) for one in range(1, number + 1))
    lines = {random.choice(people): frozenset(random.sample(TOPICS, random.randint(1, 2)))}
    evenings = tuple(_draw_crowded_session(random, people, scenes) for _ in range(sessions))
    materials = draw_materials(random)
    return Troupe(people, materials, lines, *_draw_refusals(random, people, materials), evenings)


def _draw_refusals(
    random: Random, people: tuple[PersonId, ...], materials: Materials
) -> tuple[dict[PersonId, frozenset[str]], dict[PersonId, frozenset[str]]]:
    """Draw who vetoes which emotions, and who opted into those that need it; no one does where the server did not."""
    keys = [one.key for one in materials.emotions.emotions]
    vetoes: dict[PersonId, frozenset[str]] = {}
    if random.random() < UNUSUAL:
        for person in random.sample(people, random.randint(1, min(3, len(people)))):
            vetoes[person] = frozenset(random.sample(keys, random.randint(1, min(3, len(keys) // 2))))
    needing = frozenset(random.sample(keys, random.randint(0, len(keys) // 7)))
    opens = random.random() < UNUSUAL
    closed = {one: frozenset[str]() if opens and random.random() < 0.7 else needing for one in people}
    return vetoes, closed


def _draw_crowded_session(random: Random, people: tuple[PersonId, ...], scenes: int) -> Session:
    late, gone = (set(random.sample(people, len(people) // 8)) for _ in range(2))
    there = {
        person: range(
            random.randrange(scenes) if person in late else 0, random.randint(1, scenes) if person in gone else scenes
        )
        for person in people
    }
    return tuple(tuple(person for person in people if scene in there[person]) for scene in range(scenes))


def draw_materials(random: Random) -> Materials:
    """Draw a deck of 12 to 60 prompts for two, three, four or mixed numbers, 4 to 40 emotions, twenty characters."""
    sizes = random.choice([(2,), (3,), (4,), (2, 3), (3, 4), (2, 3, 4), (2, 3, 4)])
    prompts = tuple(_draw_prompt(random, number, random.choice(sizes)) for number in range(random.randint(12, 60)))
    emotions = tuple(
        Emotion(f"e{number:02}", "l", "d", has_degrees=number > 0, family=FAMILIES[number % len(FAMILIES)])
        for number in range(random.choice([4, 7, 9, 27, 40]))
    )
    voices = tuple(Character(f"c{number}", "n", {}) for number in range(20))
    return Materials(
        Deck("d", "D", prompts), EmotionSet("e", "E", emotions), CharacterSet("c", "C", voices), random.randint(0, 2)
    )


def _draw_prompt(random: Random, number: int, most: int) -> Prompt:
    roles = tuple(Role(f"r{role}") for role in range(most))
    tags = frozenset(random.sample(TOPICS, random.randint(0, 2)))
    fewest = random.randint(2, most)
    pull = frozenset(random.sample(list(Family), random.choice([0, 1, 2, 2, 2, 3])))
    excluded = frozenset(random.sample(list(Family), 1 if random.random() < EXCLUDING else 0))
    return Prompt(f"p{number:02}", "t", "x", roles, fewest, tags=tags, pull=pull, not_emotions=excluded)


def _draw_session(random: Random, people: tuple[PersonId, ...], *, come_late: bool, leave: bool) -> Session:
    scenes = random.randint(4, 20)
    here = random.sample(people, random.randint(max(2, len(people) * 2 // 3), len(people)))
    from_scene, to_scene = dict.fromkeys(here, 0), dict.fromkeys(here, scenes)
    away: dict[PersonId, range] = {}
    for person in random.sample(here, random.randint(1, max(1, len(here) // 3))) if come_late else ():
        from_scene[person] = random.randint(1, scenes - 1)
    for person in random.sample(here, random.randint(1, max(1, len(here) // 3))) if leave else ():
        if random.random() < 0.3:
            away[person] = range(random.randint(1, scenes // 2), random.randint(scenes // 2, scenes - 1))
        else:
            to_scene[person] = random.randint(1, scenes - 1)
    return tuple(
        tuple(
            sorted(
                person
                for person in here
                if from_scene[person] <= scene < to_scene[person] and scene not in away.get(person, ())
            )
        )
        for scene in range(scenes)
    )
