"""One record per table: frozen, with the table's columns as its fields. Functions that read a table return these.

A record that extends another one is a row of a join: the table's columns and further ones. Times are UTC, ISO 8601 with
milliseconds. Positions and durations are samples at 48 kHz, positions since the take's start.
"""

from __future__ import annotations

from bot.store.records.erased import Erasure, OperatorAct, ReleasedSound
from bot.store.records.judged import AbsentRater, AnswerRow, Invitation, PromptShown, Rating, SelfRating, Trial
from bot.store.records.noted import Event, Note, PlacedNote, Transcript
from bot.store.records.paid import PayCorrection, PayProceeds, PayRate, PayWork
from bot.store.records.people import (
    Attendance,
    ConsentRow,
    ConsentTextRow,
    CueChoice,
    GuildChoices,
    Operator,
    Person,
    ProfileAnswer,
    TargetsSeen,
)
from bot.store.records.played import (
    CastingRow,
    Cue,
    Material,
    PerformerCasting,
    PerformerCue,
    Scene,
    Session,
    SideCoaching,
)
from bot.store.records.recorded import (
    Hole,
    SoundCheckRow,
    SoundFacts,
    Take,
    TargetedTurn,
    Track,
    TrackFacts,
    Turn,
)
from bot.store.records.released import Release, SpeakerSplit, Use, UsePerson
from bot.store.records.reviewed import ReviewFirst, TurnReview
from bot.store.records.scheduled import Reminder, ScheduledSession, SignUp, Unreminded
from bot.store.records.told import Notice, ReceiptRow, Retention

__all__ = [
    "AbsentRater",
    "AnswerRow",
    "Attendance",
    "CastingRow",
    "ConsentRow",
    "ConsentTextRow",
    "Cue",
    "CueChoice",
    "Erasure",
    "Event",
    "GuildChoices",
    "Hole",
    "Invitation",
    "Material",
    "Note",
    "Notice",
    "Operator",
    "OperatorAct",
    "PayCorrection",
    "PayProceeds",
    "PayRate",
    "PayWork",
    "PerformerCasting",
    "PerformerCue",
    "Person",
    "PlacedNote",
    "ProfileAnswer",
    "PromptShown",
    "Rating",
    "ReceiptRow",
    "Release",
    "ReleasedSound",
    "Reminder",
    "Retention",
    "ReviewFirst",
    "Scene",
    "ScheduledSession",
    "SelfRating",
    "Session",
    "SideCoaching",
    "SignUp",
    "SoundCheckRow",
    "SoundFacts",
    "SpeakerSplit",
    "Take",
    "TargetedTurn",
    "TargetsSeen",
    "Track",
    "TrackFacts",
    "Transcript",
    "Trial",
    "Turn",
    "TurnReview",
    "Unreminded",
    "Use",
    "UsePerson",
]
