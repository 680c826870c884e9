"""Emotions without degrees, such as a neutral state, which have no intensity. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.emotions import EmotionSet
from bot.store.snapshot import Snapshot


def without_degrees(snapshot: Snapshot, emotion_sets: Iterable[EmotionSet]) -> Snapshot:
    """Return the snapshot with the emotions that have no degrees: their target intensities are not exported."""
    plain = ((one.name, emotion.key) for one in emotion_sets for emotion in one.emotions if not emotion.has_degrees)
    return replace(snapshot, plain_emotions=frozenset(plain))
