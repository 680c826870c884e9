"""Intensities of emotions that have no degrees: what is there or not, such as a neutral state, has none. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.emotions import EmotionSet
from bot.store.snapshot import CastingRecord, Snapshot


def without_degrees(snapshot: Snapshot, emotion_sets: Iterable[EmotionSet]) -> Snapshot:
    """The snapshot with no target intensity where the session's emotion set knows no degrees of the target emotion.

    The store holds the lowest one there.
    """
    plain = {(one.name, emotion.key) for one in emotion_sets for emotion in one.emotions if not emotion.has_degrees}
    set_of = {session.session_id: session.emotion_set for session in snapshot.sessions}
    set_of_scene = {scene.scene_id: set_of[scene.session_id] for scene in snapshot.scenes}

    def without(casting: CastingRecord) -> CastingRecord:
        of_set = set_of_scene[casting.scene_id]
        first = None if (of_set, casting.target_emotion) in plain else casting.target_intensity
        second = None if (of_set, casting.second_emotion) in plain else casting.second_intensity
        return replace(casting, target_intensity=first, second_intensity=second)

    return replace(snapshot, castings=[without(casting) for casting in snapshot.castings])
