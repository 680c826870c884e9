"""The balance of pulls over a deck: the situations must not give away the emotions that are played in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.domain.advice.written import Advice, Rule, Written
from bot.domain.families import Family

FEWEST_PROMPTS = 8
"""A smaller deck is not asked to be balanced."""

MOST_OF_ONE_FAMILY = 0.5
"""The largest share of a deck's prompts that may pull towards one family: the others can be played against it."""

LEAST_OF_EACH_SIDE = 1 / 3
"""The smallest share of a deck's prompts that must pull towards pleasant families, and towards unpleasant ones."""

PLEASANT = frozenset({Family.JOY, Family.AFFECTION, Family.DESIRE, Family.INTEREST, Family.CALM})
UNPLEASANT = frozenset({Family.FEAR, Family.ANGER, Family.DISGUST, Family.SADNESS, Family.SHAME})


def about_balance(prompts: Sequence[Written]) -> Iterator[Advice]:
    """The prompts of a deck pull in different directions. Advice about the whole deck is at its first line."""
    pulls = [one.prompt.pull for one in prompts if one.prompt.pull]
    if len(pulls) < FEWEST_PROMPTS:
        return
    times = Counter(family for pull in pulls for family in pull)
    for family, number in times.most_common():
        if number > MOST_OF_ONE_FAMILY * len(pulls):
            problem = f"{number} of {len(pulls)} prompts pull towards '{family}': at most half should"
            yield Advice(1, Rule.BALANCE, problem)
    for side, families in (("pleasant", PLEASANT), ("unpleasant", UNPLEASANT)):
        number = sum(bool(pull & families) for pull in pulls)
        if number < LEAST_OF_EACH_SIDE * len(pulls):
            named = ", ".join(sorted(families))
            problem = f"only {number} of {len(pulls)} prompts pull towards {side} families ({named}): a third should"
            yield Advice(1, Rule.BALANCE, problem)
