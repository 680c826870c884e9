"""Rate limits of REST routes that a busy bot meets: a number of requests in a fixed window, per channel or token.

Discord does not publish them but sends them in response headers. These are the commonly observed ones (five message
edits or sends in five seconds per channel, five deletions in one second, five calls in two seconds per webhook). The
caller passes the time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

_MESSAGES = "/channels/{channel_id}/messages"
_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"

RULES: Final[dict[tuple[str, str], tuple[int, float]]] = {
    ("POST", _MESSAGES): (5, 5.0),
    ("PATCH", f"{_MESSAGES}/{{message_id}}"): (5, 5.0),
    ("DELETE", f"{_MESSAGES}/{{message_id}}"): (5, 1.0),
    ("POST", _WEBHOOK): (5, 2.0),
    ("PATCH", f"{_WEBHOOK}/messages/@original"): (5, 2.0),
    ("PATCH", f"{_WEBHOOK}/messages/{{message_id}}"): (5, 2.0),
}
"""Requests and seconds, by method and route."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of a request's window: whether the request passes, and what the headers say."""

    passes: bool
    limit: int
    remaining: int
    reset_after_s: float
    bucket: str


class RateLimits:
    """The open windows."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str, str], tuple[float, int]] = {}

    def take(self, method: str, template: str, major: str, now: float) -> Verdict | None:
        """Count a request made at `now` (seconds). Returns None if the route has no limit.

        `major` is the parameter that separates the windows of one route: the channel's id or the webhook's token.
        """
        rule = RULES.get((method, template))
        if rule is None:
            return None
        limit, window_s = rule
        key = (method, template, major)
        started, used = self._windows.get(key, (now, 0))
        if now - started >= window_s:
            started, used = now, 0
        passes = used < limit
        used += passes
        self._windows[key] = (started, used)
        bucket = hashlib.sha256(f"{method} {template}".encode()).hexdigest()[:32]
        return Verdict(passes, limit, limit - used, started + window_s - now, bucket)
