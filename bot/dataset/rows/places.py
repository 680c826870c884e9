"""Where something belongs, in the words of a dataset: session, scene and take, speaker and turn."""

from __future__ import annotations

from bot.dataset.model.contents import Contents
from bot.dataset.model.index import session_label
from bot.dataset.rows.columns import Row
from bot.domain.ids import SceneId, TakeId, TrackId, TurnId
from bot.samples import SAMPLE_RATE_HZ
from bot.store.records import TargetedTurn


def seconds(samples: int | None) -> float | None:
    """Return a length or a position in seconds."""
    return None if samples is None else samples / SAMPLE_RATE_HZ


class Places:
    """The first columns of many tables."""

    def __init__(self, contents: Contents) -> None:
        self._index = contents.index
        self._clips = contents.clip_bytes

    def scene(self, scene_id: SceneId) -> Row:
        """Return session and scene."""
        scene = self._index.scene(scene_id)
        return {"session": session_label(scene.session_id), "scene": scene.number}

    def take(self, take_id: TakeId) -> Row:
        """Return session, scene and take."""
        place = self._index.place(take_id)
        return {"session": place.session, "scene": place.scene, "take": place.take}

    def track(self, track_id: TrackId) -> Row:
        """Return session, scene, take and speaker."""
        track = self._index.track(track_id)
        return self.take(track.take_id) | {"speaker_id": self._index.name(track.person_id)}

    def clip(self, turn_id: TurnId) -> Row:
        """Return the clip, session, scene, take, speaker and turn of a turn that is a clip."""
        turn = self._index.turn(turn_id)
        return {"clip_id": self.clip_id(turn_id)} | self.track(turn.track_id) | {"turn": turn.number}

    def clip_id(self, turn_id: TurnId | None) -> str | None:
        """Return the name of a turn's clip; None if it is not a clip of this dataset."""
        if turn_id is None or turn_id not in self._clips:
            return None
        return self._index.clip_label(self._index.turn(turn_id))

    def turn(self, turn: TargetedTurn) -> Row:
        """Return a turn's number, bounds, claimed target, clip and words."""
        target, said = self._index.target(turn), self._index.transcript(turn)
        return {
            "turn": turn.number,
            "start": seconds(turn.start_samples),
            "end": seconds(turn.end_samples),
            "is_for_rating": bool(turn.is_for_rating),
            "found_by": str(turn.found_by),
            "method": turn.method,
            "target_claim": target and str(target.claim),
            "target_emotion": target and target.emotion,
            "target_intensity": target and target.intensity,
            "target_until": seconds(turn.target_until_samples),
            "clip_id": self.clip_id(turn.turn_id),
            "transcript": said and said.text,
            "transcript_source": said and said.source,
        }
