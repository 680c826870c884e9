"""Which emotions of a large set a session deals: few enough that each comes several times in an evening. Pure.

Raters still choose from the whole set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from random import Random

from bot.domain.emotions import Emotion, EmotionSet

FEWEST, MOST = 6, 8
"""How many emotions a session deals. With eight, three performers who play ten scenes each meet every one of them."""


def emotions_of_evening(emotions: EmotionSet, dealt: Mapping[str, int], random: Random) -> tuple[str, ...]:
    """Return the keys of the emotions that a session deals, in the order of the set; nothing if it deals all of them.

    `dealt` is how often each was a target on this server. Those that were dealt least come first; of equally rare ones,
    one of a family that is not there yet. No two overlap and at most one is a state of the body, unless there are fewer
    than six without: then overlapping ones fill up.
    """
    if len(emotions.emotions) <= MOST:
        return ()
    lots = {one.key: random.random() for one in emotions.emotions}
    chosen: list[Emotion] = []
    while len(chosen) < MOST:
        others = [one for one in emotions.emotions if one not in chosen]
        apart = [one for one in others if not any(emotions.overlap(one, there) for there in chosen)]
        fitting = _with_one_body(chosen, apart)
        if not fitting and len(chosen) < FEWEST:
            fitting = _with_one_body(chosen, others) or others
        if not fitting:
            break
        families = Counter(one.family for one in chosen)
        chosen.append(min(fitting, key=lambda one: (dealt.get(one.key, 0), families[one.family], lots[one.key])))
    return tuple(one.key for one in emotions.emotions if one in chosen)


def _with_one_body(chosen: list[Emotion], others: list[Emotion]) -> list[Emotion]:
    """Return those that leave at most one state of the body."""
    has_one = any(one.is_bodily for one in chosen)
    return [one for one in others if not (has_one and one.is_bodily)]
