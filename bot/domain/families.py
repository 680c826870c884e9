"""Families of emotions: what a situation can pull towards, whichever emotion of a set is dealt into it."""

from __future__ import annotations

from enum import StrEnum


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
