"""Intensities of emotions that have no degrees: what is there or not, such as a neutral state, has none. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.domain.emotions import EmotionSet
from bot.store.exporting import CastingRecord, Snapshot


def without_degrees(snapshot: Snapshot, emotion_sets: Iterable[EmotionSet]) -> Snapshot:
    """The snapshot with no target intensity where the session's emotion set knows no degrees of the target emotion.

    The store holds the lowest one there.
    """
    plain = {(one.name, emotion.key) for one in emotion_sets for emotion in one.emotions if not emotion.has_degrees}
    set_of = {session.session_id: session.emotion_set for session in snapshot.sessions}
    set_of_scene = {scene.scene_id: set_of[scene.session_id] for scene in snapshot.scenes}

    def without(casting: CastingRecord) -> CastingRecord:
        is_plain = (set_of_scene[casting.scene_id], casting.target_emotion) in plain
        return replace(casting, target_intensity=None) if is_plain else casting

    return replace(snapshot, castings=[without(casting) for casting in snapshot.castings])
