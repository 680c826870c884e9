"""Makes the rows of the tables from a snapshot: pseudonyms for people, labels for places, seconds for samples."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from bot.dataset.audio import AudioFile, Clip, Mix
from bot.dataset.model.details import public_detail
from bot.dataset.model.index import Index, session_label
from bot.dataset.rows.schema import HEADS
from bot.dataset.rows.turns import Row
from bot.domain.ids import SceneId, TakeId, TrackId, TurnId
from bot.samples import SAMPLE_RATE_HZ
from bot.store.records import CastingRow, Event, Rating, Scene, SelfRating, Session, Take, TargetedTurn, Track
from bot.store.snapshot import Snapshot


def build_tables(
    snapshot: Snapshot,
    clips: Sequence[Clip],
    tracks: Mapping[TrackId, AudioFile],
    mixes: Sequence[Mix],
    splits: Mapping[str, str],
) -> dict[str, list[Row]]:
    """Return the rows of every table in `bot.dataset.rows.schema.HEADS`, in the order in which things were stored."""
    rows = _Rows(snapshot, {clip.turn.turn_id: clip.clip_id for clip in clips}, tracks)
    return {
        "sessions": rows.sessions(),
        "scenes": rows.scenes(),
        "castings": rows.castings(),
        "takes": rows.takes({mix.take_id: mix for mix in mixes}),
        "tracks": [rows.track(track) for track in snapshot.tracks],
        "holes": rows.holes(),
        "cues": rows.cues(),
        "turns": rows.turns(),
        "ratings": rows.ratings(),
        "self_ratings": rows.self_ratings(),
        "events": [rows.event(event) for event in snapshot.events],
        "people": rows.people(splits),
    }


class _Rows:
    def __init__(self, snapshot: Snapshot, clip_ids: Mapping[TurnId, str], tracks: Mapping[TrackId, AudioFile]) -> None:
        self._snapshot = snapshot
        self._index = Index(snapshot)
        self._clip_ids = clip_ids
        self._files = tracks

    def sessions(self) -> list[Row]:
        return [
            _row("sessions", session, {"session": session_label(session.session_id)})
            for session in self._snapshot.sessions
        ]

    def scenes(self) -> list[Row]:
        return [_row("scenes", scene, self._scene(scene.scene_id)) for scene in self._snapshot.scenes]

    def castings(self) -> list[Row]:
        return [self._casting(casting) for casting in self._snapshot.castings]

    def takes(self, mixes: Mapping[TakeId, Mix]) -> list[Row]:
        rows: list[Row] = []
        for take in self._snapshot.takes:
            mix = mixes.get(take.take_id)
            facts: Row = {"duration": _seconds(take.duration_samples), "mix": mix and mix.file.path}
            facts["mixed_speakers"] = sorted(self._index.name(one) for one in mix.person_ids) if mix else []
            rows.append(_row("takes", take, self._take(take.take_id) | facts))
        return rows

    def track(self, track: Track) -> Row:
        file = self._files[track.track_id]
        return self._track(track.track_id) | {
            "file": file.path,
            "duration": _seconds(file.duration_samples),
            "speech": _seconds(track.speech_samples),
            "received_frames": track.received_frames,
            "lost_frames": track.lost_frames,
            "concealed_frames": track.concealed_frames,
            "loudness_lufs": track.loudness_lufs,
            "peak_dbfs": track.peak_dbfs,
            "speech_dbfs": track.speech_dbfs,
            "noise_dbfs": track.noise_dbfs,
            "clipped_share": track.clipped_share,
            "sha256": file.sha256,
        }

    def holes(self) -> list[Row]:
        return [
            self._take(hole.take_id)
            | {"cause": hole.cause, "start": _seconds(hole.start_samples), "end": _seconds(hole.end_samples)}
            for hole in self._snapshot.holes
        ]

    def cues(self) -> list[Row]:
        """Return the cues of people whose castings are exported."""
        people = {casting.casting_id: casting.person_id for casting in self._snapshot.castings}
        return [
            self._take(cue.take_id)
            | {
                "speaker_id": self._index.name(people[cue.casting_id]),
                "cause": cue.cause,
                "at": _seconds(cue.position_samples),
            }
            for cue in self._snapshot.cues
            if cue.casting_id in people
        ]

    def turns(self) -> list[Row]:
        return [
            self._track(turn.track_id)
            | {
                "turn": turn.number,
                "start": _seconds(turn.start_samples),
                "end": _seconds(turn.end_samples),
                **self._target(turn),
                "clip_id": self._clip_ids.get(turn.turn_id),
            }
            for turn in self._snapshot.turns
        ]

    def ratings(self) -> list[Row]:
        return [self._rating(rating) for rating in self._snapshot.ratings]

    def self_ratings(self) -> list[Row]:
        return [_row("self_ratings", rating, self._clip(rating.turn_id)) for rating in self._snapshot.self_ratings]

    def event(self, event: Event) -> Row:
        assert event.session_id is not None  # the events of a snapshot are those of its sessions
        place: Row = {"session": session_label(event.session_id), "scene": None, "take": None}
        if event.take_id is not None:
            place = self._take(event.take_id)
        elif event.scene_id is not None:
            place |= self._scene(event.scene_id)
        return {
            "happened_at": event.happened_at,
            "event": event.kind,
            **place,
            "person": None if event.person_id is None else self._index.name(event.person_id),
            "clip_id": self._clip_ids.get(json.loads(event.detail).get("turn_id")),
            "detail": public_detail(event.kind, event.detail),
        }

    def people(self, splits: Mapping[str, str]) -> list[Row]:
        track_of = {turn.turn_id: self._index.track(turn.track_id) for turn in self._snapshot.turns}
        tracks = Counter(track.person_id for track in self._snapshot.tracks)
        clips = Counter(track_of[turn_id].person_id for turn_id in self._clip_ids)
        ratings = Counter(rating.rater_id for rating in self._snapshot.ratings)
        return [
            {
                "person": name,
                "split": splits.get(name),
                "tracks": tracks[person_id],
                "clips": clips[person_id],
                "ratings": ratings[person_id],
                "consents": sorted(self._snapshot.scopes_of(person_id)),
            }
            for person_id, name in sorted(self._snapshot.pseudonyms.items(), key=lambda item: item[1])
            if tracks[person_id] or ratings[person_id]
        ]

    def _casting(self, casting: CastingRow) -> Row:
        first, second = self._index.intensities(casting)
        facts: Row = {
            "speaker_id": self._index.name(casting.person_id),
            "target_intensity": first,
            "second_intensity": second,
            "is_overridden": bool(casting.is_overridden),
        }
        return _row("castings", casting, self._scene(casting.scene_id) | facts)

    def _rating(self, rating: Rating) -> Row:
        facts: Row = {"rater_id": self._index.name(rating.rater_id), "is_partner": bool(rating.is_partner)}
        return _row("ratings", rating, self._clip(rating.turn_id) | facts)

    def _target(self, turn: TargetedTurn) -> Row:
        target = self._index.target(turn)
        return {"target_emotion": target and target.emotion, "target_intensity": target and target.intensity}

    def _scene(self, scene_id: SceneId) -> Row:
        scene = self._index.scene(scene_id)
        return {"session": session_label(scene.session_id), "scene": scene.number}

    def _take(self, take_id: TakeId) -> Row:
        place = self._index.place(take_id)
        return {"session": place.session, "scene": place.scene, "take": place.take}

    def _track(self, track_id: TrackId) -> Row:
        track = self._index.track(track_id)
        return self._take(track.take_id) | {"speaker_id": self._index.name(track.person_id)}

    def _clip(self, turn_id: TurnId) -> Row:
        turn = self._index.turn(turn_id)
        return {"clip_id": self._clip_ids[turn_id]} | self._track(turn.track_id) | {"turn": turn.number}


def _row(table: str, record: CastingRow | Rating | Scene | SelfRating | Session | Take, facts: Row) -> Row:
    """Return a table's columns, from a record and further facts. Everything else in the record is not exported."""
    known = asdict(record) | facts
    return {name: known[name] for name in HEADS[table].split()}


def _seconds(samples: int | None) -> float | None:
    return None if samples is None else samples / SAMPLE_RATE_HZ
