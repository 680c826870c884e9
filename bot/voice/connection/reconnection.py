"""What to do about a voice connection that ends: event in, decision out. No I/O and no clock: `now` is passed in.

How a voice connection heals
----------------------------

A connection needs three things, and each can fail alone: the main gateway says that we are in the channel and where
its voice server is (the *credentials*), a websocket to that server has a *session*, and the session is let into the
channel's DAVE group (the *key*). There are three ways back, from the cheapest to the most expensive:

- *resume*: a new websocket for the old session. The DAVE group and its keys stay, so that nothing is lost but the
  packets of the outage. Discord allows this after most close codes.
- *identify*: a new session with the credentials at hand. It has to be let into the group, which takes a moment.
- *rejoin*: leave and join the channel through the main gateway, for new credentials.

        closed ──► RESUME ──refused──► IDENTIFY ──refused──► REJOIN ──► again, with growing pauses
           │          │ opened             │ opened             │ opened
           │          ▼                    ▼                    ▼
           │       restored          key within 5 s?  ──no──► REJOIN
           │                               │ yes
           ├─ 4006: begin with IDENTIFY    ▼
           ├─ 4014: await news          restored
           ├─ 4022: await news, 2 s at most, then REJOIN
           └─ 4021, removed, channel deleted, or an outage of 20 s: give up

After 4014 only the main gateway knows what happened: we were moved (VOICE_STATE_UPDATE names another channel, and new
credentials follow), the server moves (VOICE_SERVER_UPDATE), or we were removed. 4022 disconnects everyone, because the
channel was deleted or its voice server changed; the VOICE_SERVER_UPDATE of a change can come before it or after it. If
that names no endpoint, Discord is still looking for a server, and no attempt is made before it has found one.

UDP can be dead while the websocket lives (`pings`): a new session brings a new socket. A connection that ends again
within 5 s has not been fixed: the same outage continues, its attempts begin further down the list, and its time limit
still runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import inf
from typing import Final

from bot.voice.connection.close_codes import (
    CALL_ENDED,
    CHANNEL_GONE,
    DISCONNECTED,
    RATE_LIMITED,
    REMOVED,
    SESSION_INVALID,
    reason_for,
)

DEADLINE_SECONDS: Final = 20.0
"""An outage that lasts longer ends the connection: no one should play on to a dead microphone."""

CREDENTIALS_SECONDS: Final = 2.0
"""How long the new credentials may take after a move is reported or a call has ended; mostly they take 20 ms."""

KEY_SECONDS: Final = 5.0
"""How long a new session may take to be let into the DAVE group before the channel is joined again."""

STEADY_SECONDS: Final = 5.0
"""A connection that ends sooner after an outage has not been fixed: the same outage continues."""

UNREACHABLE_SECONDS: Final = 0.25
"""The pause before the second attempt if the first one got no answer at all, for example while a server restarts."""


class Step(Enum):
    """A way back. Its value is how long an attempt may take, in seconds."""

    RESUME = 3.0
    IDENTIFY = 4.0
    REJOIN = 8.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """Try `step` at the time `at` (monotonic seconds), in place of the current attempt.

    A link that still works goes on until the new one works.
    """

    step: Step
    at: float


@dataclass(frozen=True, slots=True)
class AwaitNews:
    """Try nothing until the main gateway sends more."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """End the connection for this reason."""

    reason: str


Decision = Attempt | AwaitNews | GiveUp | None
"""None means: go on with what is under way."""


class Reconnection:
    """The rules of one connection, from the first time it joins to its end.

    Report every event to it, call `tick` several times per second, and carry out what it decides.
    """

    def __init__(self) -> None:
        self._lost_since: float | None = None
        self._first_lost = -inf
        self._restored_at = -inf
        self._relapses = 0
        self._step: Step | None = None
        self._failures = 0
        self._moved = self._has_no_server = self._is_optional = False
        self._credentials_by = inf
        self._key_by = inf
        self._server_told_at = -inf

    @property
    def is_lost(self) -> bool:
        """Whether the connection is in an outage."""
        return self._lost_since is not None

    @property
    def is_settled(self) -> bool:
        """Whether the connection waits for nothing: neither a way back nor the key of a new session."""
        return not self.is_lost and self._key_by == inf

    def closed(self, code: int | None, now: float) -> Decision:
        """Decide after the websocket ended with this code; None if it broke or its reader failed."""
        self._key_by = inf
        self._lose(now)
        if code == RATE_LIMITED:
            return GiveUp(reason_for(code))
        if self._step is not None:
            self._is_optional = False
            return None
        if code == CALL_ENDED and now < self._server_told_at + STEADY_SECONDS:
            return self._attempt(Step.IDENTIFY, now)  # the news of the change came before it
        if code in (DISCONNECTED, CALL_ENDED) or self._has_no_server:
            return self._await_news(now, for_long=code != CALL_ENDED and not self._moved)
        if self._relapses < 2:
            return self._attempt(Step.IDENTIFY if code == SESSION_INVALID else Step.RESUME, now)
        pause = 0.25 * 2 ** min(self._relapses - 1, 4)
        return self._attempt(Step.IDENTIFY if self._relapses == 2 else Step.REJOIN, now + pause)

    def udp_died(self, now: float) -> Decision:
        """Decide after nothing came over UDP any more, although the websocket lives."""
        self._lose(now)
        return None if self._step is not None else self._attempt(Step.IDENTIFY, now)

    def state_told(self, is_there: bool, is_moved: bool, now: float) -> Decision:
        """Decide after a VOICE_STATE_UPDATE about ourselves that we did not ask for."""
        if not is_there:
            self._lose(now)
            return GiveUp(REMOVED)
        self._moved = self._moved or is_moved
        if self.is_lost and self._step is None and not self._has_no_server:
            self._credentials_by = min(self._credentials_by, now + CREDENTIALS_SECONDS)
        return None

    def server_told(self, has_endpoint: bool, now: float) -> Decision:
        """Decide after a VOICE_SERVER_UPDATE that we did not ask for. Without an endpoint, no server is found yet."""
        self._has_no_server = not has_endpoint
        if not has_endpoint:
            return self._await_news(now, for_long=True) if self.is_lost else None
        self._moved = False
        self._server_told_at = now
        return self._attempt(Step.IDENTIFY, now)

    def channel_deleted(self, now: float) -> Decision:
        """Decide after the channel has ceased to exist during an outage."""
        self._lose(now)
        return GiveUp(CHANNEL_GONE)

    def main_session_replaced(self, now: float) -> Decision:
        """Decide after the main gateway began a new session: old credentials may be void, and a 4014 was no removal."""
        return self._attempt(Step.REJOIN, now) if self.is_lost and self._step is None else None

    def sound_sealed(self, step: Step, now: float) -> Decision:
        """Decide after other means have failed to make someone's sound decryptable: try a step beside what works."""
        if self.is_lost or self._step is not None or self._key_by != inf:
            return None
        attempt = self._attempt(step, now)
        self._is_optional = True
        return attempt

    def failed(self, step: Step, code: int | None, now: float) -> Decision:
        """Decide after an attempt was refused with this close code, or got no answer (None, or a code below 4000)."""
        self._failures += 1
        is_refused = code is not None and code >= 4000
        if code == RATE_LIMITED:
            self._lose(now)
            return GiveUp(reason_for(code))
        if not self.is_lost:
            return self._failed_beside(now)
        if code in (DISCONNECTED, CALL_ENDED) and step is not Step.REJOIN:
            return self._await_news(now, for_long=code == DISCONNECTED)
        if step is Step.REJOIN:
            return self._attempt(step, now + min(2.0 ** (self._failures - 2), 4.0), first=False)
        if is_refused:
            return self._attempt(Step.IDENTIFY if step is Step.RESUME else Step.REJOIN, now)
        if self._failures < 2:
            return self._attempt(step, now + UNREACHABLE_SECONDS, first=False)
        return self._attempt(Step.REJOIN, now)

    def opened(self, now: float) -> None:
        """Note that an attempt led to a session that works; its key is still to come."""
        self._step, self._credentials_by = None, inf
        self._is_optional = False
        self._key_by = now + KEY_SECONDS

    def restored(self, now: float) -> None:
        """Note that everyone is heard again."""
        if self.is_lost:
            self._restored_at = now
        self._lost_since, self._step = None, None
        self._credentials_by = self._key_by = inf
        self._failures = 0

    def tick(self, now: float) -> Decision:
        """Decide whether a deadline has passed."""
        if self.is_lost and now >= self._first_lost + DEADLINE_SECONDS:
            return GiveUp(f"the connection could not be restored within {DEADLINE_SECONDS:.0f} s")
        if now >= min(self._credentials_by, self._key_by):
            self._credentials_by = self._key_by = inf
            self._lose(now)
            return self._attempt(Step.REJOIN, now)
        return None

    def _failed_beside(self, now: float) -> Decision:
        """Decide after an attempt failed while the previous link still works."""
        if self._is_optional:
            self._step, self._is_optional = None, False
            return AwaitNews()
        return self._attempt(Step.IDENTIFY, now + min(2.0**self._failures, 8.0), first=False)

    def _await_news(self, now: float, *, for_long: bool) -> AwaitNews:
        """Try nothing until the main gateway sends more, `for_long` up to the outage's deadline."""
        self._step = None
        self._credentials_by = inf if for_long or self._has_no_server else now + CREDENTIALS_SECONDS
        return AwaitNews()

    def _lose(self, now: float) -> None:
        if self.is_lost:
            return
        self._lost_since = now
        if now - self._restored_at < STEADY_SECONDS:
            self._relapses += 1
        else:
            self._relapses, self._first_lost = 0, now

    def _attempt(self, step: Step, at: float, *, first: bool = True) -> Attempt:
        if first:
            self._failures = 0
        self._step, self._credentials_by, self._key_by = step, inf, inf
        self._is_optional = False
        return Attempt(step, at)
