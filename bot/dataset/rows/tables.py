"""Makes the rows of the tables from a snapshot: pseudonyms for people, labels for places, seconds for samples."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict

from bot.dataset.model.contents import Contents
from bot.dataset.model.details import public_detail
from bot.dataset.model.index import session_label
from bot.dataset.model.labels import voice_direction_text
from bot.dataset.rows.answers import answer_rows
from bot.dataset.rows.columns import Row
from bot.dataset.rows.cues import cue_facts
from bot.dataset.rows.dialogues import dialogue_rows
from bot.dataset.rows.holes import hole_facts
from bot.dataset.rows.judgements import Judgements
from bot.dataset.rows.places import Places, seconds
from bot.dataset.rows.repeats import repeat_rows
from bot.dataset.rows.schema import TABLES
from bot.dataset.rows.voice_test import voice_test_rows
from bot.domain.ids import PersonId
from bot.domain.profile import SEVERAL, Profile, Question, profile_may_be_exported, shared_answers
from bot.store.records import CastingRow, Event, Rating, Scene, Session, SoundCheckRow, Take, Track
from bot.store.snapshot import Snapshot


def table_rows(contents: Contents) -> Mapping[str, Callable[[], Iterable[Row]]]:
    """Return what yields the rows of every table in TABLES, in the order in which things were stored."""
    rows = _Rows(contents)
    judgements = Judgements(contents)
    snapshot = contents.snapshot
    return {
        "turns": rows.turns,
        "dialogues": lambda: dialogue_rows(contents),
        "sessions": lambda: map(rows.session, snapshot.sessions),
        "scenes": lambda: map(rows.scene, snapshot.scenes),
        "castings": lambda: map(rows.casting, snapshot.castings),
        "takes": lambda: map(rows.take, snapshot.takes),
        "tracks": lambda: map(rows.track, snapshot.tracks),
        "sound_checks": lambda: map(rows.sound_check, snapshot.sound_checks),
        "holes": rows.holes,
        "cues": rows.cues,
        "side_coachings": rows.coachings,
        "ratings": lambda: map(rows.rating, snapshot.ratings),
        "self_ratings": rows.self_ratings,
        "answers": lambda: answer_rows(contents),
        "consensus": judgements.consensus,
        "agreement": judgements.agreement,
        "confusion": judgements.confusion,
        "hit_rates": judgements.hit_rates,
        "rater_agreement": judgements.rater_agreement,
        "repeat_consistency": lambda: repeat_rows(contents),
        "voice_test": lambda: voice_test_rows(contents),
        "events": lambda: map(rows.event, snapshot.events),
        "materials": rows.materials,
        "people": rows.people,
    }


class _Rows:
    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._snapshot: Snapshot = contents.snapshot
        self._index = contents.index
        self._places = Places(contents)

    def session(self, session: Session) -> Row:
        facts: Row = {
            "session": session_label(session.session_id),
            "software": session.software and json.loads(session.software),
            "dealt_emotions": list(session.emotions_dealt) or None,
        }
        return _row("sessions", session, facts)

    def scene(self, scene: Scene) -> Row:
        facts: Row = {
            "prompt_source": str(scene.prompt_source),
            "roles": scene.roles and json.loads(scene.roles),
            "topics": scene.tags and json.loads(scene.tags),
            "pull": scene.pull and json.loads(scene.pull),
        }
        return _row("scenes", scene, self._places.scene(scene.scene_id) | facts)

    def casting(self, casting: CastingRow) -> Row:
        first, second = self._index.intensities(casting)
        facts: Row = {
            "speaker_id": self._index.name(casting.person_id),
            "voice_direction": voice_direction_text(casting.voice_direction),
            "target_intensity": first,
            "second_intensity": second,
            "is_overridden": bool(casting.is_overridden),
        }
        return _row("castings", casting, self._places.scene(casting.scene_id) | facts)

    def take(self, take: Take) -> Row:
        mix = self._contents.mixes.get(take.take_id)
        tracks = self._index.tracks_of(take.take_id) if mix else ()
        facts: Row = {
            "duration": seconds(take.duration_samples),
            "mix": mix and mix.path,
            "mixed_speakers": sorted(self._index.name(track.person_id) for track in tracks),
        }
        return _row("takes", take, self._places.take(take.take_id) | self._index.kind(take.take_id) | facts)

    def track(self, track: Track) -> Row:
        file = self._contents.tracks[track.track_id]
        heard = self._pseudonym(track.heard_person_id)
        facts: Row = {
            "file": file.path,
            "duration": seconds(file.duration_samples),
            "speech": seconds(track.speech_samples),
            "heard_speaker_id": heard,
            "heard_db": track.heard_db if heard else None,
            "sha256": file.sha256,
        }
        return _row("tracks", track, self._places.track(track.track_id) | facts)

    def sound_check(self, check: SoundCheckRow) -> Row:
        facts: Row = {
            "session": session_label(check.session_id),
            "speaker_id": self._index.name(check.person_id),
            "heard_in_track_of": self._pseudonym(check.heard_in_track_of),
        }
        return _row("sound_checks", check, facts)

    def holes(self) -> Iterator[Row]:
        for hole in self._index.holes:
            yield self._places.take(hole.take_id) | hole_facts(hole, self._index)

    def cues(self) -> Iterator[Row]:
        """Yield the cues of people whose castings are exported."""
        people = {casting.casting_id: casting.person_id for casting in self._snapshot.castings}
        for cue in self._snapshot.cues:
            if cue.casting_id in people:
                name: Row = {"speaker_id": self._index.name(people[cue.casting_id])}
                yield self._places.take(cue.take_id) | name | cue_facts(cue)

    def coachings(self) -> Iterator[Row]:
        """Yield when people whose castings are exported were told something, without what they were told."""
        people = {casting.casting_id: casting.person_id for casting in self._snapshot.castings}
        for told in self._snapshot.coachings:
            if told.casting_id in people:
                facts: Row = {"speaker_id": self._index.name(people[told.casting_id])}
                yield self._places.take(told.take_id) | facts | {"at": seconds(told.position_samples)}

    def turns(self) -> Iterator[Row]:
        for turn in self._snapshot.turns:
            track = self._index.track(turn.track_id)
            who: Row = {"kind": str(self._index.scene_of(track.take_id).kind)}
            who |= {"speaker_id": self._index.name(track.person_id)}
            yield self._places.take(track.take_id) | who | self._places.turn(turn)

    def rating(self, rating: Rating) -> Row:
        facts: Row = {
            "rater_id": self._index.name(rating.rater_id),
            "is_partner": bool(rating.is_partner),
            "knew_prompt": bool(rating.knew_prompt),
            "is_absent": self._index.was_absent(rating.rater_id, rating.turn_id),
        }
        return _row("ratings", rating, self._places.clip(rating.turn_id) | facts)

    def self_ratings(self) -> Iterator[Row]:
        for rating in self._snapshot.self_ratings:
            yield _row("self_ratings", rating, self._places.clip(rating.turn_id))

    def event(self, event: Event) -> Row:
        assert event.session_id is not None  # the events of a snapshot are those of its sessions
        place: Row = {"session": session_label(event.session_id), "scene": None, "take": None}
        if event.take_id is not None:
            place = self._places.take(event.take_id)
        elif event.scene_id is not None:
            place |= self._places.scene(event.scene_id)
        return {
            "happened_at": event.happened_at,
            "event": event.kind,
            **place,
            "person": None if event.person_id is None else self._index.name(event.person_id),
            "clip_id": self._places.clip_id(json.loads(event.detail).get("turn_id")),
            "detail": public_detail(event.kind, event.detail),
        }

    def materials(self) -> Iterator[Row]:
        for material in sorted(self._snapshot.materials, key=lambda one: (one.kind, one.name, one.sha256)):
            yield _row("materials", material, {"content": json.loads(material.content)})

    def people(self) -> Iterator[Row]:
        tracks = Counter(track.person_id for track in self._snapshot.tracks)
        turns = map(self._index.turn, self._contents.clip_bytes)
        clips = Counter(self._index.track(turn.track_id).person_id for turn in turns)
        ratings = Counter(rating.rater_id for rating in self._snapshot.ratings)
        raters = {trial.rater_id for trial in self._snapshot.trials}
        here = {one for one in self._snapshot.pseudonyms if tracks[one] or ratings[one] or one in raters}
        profiles = self._profiles(here)
        for person_id, name in sorted(self._snapshot.pseudonyms.items(), key=lambda item: item[1]):
            if person_id in here:
                yield {
                    "person": name,
                    "split": self._contents.splits.of_speaker.get(name),
                    "tracks": tracks[person_id],
                    "clips": clips[person_id],
                    "ratings": ratings[person_id],
                    "consents": sorted(self._snapshot.scopes_of(person_id)),
                    **profiles.get(person_id, _UNSAID),
                }

    def _profiles(self, here: Collection[PersonId]) -> dict[PersonId, Row]:
        """Return what people of the dataset say about themselves, as far as it may be exported."""
        permitted = {
            person: profile
            for person, profile in self._snapshot.profiles.items()
            if person in here and profile_may_be_exported(self._snapshot.scopes_of(person))
        }
        return {person: _said(profile) for person, profile in shared_answers(permitted).items()}

    def _pseudonym(self, person_id: PersonId | None) -> str | None:
        return None if person_id is None else self._snapshot.pseudonyms.get(person_id)


def _said(profile: Profile) -> Row:
    said: Row = {question.value: profile.get(question) for question in Question}
    return said | {one.value: profile[one].split() for one in SEVERAL if one in profile}


_UNSAID: Row = _said({})


def _row(table: str, record: object, facts: Row) -> Row:
    """Return a table's columns, from a record and further facts. Everything else in the record is not exported."""
    known = asdict(record) | facts  # type: ignore[call-overload] - a record is a dataclass
    return {name: known[name] for name in TABLES[table].head}
