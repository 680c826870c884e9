"""Makes the rows of a log from a snapshot: pseudonyms for people, numbers for places, seconds for samples. Pure.

As long as a session is open, a coordinator may still play or rate in it. Until it ends, its rows therefore have neither
what cards say nor what raters answered. Consents are never in them: who consents to which purpose is no part of the
evening.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

from bot.dataset.log.log_tables import LOG_TABLES
from bot.dataset.model.details import public_detail, without_ids
from bot.dataset.model.index import Index, session_label
from bot.dataset.rows.columns import Row
from bot.dataset.rows.cues import cue_facts
from bot.dataset.rows.holes import hole_facts
from bot.domain.events.kinds import EventKind
from bot.domain.ids import PersonId, SceneId, SessionId, TakeId, TurnId
from bot.samples import SAMPLE_RATE_HZ
from bot.store.records import CastingRow, Cue, Event, Note, Session, SoundCheckRow, TargetedTurn, Track
from bot.store.snapshot import Snapshot

ON_THE_CARD: Final = (
    "role",
    "want",
    "character",
    "target_emotion",
    "target_intensity",
    "second_emotion",
    "second_intensity",
    "cue_cause",
)
"""Columns of what only the performer sees until the session has ended."""

_CONSENTS: Final = frozenset({EventKind.CONSENT_GRANTED, EventKind.CONSENT_WITHDRAWN})
_OF_A_CUE: Final = frozenset(
    {
        EventKind.CUE_GIVEN,
        EventKind.CUE_UNDELIVERED,
        EventKind.CUE_ACKNOWLEDGED,
        EventKind.CUE_ASKED_ABOUT,
        EventKind.CUE_ANSWERED,
    }
)


def log_rows(snapshot: Snapshot) -> dict[str, list[Row]]:
    """Return the rows of every table in LOG_TABLES, in the order in which things were stored.

    The snapshot must contain only what the consent in force covers.
    """
    rows = _Rows(snapshot)
    found: dict[str, Iterable[Row]] = {
        "sessions": map(rows.session, snapshot.sessions),
        "scenes": (asdict(one) | rows.scene(one.scene_id) for one in snapshot.scenes),
        "castings": map(rows.casting, snapshot.castings),
        "takes": (
            asdict(one)
            | rows.take(one.take_id)
            | rows.index.kind(one.take_id)
            | {"duration": _seconds(one.duration_samples)}
            for one in snapshot.takes
        ),
        "tracks": map(rows.track, snapshot.tracks),
        "holes": (rows.take(one.take_id) | hole_facts(one, rows.index) for one in rows.index.holes),
        "cues": rows.cues(),
        "side_coachings": rows.coachings(),
        "turns": map(rows.turn, snapshot.turns),
        "ratings": rows.ratings(),
        "self_ratings": rows.self_ratings(),
        "events": rows.events(),
        "notes": map(rows.note, snapshot.notes),
        "sound_checks": map(rows.sound_check, snapshot.sound_checks),
    }
    return {
        name: [{column: row[column] for column in table.head} for row in found[name]]
        for name, table in LOG_TABLES.items()
    }


class _Rows:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.index = Index(snapshot)
        self._is_open = {session.session_id: session.is_open for session in snapshot.sessions}

    def session(self, session: Session) -> Row:
        # The seed determines what is dealt.
        seed = None if session.is_open else session.seed
        return asdict(session) | {"session": session_label(session.session_id), "seed": seed}

    def scene(self, scene_id: SceneId) -> Row:
        scene = self.index.scene(scene_id)
        return {"session": session_label(scene.session_id), "scene": scene.number, "take": None}

    def take(self, take_id: TakeId) -> Row:
        take = self.index.take(take_id)
        return self.scene(take.scene_id) | {"take": take.number}

    def casting(self, casting: CastingRow) -> Row:
        first, second = self.index.intensities(casting)
        row = asdict(casting) | self.scene(casting.scene_id) | {"speaker_id": self.index.name(casting.person_id)}
        row |= {"target_intensity": first, "second_intensity": second, "is_overridden": bool(casting.is_overridden)}
        return row | dict.fromkeys(ON_THE_CARD) if self._is_unended(casting.scene_id) else row

    def track(self, track: Track) -> Row:
        facts = {"duration": _seconds(track.duration_samples), "speech": _seconds(track.speech_samples)}
        return asdict(track) | self._performer(track) | facts

    def cues(self) -> Iterable[Row]:
        """Yield the cues of people whose castings are in the log."""
        people = {casting.casting_id: casting.person_id for casting in self._snapshot.castings}
        for cue in self._snapshot.cues:
            if cue.casting_id in people and not self._is_unended(self.index.take(cue.take_id).scene_id):
                yield self._cue(cue, people[cue.casting_id])

    def coachings(self) -> Iterable[Row]:
        """Yield what people whose castings are in the log were told: it may say what is on their cards."""
        people = {casting.casting_id: casting.person_id for casting in self._snapshot.castings}
        for told in self._snapshot.coachings:
            if told.casting_id in people and not self._is_unended(self.index.take(told.take_id).scene_id):
                facts = {"speaker_id": self.index.name(people[told.casting_id]), "text": without_ids(told.text)}
                yield self.take(told.take_id) | facts | {"at": _seconds(told.position_samples)}

    def turn(self, turn: TargetedTurn) -> Row:
        row = asdict(turn) | self._speech(turn.turn_id)
        row |= {"start": _seconds(turn.start_samples), "end": _seconds(turn.end_samples)}
        return row | dict.fromkeys((*ON_THE_CARD, "target_claim")) if self._is_unended_turn(turn.turn_id) else row

    def ratings(self) -> Iterable[Row]:
        """Yield what raters answered in sessions that have ended."""
        for rating in self._snapshot.ratings:
            if not self._is_unended_turn(rating.turn_id):
                flags = {
                    "is_partner": bool(rating.is_partner),
                    "knew_prompt": bool(rating.knew_prompt),
                    "is_absent": self.index.was_absent(rating.rater_id, rating.turn_id),
                }
                facts = {"rater_id": self.index.name(rating.rater_id)} | flags
                yield asdict(rating) | self._speech(rating.turn_id) | facts

    def self_ratings(self) -> Iterable[Row]:
        """Yield what performers felt in sessions that have ended."""
        for rating in self._snapshot.self_ratings:
            if not self._is_unended_turn(rating.turn_id):
                yield asdict(rating) | self._speech(rating.turn_id)

    def events(self) -> Iterable[Row]:
        """Yield what happened, without consents and, until the session has ended, without whose emotion shifts."""
        for event in self._snapshot.events:
            assert event.session_id is not None  # the events of a snapshot are those of its sessions
            if event.kind not in (_CONSENTS | _OF_A_CUE if self._is_open[event.session_id] else _CONSENTS):
                yield self._event(event)

    def note(self, note: Note) -> Row:
        facts = {"at": _seconds(note.position_samples), "text": without_ids(note.text)}
        return asdict(note) | self._place(note.session_id, note.scene_id, note.take_id) | facts

    def sound_check(self, check: SoundCheckRow) -> Row:
        heard_in = check.heard_in_track_of
        return asdict(check) | {
            "session": session_label(check.session_id),
            "speaker_id": self.index.name(check.person_id),
            "heard_in_track_of": None if heard_in is None else self.index.name(heard_in),
        }

    def _cue(self, cue: Cue, person_id: PersonId) -> Row:
        return self.take(cue.take_id) | {"speaker_id": self.index.name(person_id)} | cue_facts(cue)

    def _event(self, event: Event) -> Row:
        assert event.session_id is not None
        # What a part was before it was changed by hand is what was dealt.
        is_card = event.kind == EventKind.CASTING_OVERRIDDEN and self._is_open[event.session_id]
        return self._place(event.session_id, event.scene_id, event.take_id) | {
            "happened_at": event.happened_at,
            "event": event.kind,
            "person": None if event.person_id is None else self.index.name(event.person_id),
            "detail": {} if is_card else public_detail(event.kind, event.detail),
        }

    def _place(self, session_id: SessionId, scene_id: SceneId | None, take_id: TakeId | None) -> Row:
        if take_id is not None:
            return self.take(take_id)
        if scene_id is not None:
            return self.scene(scene_id)
        return {"session": session_label(session_id), "scene": None, "take": None}

    def _performer(self, track: Track) -> Row:
        return self.take(track.take_id) | {"speaker_id": self.index.name(track.person_id)}

    def _speech(self, turn_id: TurnId) -> Row:
        turn = self.index.turn(turn_id)
        return self._performer(self.index.track(turn.track_id)) | {"turn": turn.number}

    def _is_unended(self, scene_id: SceneId) -> bool:
        return self._is_open[self.index.scene(scene_id).session_id]

    def _is_unended_turn(self, turn_id: TurnId) -> bool:
        take = self.index.take(self.index.track(self.index.turn(turn_id).track_id).take_id)
        return self._is_unended(take.scene_id)


def _seconds(samples: int | None) -> float | None:
    return None if samples is None else samples / SAMPLE_RATE_HZ
