"""From a snapshot to the rows of the tables: pseudonyms for people, labels for places, seconds for samples."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from bot.audio.sound import SAMPLE_RATE_HZ
from bot.dataset.audio import AudioFile, Clip, Mix
from bot.dataset.index import Index, session_label
from bot.dataset.metadata import Row
from bot.dataset.scrubbing import public_detail
from bot.store.snapshot import EventRecord, Snapshot, TrackRecord, TurnRecord


def build_tables(
    snapshot: Snapshot,
    clips: Sequence[Clip],
    tracks: Mapping[int, AudioFile],
    mixes: Sequence[Mix],
    splits: Mapping[str, str],
) -> dict[str, list[Row]]:
    """The rows of every table in `bot.dataset.tables.HEADS`, in the order things came to be."""
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
    def __init__(self, snapshot: Snapshot, clip_ids: Mapping[int, str], tracks: Mapping[int, AudioFile]) -> None:
        self._snapshot = snapshot
        self._index = Index(snapshot)
        self._clip_ids = clip_ids
        self._files = tracks

    def sessions(self) -> list[Row]:
        return [
            {"session": session_label(session.session_id)} | _without(asdict(session), "session_id")
            for session in self._snapshot.sessions
        ]

    def scenes(self) -> list[Row]:
        return [
            {"session": session_label(scene.session_id), "scene": scene.number}
            | _without(asdict(scene), "scene_id", "session_id", "number")
            for scene in self._snapshot.scenes
        ]

    def castings(self) -> list[Row]:
        return [
            self._scene(casting.scene_id)
            | {"speaker_id": self._index.name(casting.person_id)}
            | _without(asdict(casting), "casting_id", "scene_id", "person_id")
            | {"is_overridden": bool(casting.is_overridden)}
            for casting in self._snapshot.castings
        ]

    def takes(self, mixes: Mapping[int, Mix]) -> list[Row]:
        rows: list[Row] = []
        for take in self._snapshot.takes:
            mix = mixes.get(take.take_id)
            facts = _without(asdict(take), "take_id", "scene_id", "number", "duration_samples")
            facts |= {"duration": _seconds(take.duration_samples), "mix": mix and mix.file.path}
            facts["mixed_speakers"] = sorted(self._index.name(one) for one in mix.person_ids) if mix else []
            rows.append(self._take(take.take_id) | facts)
        return rows

    def track(self, track: TrackRecord) -> Row:
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
        """Of people whose castings are exported."""
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
        return [
            self._clip(rating.turn_id)
            | {"rater_id": self._index.name(rating.rater_id), "is_partner": bool(rating.is_partner)}
            | _without(asdict(rating), "turn_id", "rater_id", "is_partner")
            for rating in self._snapshot.ratings
        ]

    def self_ratings(self) -> list[Row]:
        return [
            self._clip(rating.turn_id) | _without(asdict(rating), "turn_id", "person_id")
            for rating in self._snapshot.self_ratings
        ]

    def event(self, event: EventRecord) -> Row:
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
            "detail": public_detail(event.detail),
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

    def _target(self, turn: TurnRecord) -> Row:
        target = self._index.target(turn)
        return {"target_emotion": target and target.emotion, "target_intensity": target and target.intensity}

    def _scene(self, scene_id: int) -> Row:
        scene = self._index.scene(scene_id)
        return {"session": session_label(scene.session_id), "scene": scene.number}

    def _take(self, take_id: int) -> Row:
        place = self._index.place(take_id)
        return {"session": place.session, "scene": place.scene, "take": place.take}

    def _track(self, track_id: int) -> Row:
        track = self._index.track(track_id)
        return self._take(track.take_id) | {"speaker_id": self._index.name(track.person_id)}

    def _clip(self, turn_id: int) -> Row:
        turn = self._index.turn(turn_id)
        return {"clip_id": self._clip_ids[turn_id]} | self._track(turn.track_id) | {"turn": turn.number}


def _without(facts: Row, *names: str) -> Row:
    return {name: value for name, value in facts.items() if name not in names}


def _seconds(samples: int | None) -> float | None:
    return None if samples is None else samples / SAMPLE_RATE_HZ
