"""What is written down about a session: the event log, the coordinators' notes, and transcripts of turns."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import EventId, PersonId, SceneId, SessionId, TakeId, TurnId


@dataclass(frozen=True, slots=True)
class Event:
    """A row of `events`: what happened, and when. `kind` is in the past tense.

    An id is None if the event does not concern such a thing, or must not name anyone. `detail` is a JSON object of
    numbers and words, without names. It is as it was logged; only a part of it can be exported.
    """

    event_id: EventId
    session_id: SessionId | None
    scene_id: SceneId | None
    take_id: TakeId | None
    person_id: PersonId | None
    kind: str
    detail: str
    happened_at: str


@dataclass(frozen=True, slots=True)
class Note:
    """A row of `notes`: a coordinator's note of at most 1,000 characters.

    `position_samples` is on the clock of the take; None if no take was running.
    """

    note_id: int
    session_id: SessionId
    scene_id: SceneId | None
    take_id: TakeId | None
    position_samples: int | None
    text: str
    written_at: str


@dataclass(frozen=True, slots=True)
class PlacedNote(Note):
    """A note with the numbers of its scene and its take; each is None if the note belongs to none."""

    scene_number: int | None
    take_number: int | None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A row of `transcripts`: what was said in a turn, in its speaker's words. A turn has at most one.

    `source` is who or what wrote it down: a program with its version, or a role.
    """

    turn_id: TurnId
    text: str
    source: str
    added_at: str
