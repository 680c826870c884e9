"""Whether a scene could have been dealt within one of even, from what was dealt before it and by what counts before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from bot.domain.emotions import Emotion
from bot.domain.ids import PersonId
from tools.casting.evenings import Dealt, Record
from tools.casting.measures import pull_distance, relation_span
from tools.casting.troupes import Troupe


def could_be_even(troupe: Troupe, record: Record) -> bool:
    """Return whether the last scene could have had a pull within one.

    Each performer is dealt one of the emotions that they had least; of these choices, only those count that repeat the
    fewest targets, and then those after which the relations of partners are the most even: they come before the pull.
    """
    *before, last = record.scenes
    emotions = troupe.materials.emotions.emotions
    due = [_due(part.person_id, emotions, before) for part in last.deal.castings]
    choices = [Record([*before, _with_targets(last, targets)]) for targets in product(*due)]
    ranked = [((_repeats(one), relation_span(troupe, one)), pull_distance(troupe, one)) for one in choices]
    first = min(rank for rank, _ in ranked)
    return any(distance <= 1 for rank, distance in ranked if rank == first)


def _due(person: PersonId, emotions: Sequence[Emotion], before: Sequence[Dealt]) -> list[str]:
    dealt = Counter(part.target_emotion for scene in before for part in scene.deal.castings if part.person_id == person)
    fewest = min(dealt[one.key] for one in emotions)
    return [one.key for one in emotions if dealt[one.key] == fewest]


def _with_targets(scene: Dealt, targets: Sequence[str]) -> Dealt:
    parts = zip(scene.deal.castings, targets, strict=True)
    castings = tuple(replace(part, target_emotion=target) for part, target in parts)
    return replace(scene, deal=replace(scene.deal, castings=castings))


def _repeats(record: Record) -> int:
    """Return how many performers have the target of the scene before."""
    last, *earlier = reversed(record.scenes)
    before = {part.person_id: part.target_emotion for scene in earlier[:1] for part in scene.deal.castings}
    return sum(before.get(part.person_id) == part.target_emotion for part in last.deal.castings)
