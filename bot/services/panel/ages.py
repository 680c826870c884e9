"""How old panels are by Discord's clock, and when one is to be posted again.

Discord limits edits of messages that are more than an hour old, so a panel is replaced before that.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.ids import SessionId
from bot.live.errands import Errands
from bot.live.ports import Clock

OLD_SECONDS = 3_600.0
POST_AGAIN_SECONDS = 55 * 60.0
"""When a panel is replaced: early enough for some attempts before it is an hour old."""


class Ages:
    """The panels' moments of posting on the monotonic clock; `is_due_now` is called once one is to be posted again."""

    def __init__(self, clock: Clock, errands: Errands, is_due_now: Callable[[SessionId], None]) -> None:
        self._clock = clock
        self._errands = errands
        self._is_due_now = is_due_now
        self._posted_at: dict[SessionId, float] = {}
        self._watched: set[SessionId] = set()

    def is_now(self, session_id: SessionId, age_seconds: float) -> None:
        """Discord has said how old the panel of an open session is."""
        self._posted_at[session_id] = self._clock.monotonic() - age_seconds
        if self.is_due(session_id):
            self._is_due_now(session_id)
        elif session_id not in self._watched:
            self._watched.add(session_id)
            self._errands.run(self._watch(session_id), f"age of the panel of session {session_id}")

    def forget(self, session_id: SessionId) -> None:
        """A session has ended, and its panel shows it: it is never posted again."""
        self._posted_at.pop(session_id, None)

    def is_due(self, session_id: SessionId) -> bool:
        """Whether the panel is to be posted again because of its age."""
        return self._age(session_id) >= POST_AGAIN_SECONDS

    def is_old(self, session_id: SessionId) -> bool:
        """Whether Discord limits its edits."""
        return self._age(session_id) >= OLD_SECONDS

    def _age(self, session_id: SessionId) -> float:
        posted_at = self._posted_at.get(session_id)
        return 0.0 if posted_at is None else self._clock.monotonic() - posted_at

    async def _watch(self, session_id: SessionId) -> None:
        """Wait until the panel is due, however often it is posted again meanwhile, or until the session has ended."""
        try:
            while (posted_at := self._posted_at.get(session_id)) is not None and not self.is_due(session_id):
                await self._clock.sleep_until(posted_at + POST_AGAIN_SECONDS)
        finally:
            self._watched.discard(session_id)
        if self.is_due(session_id):
            self._is_due_now(session_id)
