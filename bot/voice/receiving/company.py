"""Who else is in the call, and which SSRC is whose, as the voice gateway reports it. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from bot.domain.ids import UserId
from bot.voice.receiving.receiver import FrameReceived, Receiver

SPEAKING: Final = 5
CLIENTS_CONNECT: Final = 11
CLIENT_CONNECT: Final = 12
CLIENT_DISCONNECT: Final = 13


class Company:
    """Everyone else in the call. A receiver learns from it who speaks, and whose keys it can try."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._users: set[UserId] = set()
        receiver.use_roster(lambda: self._users)

    @property
    def users(self) -> frozenset[UserId]:
        """Who is in the call now."""
        return frozenset(self._users)

    def is_now(self, users: Iterable[UserId]) -> None:
        """Start again with these users: another link is in use, and they are all that it knows of."""
        self._users = set(users)

    def told(self, op: int, data: dict[str, Any], now: float) -> list[FrameReceived]:
        """Take a text operation of the voice gateway; return the frames that were waiting for it."""
        if op == SPEAKING and "user_id" in data:
            return self._came(UserId(int(data["user_id"])), int(data["ssrc"]), now)
        if op == CLIENTS_CONNECT:
            self._users.update(UserId(int(user_id)) for user_id in data["user_ids"])
        elif op == CLIENT_CONNECT:
            return self._came(UserId(int(data["user_id"])), int(data.get("audio_ssrc") or 0), now)
        elif op == CLIENT_DISCONNECT:
            user_id = UserId(int(data["user_id"]))
            self._users.discard(user_id)
            self._receiver.user_left(user_id, now)
        return []

    def _came(self, user_id: UserId, ssrc: int, now: float) -> list[FrameReceived]:
        self._users.add(user_id)
        return self._receiver.speaking(ssrc, user_id, now) if ssrc else []
