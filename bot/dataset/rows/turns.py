"""One row per clip: what was dealt, what the performer felt, what others perceived, and the clip's place in the take.

The three emotions are three columns and never stand in for one another.
"""

from __future__ import annotations

from collections import defaultdict

from bot.dataset.model.consensus import find_consensus
from bot.dataset.model.contents import Clip, Contents
from bot.dataset.model.labels import voice_direction_text
from bot.dataset.rows.columns import Row
from bot.dataset.rows.turn_columns import TURN_COLUMNS
from bot.domain.ids import TurnId
from bot.domain.splits import fold_of
from bot.domain.states import TargetClaim
from bot.samples import SAMPLE_RATE_HZ
from bot.store.records import CastingRow, Rating, SelfRating

_SAMPLES_A_MS = SAMPLE_RATE_HZ // 1000


class TurnRows:
    """Makes the row of each clip, with exactly the keys of TURN_COLUMNS."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._index = contents.index
        self._languages = {session.session_id: session.language for session in contents.snapshot.sessions}
        self._ratings: defaultdict[TurnId, list[Rating]] = defaultdict(list)
        for rating in contents.snapshot.ratings:
            self._ratings[rating.turn_id].append(rating)
        self._own = {rating.turn_id: rating for rating in contents.snapshot.self_ratings}

    def row(self, clip: Clip) -> Row:
        """Return the row of a clip."""
        turn_id = clip.turn.turn_id
        row = self._where(clip) | self._permitted(clip) | self._said(clip) | self._dealt(clip)
        row |= _felt(self._own.get(turn_id))
        row |= self._perceived(clip, self._ratings.get(turn_id, [])) | self._sound(clip)
        return {column.name: row[column.name] for column in TURN_COLUMNS}

    def _where(self, clip: Clip) -> Row:
        take_id = self._index.track(clip.turn.track_id).take_id
        place, session_id = self._index.place(take_id), self._index.scene_of(take_id).session_id
        on_stage = {self._index.name(track.person_id) for track in self._index.tracks_of(take_id)}
        return {
            "clip_id": clip.clip_id,
            "split": self._contents.splits.of_speaker[clip.speaker],
            "session": place.session,
            "language": self._languages[session_id],
            "fold": fold_of(session_id),
            "scene": place.scene,
            "take": place.take,
            "turn": clip.turn.number,
            "speaker_id": clip.speaker,
            "partners": sorted(on_stage - {clip.speaker}),
        } | self._index.kind(take_id)

    def _permitted(self, clip: Clip) -> Row:
        track = self._index.track(clip.turn.track_id)
        session_id = self._index.scene_of(track.take_id).session_id
        called_at = self._index.take(track.take_id).called_at
        return {"consents": sorted(self._contents.snapshot.scopes_there(session_id, track.person_id, called_at))}

    def _said(self, clip: Clip) -> Row:
        said = self._index.transcript(clip.turn)
        return {"transcript": said and said.text, "transcript_source": said and said.source}

    def _dealt(self, clip: Clip) -> Row:
        track = self._index.track(clip.turn.track_id)
        scene = self._index.scene_of(track.take_id)
        casting, target = self._index.casting(track), self._index.target(clip.turn)
        cue = self._index.cue(track)
        has_shifted = cue is not None and cue.times.shift.has_shifted
        return {
            "prompt_id": scene.prompt_id,
            "prompt_title": scene.prompt_title,
            "prompt_text": scene.prompt_text,
            "place": scene.place,
            "relationship": scene.relationship,
            "role": casting and casting.role,
            "want": casting and casting.want,
            "character": casting and casting.character,
            "character_name": casting and casting.character_name,
            "voice_direction": casting and voice_direction_text(casting.voice_direction),
            "target_claim": target and str(target.claim),
            "target_emotion": target and target.emotion,
            "target_intensity": target and target.intensity,
            "emotion_direction": casting and target and _direction(casting, target.claim),
            "direction_number": casting and target and _number(casting, target.claim),
            "target_until_ms": _milliseconds(clip.turn.target_until_samples, clip),
            "arc_first_emotion": casting.target_emotion if casting and has_shifted else None,
            "arc_second_emotion": casting.second_emotion if casting and has_shifted else None,
            "shift": casting and casting.shift and str(casting.shift),
            "cue_at": None if cue is None else cue.position_samples / SAMPLE_RATE_HZ,
            "cue_basis": None if cue is None else str(cue.times.basis),
        }

    def _perceived(self, clip: Clip, ratings: list[Rating]) -> Row:
        consensus = find_consensus(ratings)
        scene = self._index.scene_of(self._index.track(clip.turn.track_id).take_id)
        return {
            "is_for_rating": bool(clip.turn.is_for_rating),
            "answer_options": self._contents.labels.options.get(scene.scene_id),
            "n_raters": consensus.n_raters,
            "n_partner_raters": consensus.n_partner_raters,
            "perceived_emotion": consensus.emotion,
            "agreement": consensus.agreement,
            "perceived_intensity": consensus.intensity,
            "perceived_valence": consensus.valence,
            "perceived_arousal": consensus.arousal,
            "perceived_dominance": consensus.dominance,
            "perceived_authenticity": consensus.authenticity,
            "perceived_naturalness": consensus.naturalness,
            "perceived_voice_consistency": consensus.voice_consistency,
        }

    def _sound(self, clip: Clip) -> Row:
        made = clip.made
        return {
            "start": made.start_samples / SAMPLE_RATE_HZ,
            "end": made.end_samples / SAMPLE_RATE_HZ,
            "duration": (made.end_samples - made.start_samples) / SAMPLE_RATE_HZ,
            "speech_start_ms": _milliseconds(clip.turn.start_samples, clip),
            "speech_end_ms": _milliseconds(min(clip.turn.end_samples, made.end_samples), clip),
            "found_by": str(clip.turn.found_by),
            "method": clip.turn.method,
            "sampling_rate": SAMPLE_RATE_HZ,
            "level_dbfs": round(made.level_dbfs, 2),
            "peak_dbfs": round(made.peak_dbfs, 2),
            "track": self._contents.tracks[clip.turn.track_id].path,
            "sha256": made.sha256,
        }


def _felt(rating: SelfRating | None) -> Row:
    return {
        "self_emotion": rating and rating.felt_emotion,
        "self_intensity": rating and rating.intensity,
        "self_valence": rating and rating.valence,
        "self_arousal": rating and rating.arousal,
        "self_dominance": rating and rating.dominance,
        "self_authenticity": rating and rating.authenticity,
    }


def _direction(casting: CastingRow, claim: TargetClaim) -> str | None:
    """Return the direction of the emotion that was in force; None if that is uncertain."""
    directions = {
        TargetClaim.FIRST: casting.emotion_direction,
        TargetClaim.SECOND: casting.second_emotion_direction,
    }
    return directions.get(claim)


def _number(casting: CastingRow, claim: TargetClaim) -> int | None:
    """Return the number of that direction; None if there was only one."""
    numbers = {TargetClaim.FIRST: casting.direction_number, TargetClaim.SECOND: casting.second_direction_number}
    return numbers.get(claim)


def _milliseconds(position: int | None, clip: Clip) -> int | None:
    """Return a position on the take's clock as milliseconds since the clip's start."""
    return None if position is None else round((position - clip.made.start_samples) / _SAMPLES_A_MS)
