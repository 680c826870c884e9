"""What is written down beside it all: the event log, and what coordinators noted."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import EventId, PersonId, SceneId, SessionId, TakeId


@dataclass(frozen=True, slots=True)
class Event:
    """A row of `events`: what happened when. `kind` is in the past tense.

    Ids are None where it was not about such a thing, or where nobody may be named. `detail` is a JSON object of numbers
    and words, without names; it is as it was logged, not yet fit for strangers.
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
    """A row of `notes`: what a coordinator wrote down, in at most 1,000 characters.

    `position_samples` is on the clock of the take, None when no take was running.
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
    """A note with the numbers of its scene and its take, None where it belongs to none."""

    scene_number: int | None
    take_number: int | None
