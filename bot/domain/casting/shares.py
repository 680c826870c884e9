"""How often two performers would have met by now if all pairs had met equally often. Pure.

Pairs that formed at different times cannot be compared by how often they met: two newcomers who had to catch up with
what two regulars played together in a year would share the stage for the whole evening.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import combinations, groupby
from math import comb

from bot.domain.casting.rotation import count_after
from bot.domain.ids import PersonId

Cast = Collection[PersonId]
"""Who was on stage in a scene, as person ids."""


def fair_shares(
    sessions: Iterable[Sequence[Cast]], people: Collection[PersonId]
) -> dict[tuple[PersonId, PersonId], float]:
    """Return the fair share of each pair of these people: of all meetings in the scenes for which both were present.

    The lower person id of a pair comes first. `sessions` are the casts of each session's scenes, in order.
    """
    wanted = frozenset(people)
    shares: defaultdict[tuple[PersonId, PersonId], float] = defaultdict(float)
    for casts in sessions:
        scenes = zip(there_for(casts), casts, strict=True)
        for there, while_there in groupby(scenes, key=lambda scene: scene[0]):
            share = sum(comb(len(cast), 2) for _, cast in while_there) / max(comb(len(there), 2), 1)
            for pair in combinations([person for person in there if person in wanted], 2):
                shares[pair] += share
    return dict(shares)


def there_for(casts: Sequence[Cast]) -> list[tuple[PersonId, ...]]:
    """Return who was present for each scene of a session, ascending, as far as the casts show it.

    Everyone present is on stage once in every round. A person who is a whole round behind when they come on stage
    therefore arrived at that moment, and a person who is a whole round behind at the end left after their last scene.
    """
    last: dict[PersonId, int] = {}
    counts: dict[PersonId, int] = {}
    there: list[set[PersonId]] = [set() for _ in casts]
    most = 0
    for number, cast in enumerate(casts):
        for person in cast:
            is_back = counts.get(person, 0) < most - 1
            for since in range(number if is_back else last.get(person, 0), number + 1):
                there[since].add(person)
            counts[person] = count_after(counts.get(person, 0), most)
            last[person] = number
        most = max(most, *(counts[person] for person in cast))
    for person, scene in last.items():
        for since in range(scene, len(casts) if counts[person] >= most - 1 else scene):
            there[since].add(person)
    return [tuple(sorted(people)) for people in there]
