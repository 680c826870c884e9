"""When a rater is offered a break: when they no longer answer about repeated clips as they did.

A cumulative sum (Page 1954, Biometrika 41, 100-115) of how much likelier each repeat is for someone who keeps half as
many of their answers as this rater usually does. It is an offer: a rater who declines goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Final

from bot.domain.queue.checks import BLOCK

EVIDENCE: Final = log(6)
"""How much likelier a fall must be, as a logarithm."""

_BELIEVED = (3, 6)
"""What is believed of everyone before their first repeat: as if three of six had been kept."""

_NEWEST = 3
"""So many of the newest repeats do not count for what is usual: a fall must not become usual itself."""


def offers_break(kept: Sequence[bool], offered_after: int = 0) -> bool:
    """Whether to offer a break now, by whether each repeat so far had the same answer, oldest first.

    `offered_after` is how many repeats there were when a break was last offered.
    """
    before = kept[: max(0, len(kept) - _NEWEST)]
    usual = (sum(before) + _BELIEVED[0]) / (len(before) + _BELIEVED[1])
    fallen = usual / 2
    total = 0.0
    for is_kept in kept[offered_after:]:
        step = log(fallen / usual) if is_kept else log((1 - fallen) / (1 - usual))
        total = max(0.0, total + step)
    return total >= EVIDENCE and not kept[-1]


def break_is_due(answers: Sequence[bool | None]) -> bool:
    """Whether a break is offered before the next clip.

    `answers` has one entry per clip so far, oldest first: for a repeat, whether it had the same answer, and None for
    any other clip. A break is offered between two blocks only, so that it does not say which clip was a repeat.
    """
    if not answers or len(answers) % BLOCK:
        return False
    kept, offered_after, offered_at = list[bool](), 0, -1
    for place, is_kept in enumerate(answers):
        if is_kept is None:
            continue
        kept.append(is_kept)
        if offers_break(kept, offered_after):
            offered_after, offered_at = len(kept), place
    return offered_at >= len(answers) - BLOCK
