"""One row per clip: the target, what the performer felt, what others perceived, and the clip's place in the take.

The three emotions are three columns and never stand in for one another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from bot.dataset.audio import AudioFile, Clip
from bot.dataset.model.consensus import find_consensus
from bot.dataset.model.index import Index
from bot.domain.ids import TakeId, TrackId, TurnId
from bot.domain.splits import fold_of
from bot.samples import SAMPLE_RATE_HZ
from bot.store.records import Rating, SelfRating
from bot.store.snapshot import Snapshot

Kind = Literal["string", "int32", "float64", "list<string>"]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the clips' table: its Arrow type, what it holds, and whether it can be null."""

    name: str
    kind: Kind
    meaning: str
    nullable: bool = False


COLUMNS: Final = (
    Column("file_name", "string", "the clip's file, in the same folder as the table"),
    Column("clip_id", "string", "the clip's name, unique in the dataset"),
    Column("split", "string", "`train`, `test` or `validation`"),
    Column("session", "string", "the session, such as `S0001`"),
    Column("fold", "int32", "leave-one-session-out fold: all clips of one session share it, in every version"),
    Column("scene", "int32", "the number of the scene in the session"),
    Column("take", "int32", "the number of the take in the scene"),
    Column("turn", "int32", "the number of the turn in the speaker's track"),
    Column("speaker_id", "string", "the performer's pseudonym, the same in all sessions"),
    Column("partners", "list<string>", "the pseudonyms of the others on stage whose tracks are in this dataset"),
    Column("prompt_id", "string", "the scene's prompt; its text is in `tables/scenes`"),
    Column("role", "string", "the speaker's role in the scene, from the prompt", nullable=True),
    Column("character", "string", "the character whose voice the speaker held", nullable=True),
    Column("target_emotion", "string", "the emotion that the speaker was to play at this moment", nullable=True),
    Column(
        "target_intensity",
        "int32",
        "its intensity: 1 low, 2 medium, 3 high; null for an emotion without degrees, such as `neutral`",
        nullable=True,
    ),
    Column("arc_first_emotion", "string", "if the target shifted in this take: the first emotion", nullable=True),
    Column("arc_second_emotion", "string", "if the target shifted in this take: the second emotion", nullable=True),
    Column(
        "cue_at",
        "float64",
        "if the target shifted in this take: when the speaker had been told, in seconds since its start",
        nullable=True,
    ),
    Column("self_emotion", "string", "the emotion that the speaker says they felt", nullable=True),
    Column("self_intensity", "int32", "how strongly they felt it, 0-3", nullable=True),
    Column("self_valence", "int32", "how they felt, 1 (unpleasant) to 5 (pleasant)", nullable=True),
    Column("self_arousal", "int32", "how they felt, 1 (calm) to 5 (excited)", nullable=True),
    Column("self_dominance", "int32", "how they felt, 1 (powerless) to 5 (in control)", nullable=True),
    Column("self_authenticity", "int32", "how it felt, 1 (put on) to 5 (genuine)", nullable=True),
    Column("n_raters", "int32", "how many other people rated the clip"),
    Column("n_partner_raters", "int32", "how many of them played in the same take"),
    Column(
        "perceived_emotion",
        "string",
        "the emotion that more than half of the raters named, otherwise `no_agreement`; null without raters",
        nullable=True,
    ),
    Column("agreement", "float64", "the share of raters who named the most frequent emotion, 0-1", nullable=True),
    Column("perceived_intensity", "float64", "the raters' mean, 0-3", nullable=True),
    Column("perceived_valence", "float64", "the raters' mean, 1-5", nullable=True),
    Column("perceived_arousal", "float64", "the raters' mean, 1-5", nullable=True),
    Column("perceived_dominance", "float64", "the raters' mean, 1-5", nullable=True),
    Column("perceived_authenticity", "float64", "the raters' mean, 1-5", nullable=True),
    Column("perceived_naturalness", "float64", "the raters' mean, 1-5", nullable=True),
    Column("perceived_voice_consistency", "float64", "the raters' mean, 1-5", nullable=True),
    Column("start", "float64", "where the clip starts in its take and track, in seconds"),
    Column("end", "float64", "where the clip ends, in seconds"),
    Column("duration", "float64", "the clip's length, in seconds"),
    Column("sampling_rate", "int32", "samples per second, always 48000"),
    Column("level_dbfs", "float64", "the root mean square level relative to full scale, with pauses"),
    Column("peak_dbfs", "float64", "the highest sample relative to full scale"),
    Column("track", "string", "the file of the track that the clip was cut from, relative to the dataset's root"),
    Column("sha256", "string", "the SHA-256 of the clip's file"),
)
"""The explicit schema of every `metadata.parquet`, and the card's table of columns."""


def metadata_rows(
    snapshot: Snapshot, clips: Iterable[Clip], tracks: Mapping[TrackId, AudioFile], splits: Mapping[str, str]
) -> list[Row]:
    """Return one row per clip, with exactly the keys of COLUMNS. `splits` maps pseudonyms to splits."""
    index = Index(snapshot)
    ratings: defaultdict[TurnId, list[Rating]] = defaultdict(list)
    for rating in snapshot.ratings:
        ratings[rating.turn_id].append(rating)
    own = {rating.turn_id: rating for rating in snapshot.self_ratings}
    on_stage: defaultdict[TakeId, set[str]] = defaultdict(set)
    for track in snapshot.tracks:
        on_stage[track.take_id].add(index.name(track.person_id))
    rows: list[Row] = []
    for clip in clips:
        take_id = index.track(clip.turn.track_id).take_id
        row = _where_and_whom(index, clip, on_stage[take_id]) | _felt(own.get(clip.turn.turn_id))
        row |= _perceived(ratings[clip.turn.turn_id]) | _sound(clip, tracks[clip.turn.track_id])
        row["split"] = splits[row["speaker_id"]]
        rows.append({column.name: row[column.name] for column in COLUMNS})
    return rows


def _where_and_whom(index: Index, clip: Clip, on_stage: set[str]) -> Row:
    track = index.track(clip.turn.track_id)
    place = index.place(track.take_id)
    speaker = index.name(track.person_id)
    scene = index.scene(index.take(track.take_id).scene_id)
    casting, target = index.casting(track), index.target(clip.turn)
    cue = target and target.cue_samples
    has_shifted = casting is not None and cue is not None
    return {
        "file_name": clip.file_name,
        "clip_id": clip.clip_id,
        "session": place.session,
        "fold": fold_of(scene.session_id),
        "scene": place.scene,
        "take": place.take,
        "turn": clip.turn.number,
        "speaker_id": speaker,
        "partners": sorted(on_stage - {speaker}),
        "prompt_id": scene.prompt_id,
        "role": casting and casting.role,
        "character": casting and casting.character,
        "target_emotion": target and target.emotion,
        "target_intensity": target and target.intensity,
        "arc_first_emotion": casting.target_emotion if casting and has_shifted else None,
        "arc_second_emotion": casting.second_emotion if casting and has_shifted else None,
        "cue_at": None if cue is None else cue / SAMPLE_RATE_HZ,
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


def _perceived(ratings: list[Rating]) -> Row:
    consensus = find_consensus(ratings)
    return {
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


def _sound(clip: Clip, track: AudioFile) -> Row:
    return {
        "start": clip.start_samples / SAMPLE_RATE_HZ,
        "end": clip.end_samples / SAMPLE_RATE_HZ,
        "duration": (clip.end_samples - clip.start_samples) / SAMPLE_RATE_HZ,
        "sampling_rate": SAMPLE_RATE_HZ,
        "level_dbfs": round(clip.level_dbfs, 2),
        "peak_dbfs": round(clip.peak_dbfs, 2),
        "track": track.path,
        "sha256": clip.sha256,
    }
