"""Ids as types, so that one cannot be taken for another. At run time each is an int."""

from __future__ import annotations

from typing import NewType

GuildId = NewType("GuildId", int)
"""Discord's id of a server."""

UserId = NewType("UserId", int)
"""Discord's id of a person. It stays in the store: an export knows pseudonyms only."""

PersonId = NewType("PersonId", int)
"""A person in the store, whatever Discord calls them."""

SessionId = NewType("SessionId", int)
SceneId = NewType("SceneId", int)
CastingId = NewType("CastingId", int)
TakeId = NewType("TakeId", int)
TrackId = NewType("TrackId", int)
TurnId = NewType("TurnId", int)
EventId = NewType("EventId", int)
