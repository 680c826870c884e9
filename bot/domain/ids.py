"""Ids as types, so that one cannot be mistaken for another. At run time each is an int, and a token is text."""

from __future__ import annotations

from typing import NewType

GuildId = NewType("GuildId", int)
"""Discord's id of a server."""

UserId = NewType("UserId", int)
"""Discord's id of a person. It stays in the store: an export holds only pseudonyms."""

PersonId = NewType("PersonId", int)
"""The store's own id of a person."""

SessionId = NewType("SessionId", int)
SceneId = NewType("SceneId", int)
CastingId = NewType("CastingId", int)
TakeId = NewType("TakeId", int)
TrackId = NewType("TrackId", int)
TurnId = NewType("TurnId", int)
TrialId = NewType("TrialId", int)
TrialToken = NewType("TrialToken", str)
"""A random name of a trial, for buttons and forms: it says nothing about the trial."""

EventId = NewType("EventId", int)
ScheduledId = NewType("ScheduledId", int)
InvitationId = NewType("InvitationId", int)

ReleaseId = NewType("ReleaseId", int)
"""The version number of a dataset: 1 for the first, and one more for each with other content."""
