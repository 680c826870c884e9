"""Everything that the store holds about sessions at one moment: the source of an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.consent_terms import Scope
from bot.domain.ids import PersonId, SessionId, TrackId
from bot.domain.permission import Wanted, permitted
from bot.domain.profile import Profile
from bot.domain.standing import Standings
from bot.samples import Span
from bot.store.records import (
    AnswerRow,
    CastingRow,
    Cue,
    Event,
    Hole,
    Material,
    Note,
    Rating,
    Scene,
    SelfRating,
    Session,
    SideCoaching,
    SoundCheckRow,
    Take,
    TargetedTurn,
    Track,
    Transcript,
    Trial,
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything about sessions at one moment, in the order in which it was stored.

    `materials` are what its sessions and scenes refer to, `notes` what coordinators wrote, which may name people.
    `pseudonyms` are those of everyone, by person id. `standings` are those of consents on the server of each session,
    by session and person id, for everyone who ever consented to anything, `read_at` when. `private_ids` are Discord's
    ids of people and places.
    `left_out` are stretches of tracks that their performers left out: their turns and what was said about them are not
    here. `plain_emotions` are emotions without degrees, each with its emotion set: the store holds the lowest intensity
    for them, and an export none. `profiles` are everyone's, whether or not they may be exported. `transcripts` are
    those of `turns`. `trials` are those that were answered; `ratings` and `self_ratings` are the same answers in
    columns. `absent_raters` were not in a session's channel when they began to rate it.
    """

    sessions: list[Session]
    scenes: list[Scene]
    castings: list[CastingRow]
    takes: list[Take]
    tracks: list[Track]
    holes: list[Hole]
    cues: list[Cue]
    coachings: list[SideCoaching]
    turns: list[TargetedTurn]
    ratings: list[Rating]
    self_ratings: list[SelfRating]
    events: list[Event]
    materials: list[Material]
    sound_checks: list[SoundCheckRow]
    notes: list[Note]
    pseudonyms: dict[PersonId, str]
    standings: dict[tuple[SessionId, PersonId], Standings]
    read_at: str
    private_ids: frozenset[int]
    plain_emotions: frozenset[tuple[str, str]] = frozenset()
    profiles: Mapping[PersonId, Profile] = field(default_factory=dict[PersonId, Profile])
    trials: list[Trial] = field(default_factory=list[Trial])
    answers: list[AnswerRow] = field(default_factory=list[AnswerRow])
    transcripts: list[Transcript] = field(default_factory=list[Transcript])
    left_out: frozenset[tuple[TrackId, Span]] = frozenset()
    absent_raters: frozenset[tuple[SessionId, PersonId]] = frozenset()

    @property
    def scopes(self) -> dict[tuple[SessionId, PersonId], frozenset[Scope]]:
        """The scopes that are in force now, by session and person."""
        return {key: self.scopes_there(*key) for key in self.standings}

    def permits(self, session_id: SessionId, person_id: PersonId | None, wanted: Wanted) -> bool:
        """Whether a person permits a use of what comes from a session."""
        found = self.standings.get((session_id, person_id)) if person_id is not None else None
        return found is not None and bool(permitted(found, wanted, self.read_at))

    def scopes_there(self, session_id: SessionId, person_id: PersonId, made_at: str | None = None) -> frozenset[Scope]:
        """Return the scopes that cover what a person made in a session at a time; None is what would be made now."""
        found = self.standings.get((session_id, person_id), {})
        return frozenset(scope for scope, one in found.items() if one.refusal(made_at, self.read_at) is None)

    def scopes_of(self, person_id: PersonId) -> frozenset[Scope]:
        """Return what a person consents to on every server of these sessions that knows them; nothing if none does."""
        found = [scopes for (_, person), scopes in self.scopes.items() if person == person_id]
        return frozenset(scope for scope in Scope if found and all(scope in scopes for scopes in found))
