"""The emotions of all sets in menus, by family, to be vetoed. A form has room for three menus of 25 options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.families import Family
from bot.ui.emotion_parts import by_family, parts_of
from bot.ui.texts import limits as texts

MOST_MENUS = 3
"""A form has five fields (Discord, modals): one is for topics and one for opt-ins."""


@dataclass(frozen=True, slots=True)
class VetoOption:
    """One option: its value, its words, and the keys of the emotions that it vetoes."""

    value: str
    label: str
    description: str
    emotions: frozenset[str]


def veto_menus(emotions: Sequence[Emotion]) -> list[list[VetoOption]]:
    """The emotions in menus, one family after the other; if there are too many, one menu of whole families."""
    parts = parts_of(EmotionSet("", "", tuple(emotions)))
    if len(parts) <= MOST_MENUS:
        return [[_single(emotion) for emotion in part] for part in parts if part]
    grouped = groupby(by_family(emotions), key=lambda one: one.family)
    return [[_whole(family, list(members)) for family, members in grouped]]


def vetoed(menus: Sequence[Sequence[VetoOption]], values: Sequence[str]) -> frozenset[str]:
    """The keys of the emotions that are vetoed by what was chosen."""
    chosen = [option.emotions for menu in menus for option in menu if option.value in values]
    return frozenset[str]().union(*chosen)


def _single(emotion: Emotion) -> VetoOption:
    family = texts.family_name(emotion.family) if emotion.family else ""
    return VetoOption(emotion.key, emotion.label, family, frozenset([emotion.key]))


def _whole(family: Family | None, members: Sequence[Emotion]) -> VetoOption:
    labels = ", ".join(emotion.label for emotion in members)
    keys = frozenset(emotion.key for emotion in members)
    return VetoOption(f"all:{family or ''}", texts.family_name(family), labels, keys)
