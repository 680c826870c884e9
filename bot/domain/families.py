"""Families of emotions: what a situation can pull towards, whichever emotion of a set is dealt into it."""

from __future__ import annotations

from enum import StrEnum
from functools import cache


class Family(StrEnum):
    """A group of emotions that a situation invites together. Every emotion of a set belongs to one."""

    JOY = "joy"
    AFFECTION = "affection"
    DESIRE = "desire"
    INTEREST = "interest"
    CALM = "calm"
    SURPRISE = "surprise"
    FEAR = "fear"
    ANGER = "anger"
    DISGUST = "disgust"
    SADNESS = "sadness"
    SHAME = "shame"
    NEUTRAL = "neutral"


PLEASANT = frozenset({Family.JOY, Family.AFFECTION, Family.DESIRE, Family.INTEREST, Family.CALM})
UNPLEASANT = frozenset({Family.FEAR, Family.ANGER, Family.DISGUST, Family.SADNESS, Family.SHAME})
"""The two sides of valence. Surprise and neutral are on neither."""


class Stance(StrEnum):
    """How an emotion stands to a situation: with its pull, against it, or beside it."""

    WITH = "with"
    NEUTRAL = "neutral"
    AGAINST = "against"


class Relation(StrEnum):
    """How the emotions of two partners stand to each other."""

    SAME = "same"
    OPPOSITE = "opposite"
    UNRELATED = "unrelated"


@cache
def stance_of(family: Family | None, pull: frozenset[Family]) -> Stance:
    """Return how a family stands to what a situation favours.

    It goes with the pull if it is part of it, and against the pull if all of that is on the other side.
    """
    if family in pull:
        return Stance.WITH
    is_against = pull and ((family in PLEASANT and pull <= UNPLEASANT) or (family in UNPLEASANT and pull <= PLEASANT))
    return Stance.AGAINST if is_against else Stance.NEUTRAL


@cache
def relation_of(one: Family | None, other: Family | None) -> Relation | None:
    """Return how two families stand to each other: opposite on two sides; None if one of them is not known."""
    if one is None or other is None:
        return None
    if one is other:
        return Relation.SAME
    sides = [{one, other} & PLEASANT, {one, other} & UNPLEASANT]
    return Relation.OPPOSITE if all(sides) else Relation.UNRELATED
