"""Which emotions a label can have: those of the whole emotion sets, not what happened to occur. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.emotions import OTHER, EmotionSet
from bot.domain.ids import SceneId
from bot.domain.states import MaterialKind
from bot.statistics.consensus import NO_AGREEMENT
from bot.store.materials import emotion_set_in
from bot.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of labels: what was dealt, what people answered, and what raters agreed on.

    Each list begins with the one before it, so that a number means the same in all columns. `options` are what raters
    of a scene chose from.
    """

    targets: Sequence[str]
    options: Mapping[SceneId, Sequence[str]]

    @property
    def answers(self) -> Sequence[str]:
        """What people can answer: an emotion of a set, or `other`."""
        return [*self.targets, OTHER]

    @property
    def consensus(self) -> Sequence[str]:
        """What raters can agree on, or `no_agreement`."""
        return [*self.answers, NO_AGREEMENT]


def labels_of(snapshot: Snapshot, emotion_sets: Iterable[EmotionSet]) -> Labels:
    """Return the labels of a snapshot. `emotion_sets` stand for what scenes of earlier versions were dealt from."""
    by_name = {one.name: one for one in emotion_sets}
    by_hash = {one.sha256: emotion_set_in(one) for one in snapshot.materials if one.kind is MaterialKind.EMOTION_SET}
    named = {session.session_id: by_name.get(session.emotion_set) for session in snapshot.sessions}
    dealt_from = {
        scene.scene_id: by_hash.get(scene.emotion_set_sha256 or "") or named[scene.session_id]
        for scene in snapshot.scenes
    }
    targets: dict[str, None] = {}
    for one in dealt_from.values():
        targets |= dict.fromkeys(emotion.key for emotion in one.emotions) if one else {}
    targets |= dict.fromkeys(_occurring(snapshot))
    options = {
        scene_id: [*(emotion.key for emotion in one.emotions), OTHER] for scene_id, one in dealt_from.items() if one
    }
    return Labels([key for key in targets if key != OTHER], options)


def voice_direction_text(stored: str | None) -> str | None:
    """Return the words on a performer's card about their voice as one text; None if there are none."""
    if stored is None:
        return None
    return "; ".join(f"{name}: {text}" for name, text in json.loads(stored).items())


def _occurring(snapshot: Snapshot) -> list[str]:
    """Return every emotion that occurs, sorted: those of scenes whose emotion set is no longer known."""
    dealt = [emotion for one in snapshot.castings for emotion in (one.target_emotion, one.second_emotion)]
    heard = [emotion for one in snapshot.ratings for emotion in (one.perceived_emotion, one.secondary_emotion)]
    felt = [one.felt_emotion for one in snapshot.self_ratings]
    return sorted({emotion for emotion in (*dealt, *heard, *felt) if emotion is not None})
