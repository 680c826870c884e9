"""Who else is in the call, and which SSRC is whose, as the voice gateway reports it. No I/O, no clock.

Op 13 names a person who disconnected, but not which of their sessions: someone who switches devices has two for a
moment, and the order of the old one's op 13 and the new one's ops 11 and 5 is documented nowhere. So op 13 ends the
older of a person's SSRCs if they have several, and their last one only if there is no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from bot.domain.ids import UserId

SPEAKING: Final = 5
CLIENTS_CONNECT: Final = 11
CLIENT_CONNECT: Final = 12
CLIENT_DISCONNECT: Final = 13


@dataclass(frozen=True, slots=True)
class Named:
    """What comes on this SSRC is this person's."""

    user_id: UserId
    ssrc: int


@dataclass(frozen=True, slots=True)
class Ended:
    """These SSRCs are no longer this person's, who may have others."""

    user_id: UserId
    ssrcs: frozenset[int]


News = Named | Ended


class Roster:
    """Everyone else in one call. `own_id` never counts: op 11 may list it."""

    def __init__(self, own_id: int) -> None:
        self._own_id = own_id
        self._users: set[UserId] = set()
        self._gone: set[UserId] = set()
        self._ssrcs: dict[UserId, list[int]] = {}

    @property
    def users(self) -> frozenset[UserId]:
        """Who is in the call now."""
        return frozenset(self._users)

    @property
    def heard_of(self) -> frozenset[UserId]:
        """Who is or was in the call. Only decryption proves whose an unnamed SSRC is, so a wrong guess does no harm."""
        return frozenset(self._users | self._gone)

    def told(self, op: int, data: dict[str, Any]) -> News | None:
        """Take a text operation of the voice gateway; return what it says about an SSRC."""
        if op == CLIENTS_CONNECT:
            for user_id in data["user_ids"]:
                self._came(UserId(int(user_id)))
        elif op in (SPEAKING, CLIENT_CONNECT) and data.get("user_id") is not None:
            return self._named(UserId(int(data["user_id"])), int(data.get(_SSRC_KEYS[op]) or 0))
        elif op == CLIENT_DISCONNECT:
            return self._left(UserId(int(data["user_id"])))
        return None

    def _came(self, user_id: UserId) -> None:
        if user_id != self._own_id:
            self._users.add(user_id)
            self._gone.discard(user_id)

    def _named(self, user_id: UserId, ssrc: int) -> Named | None:
        self._came(user_id)
        if user_id == self._own_id or not ssrc:
            return None
        for others in self._ssrcs.values():
            if ssrc in others:
                others.remove(ssrc)
        self._ssrcs.setdefault(user_id, []).append(ssrc)
        return Named(user_id, ssrc)

    def _left(self, user_id: UserId) -> Ended | None:
        if user_id == self._own_id:
            return None
        ssrcs = self._ssrcs.get(user_id, [])
        if len(ssrcs) > 1:
            self._ssrcs[user_id] = ssrcs[-1:]
            return Ended(user_id, frozenset(ssrcs[:-1]))
        self._users.discard(user_id)
        self._gone.add(user_id)
        return Ended(user_id, frozenset(self._ssrcs.pop(user_id, ())))


_SSRC_KEYS: Final = {SPEAKING: "ssrc", CLIENT_CONNECT: "audio_ssrc"}
