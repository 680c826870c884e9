"""Troupes and evenings drawn by chance, dealt by the design or at random, and how even what was dealt is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from random import Random

from bot.domain.casting import Casting, Deal, History, Materials, deal
from bot.domain.characters import Character, CharacterSet
from bot.domain.decks import Deck, Prompt
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.errors import NothingToDeal, TooFewPerformers

TOPICS = tuple("abcdefgh")
LATECOMER, LEAVER, LINE = 0.35, 0.35, 0.4
"""How likely an evening has somebody who comes late, somebody who leaves, somebody with a line."""


@dataclass(frozen=True, slots=True)
class Troupe:
    """Who may come, what they deal from, and the topics each does not play."""

    people: tuple[int, ...]
    materials: Materials
    lines: dict[int, frozenset[str]]
    has_latecomer: bool
    has_leaver: bool
    sizes: tuple[int, ...]
    scenes: int


@dataclass(slots=True)
class Record:
    """Everything that was dealt to a troupe, over all its sessions."""

    deals: list[tuple[int, tuple[int, ...], Deal]] = field(default_factory=list[tuple[int, tuple[int, ...], Deal]])
    refused: int = 0

    def history(self, session: int) -> History:
        """What casting is told before the next scene of a session."""
        appearances: defaultdict[int, list[int]] = defaultdict(list)
        characters: dict[int, str] = {}
        number = 0
        prompts, emotions, played = Counter[str](), Counter[tuple[int, str]](), Counter[tuple[int, str]]()
        pairs, arcs = Counter[tuple[int, int]](), Counter[int]()
        for of_session, _, dealt in self.deals:
            prompts[dealt.prompt.prompt_id] += 1
            people = sorted(casting.person_id for casting in dealt.castings)
            pairs.update(combinations(people, 2))
            for casting in dealt.castings:
                emotions[casting.person_id, casting.target_emotion] += 1
                played[casting.person_id, dealt.prompt.prompt_id] += 1
                arcs[casting.person_id] += casting.arc is not None
            if of_session == session:
                number += 1
                for casting in dealt.castings:
                    appearances[casting.person_id].append(number)
                    characters[casting.person_id] = casting.character
        return History(prompts, appearances, emotions, played, pairs, characters, arcs)


def draw_troupe(random: Random) -> Troupe:
    """A troupe of 2 to 12 with a deck, an emotion set, lines, comings and goings."""
    people = tuple(range(1, random.randint(2, 12) + 1))
    emotions = random.choice([7, 9, 27, 40])
    sizes = random.choice([(2, 2), (2, 3), (2, 4), (3, 3), (3, 4)])
    sizes = (min(sizes[0], len(people)), min(sizes[1], len(people)))
    lines: dict[int, frozenset[str]] = {}
    if random.random() < LINE:
        lines = {person: frozenset(random.sample(TOPICS, 1)) for person in random.sample(people, 1)}
    is_coming = len(people) > 3 and random.random() < LATECOMER
    is_leaving = len(people) > 3 and random.random() < LEAVER
    return Troupe(
        people, draw_materials(random, emotions, sizes), lines, is_coming, is_leaving, sizes, random.randint(4, 20)
    )


def draw_materials(random: Random, emotions: int, sizes: tuple[int, int]) -> Materials:
    """Sixty prompts of these sizes with tags, an emotion set, twenty characters, one arc a scene."""
    prompts = tuple(
        Prompt(
            f"p{number}",
            "t",
            "x",
            tuple(f"r{role}" for role in range(sizes[1])),
            sizes[0],
            tags=frozenset(random.sample(TOPICS, random.randint(0, 2))),
        )
        for number in range(60)
    )
    set_of = tuple(Emotion(f"e{number:02}", "l", "d") for number in range(emotions))
    voices = tuple(Character(f"c{number}", "n", "t", "p", "p", "t", "q") for number in range(20))
    return Materials(Deck("d", "D", prompts), EmotionSet("e", "E", set_of), CharacterSet("c", "C", voices), 1)


def play(troupe: Troupe, seed: str, sessions: int = 2, *, at_random: bool = False) -> Record:
    """Deal a troupe's sessions, with who comes late and who leaves early, by the design or at random."""
    record = Record()
    for session in range(sessions):
        for scene in range(troupe.scenes):
            present = _present(troupe, scene)
            lines = frozenset[str]().union(*(troupe.lines.get(person, frozenset()) for person in present))
            random = Random(f"{seed}/{session}/{scene}")
            try:
                if at_random:
                    dealt = deal_at_random(troupe.materials, present, random, lines)
                else:
                    dealt = deal(troupe.materials, present, record.history(session), random, lines=lines)
            except (TooFewPerformers, NothingToDeal):
                record.refused += 1
                continue
            record.deals.append((session, present, dealt))
    return record


def _present(troupe: Troupe, scene: int) -> tuple[int, ...]:
    comes, leaves = troupe.scenes // 3, troupe.scenes * 2 // 3
    late = {troupe.people[-1]} if troupe.has_latecomer and scene < comes else set[int]()
    gone = {troupe.people[0]} if troupe.has_leaver and scene >= leaves else set[int]()
    return tuple(person for person in troupe.people if person not in late | gone)


def deal_at_random(materials: Materials, present: Sequence[int], random: Random, lines: frozenset[str]) -> Deal:
    """What a coordinator with a hat would do: everything is drawn, nothing is counted; lines are respected."""
    fitting = [one for one in materials.deck.prompts if one.fewest_performers <= len(present)]
    if not fitting:
        raise TooFewPerformers(len(present), materials.deck.fewest_performers)
    playable = [one for one in fitting if one.tags.isdisjoint(lines)]
    if not playable:
        raise NothingToDeal
    prompt = random.choice(playable)
    group = random.sample(list(present), min(prompt.most_performers, len(present)))
    emotions = materials.emotions.emotions
    castings = [
        Casting(person, role, "c0", random.choice(emotions).key, 1)
        for person, role in zip(group, prompt.roles, strict=False)
    ]
    return Deal(prompt, tuple(castings))


def emotion_span(record: Record, materials: Materials) -> int:
    """The largest difference between how often one performer was dealt two emotions."""
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for _, _, dealt in record.deals:
        for casting in dealt.castings:
            counts[casting.person_id][casting.target_emotion] += 1
    keys = [one.key for one in materials.emotions.emotions]
    spans = [max(of[key] for key in keys) - min(of[key] for key in keys) for of in counts.values()]
    return max(spans, default=0)


def pair_span(record: Record) -> int:
    """The largest difference between how often two pairs met, of people who were there from the first to the last."""
    always = set.intersection(*(set(present) for _, present, _ in record.deals)) if record.deals else set[int]()
    counts = Counter[tuple[int, int]]()
    for _, _, dealt in record.deals:
        counts.update(combinations(sorted(casting.person_id for casting in dealt.castings), 2))
    found = [counts[pair] for pair in combinations(sorted(always), 2)]
    return max(found) - min(found) if found else 0


def prompt_span(record: Record, troupe: Troupe) -> int:
    """The largest difference between how often two prompts were dealt that nobody's lines keep away."""
    blocked = frozenset[str]().union(*troupe.lines.values()) if troupe.lines else frozenset[str]()
    counts = Counter(dealt.prompt.prompt_id for _, _, dealt in record.deals)
    free = [counts[one.prompt_id] for one in troupe.materials.deck.prompts if one.tags.isdisjoint(blocked)]
    return max(free) - min(free) if free else 0


def stage_span(record: Record) -> int:
    """The largest difference, in any session, between how often two who were always there were on stage."""
    spans = [0]
    for session in {of for of, _, _ in record.deals}:
        deals = [(present, dealt) for of, present, dealt in record.deals if of == session]
        always = set.intersection(*(set(present) for present, _ in deals))
        counts = Counter(casting.person_id for _, dealt in deals for casting in dealt.castings)
        spans.append(max((counts[one] for one in always), default=0) - min((counts[one] for one in always), default=0))
    return max(spans)


def crossed_lines(record: Record, troupe: Troupe) -> int:
    """Scenes dealt against a line of somebody present."""
    return sum(
        not dealt.prompt.tags.isdisjoint(
            frozenset[str]().union(*(troupe.lines.get(one, frozenset()) for one in present))
        )
        for _, present, dealt in record.deals
    )
