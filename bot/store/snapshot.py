"""Everything that the store holds about sessions at one moment: the source of an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.consent import Scope
from bot.domain.ids import PersonId, SessionId
from bot.domain.profile import Profile
from bot.store.records import (
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
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything about sessions at one moment, in the order in which it was stored.

    `materials` are what its sessions and scenes refer to, `notes` what coordinators wrote, which may name people.
    `pseudonyms` are those of everyone, by person id. `scopes` are in force on the server of each session, by session
    and person id, for everyone who ever consented to anything. `private_ids` are Discord's ids of people and places.
    `plain_emotions` are emotions without degrees, each with its emotion set: the store holds the lowest intensity for
    them, and an export none. `profiles` are everyone's, whether or not they may be exported.
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
    scopes: dict[tuple[SessionId, PersonId], frozenset[Scope]]
    private_ids: frozenset[int]
    plain_emotions: frozenset[tuple[str, str]] = frozenset()
    profiles: Mapping[PersonId, Profile] = field(default_factory=dict[PersonId, Profile])

    def scopes_of(self, person_id: PersonId) -> frozenset[Scope]:
        """Return what a person consents to on every server of these sessions that knows them; nothing if none does."""
        found = [scopes for (_, person), scopes in self.scopes.items() if person == person_id]
        return frozenset(scope for scope in Scope if found and all(scope in scopes for scopes in found))
