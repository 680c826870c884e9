"""The sessions of a troupe, dealt by the design or at random, and everything that was dealt."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from random import Random
from time import process_time

from bot.domain.casting.allowed import allowed_emotions
from bot.domain.casting.deal import Casting, Deal, History, deal
from bot.domain.casting.shares import fair_shares
from bot.domain.casting.types import DirectionOf, Situation
from bot.domain.errors import NothingToDeal, TooFewPerformers
from bot.domain.ids import PersonId
from tools.casting.troupes import Troupe


@dataclass(frozen=True, slots=True)
class Dealt:
    """One scene: its session, who was present, what was dealt, and how long the deal took."""

    session: int
    present: tuple[PersonId, ...]
    deal: Deal
    seconds: float

    @property
    def cast(self) -> tuple[PersonId, ...]:
        """Who was on stage, in ascending order."""
        return tuple(sorted(casting.person_id for casting in self.deal.castings))


@dataclass(slots=True)
class Record:
    """Everything that was dealt to a troupe in all its sessions; `refused` counts scenes that could not be dealt."""

    scenes: list[Dealt] = field(default_factory=list[Dealt])
    refused: int = 0

    def history(self, session: int) -> History:
        """Return what casting knows before the next scene of a session."""
        appearances: defaultdict[PersonId, list[int]] = defaultdict(list)
        characters: dict[PersonId, str] = {}
        for number, scene in enumerate((one for one in self.scenes if one.session == session), 1):
            for casting in scene.deal.castings:
                appearances[casting.person_id].append(number)
                characters[casting.person_id] = casting.character
        parts = list(self.parts())
        return History(
            prompts=Counter(scene.deal.prompt.prompt_id for scene in self.scenes),
            appearances=appearances,
            emotions=Counter((part.person_id, part.target_emotion) for _, part in parts),
            played=Counter((part.person_id, scene.deal.prompt.prompt_id) for scene, part in parts),
            pairs=Counter(pair for scene in self.scenes for pair in combinations(scene.cast, 2)),
            characters=characters,
            arcs=Counter(part.person_id for _, part in parts if part.arc),
            intensities=Counter((part.person_id, part.target_emotion, part.target_intensity) for _, part in parts),
            directions=Counter(_directions(part for _, part in parts)),
            manners=Counter((part.person_id, part.arc.manner) for _, part in parts if part.arc),
            last_emotions={part.person_id: part.target_emotion for _, part in parts},
            situations=_situations(self.scenes),
            together=Counter(pair for scene in self.scenes for pair in targets_together(scene.deal)),
            shares=fair_shares((self.casts(one) for one in range(session + 1)), {part.person_id for _, part in parts}),
        )

    def casts(self, session: int) -> list[tuple[PersonId, ...]]:
        """Return who was on stage in each scene of a session."""
        return [scene.cast for scene in self.scenes if scene.session == session]

    def parts(self) -> Iterator[tuple[Dealt, Casting]]:
        """Yield every casting with its scene, in the order of the deals."""
        return ((scene, casting) for scene in self.scenes for casting in scene.deal.castings)


def targets_together(dealt: Deal) -> Iterator[tuple[str, str]]:
    """Yield the targets of each two partners, in the order of the alphabet."""
    return combinations(sorted(casting.target_emotion for casting in dealt.castings), 2)


def _situations(scenes: Iterable[Dealt]) -> dict[Situation, Counter[str]]:
    found: defaultdict[Situation, Counter[str]] = defaultdict(Counter)
    for scene in scenes:
        prompt = scene.deal.prompt
        found[prompt.pull, prompt.not_emotions].update(part.target_emotion for part in scene.deal.castings)
    return dict(found)


def _directions(parts: Iterable[Casting]) -> Iterator[DirectionOf]:
    for part in parts:
        if part.direction:
            yield part.person_id, part.target_emotion, part.target_intensity, part.direction
        if part.arc and part.arc.direction:
            yield part.person_id, part.arc.second_emotion, part.arc.second_intensity, part.arc.direction


def play(troupe: Troupe, seed: str, *, at_random: bool = False) -> Record:
    """Deal all sessions of a troupe to the people present for each scene."""
    record = Record()
    for session, scenes in enumerate(troupe.sessions):
        for number, present in enumerate(scenes):
            lines, refused = troupe.lines_of(present), troupe.refused
            random = Random(f"{seed}/{session}/{number}")
            history = History() if at_random else record.history(session)
            begun = process_time()
            try:
                if at_random:
                    dealt = deal_at_random(troupe, present, random)
                else:
                    dealt = deal(troupe.materials, present, history, random, lines=lines, refused=refused)
            except (TooFewPerformers, NothingToDeal):
                record.refused += 1
                continue
            record.scenes.append(Dealt(session, present, dealt, process_time() - begun))
    return record


def deal_at_random(troupe: Troupe, present: tuple[PersonId, ...], random: Random) -> Deal:
    """Deal as a coordinator with a hat would: everything is drawn, nothing is counted, but limits are respected."""
    materials, lines = troupe.materials, troupe.lines_of(present)
    fitting = [one for one in materials.deck.prompts if one.fewest_performers <= len(present)]
    if not fitting:
        raise TooFewPerformers(len(present), materials.deck.fewest_performers)
    playable = [one for one in fitting if one.tags.isdisjoint(lines)]
    if not playable:
        raise NothingToDeal
    prompt = random.choice(playable)
    group = random.sample(list(present), min(prompt.most_performers, len(present)))
    allowed = allowed_emotions(materials, prompt, group, troupe.refused)
    if allowed is None:
        raise NothingToDeal
    emotions = allowed.emotions
    castings = [
        Casting(person, role.text, "c0", random.choice(emotions).key, random.randint(1, 3))
        for person, role in zip(group, prompt.roles, strict=False)
    ]
    return Deal(prompt, tuple(castings))
