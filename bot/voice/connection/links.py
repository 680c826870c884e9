"""The links of one connection: the one in use, and replaced ones that may still deliver what is under way on them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from bot.voice.connection.link import Link

OVERLAP_SECONDS: Final = 10.0
"""How long a replaced link is kept at most, for the packets that are still under way on it."""

QUIET_SECONDS: Final = 1.0
"""A replaced link that has delivered nothing for this long has nothing left to deliver."""


class Links:
    """The first of `all` is the one in use. `before_closing` drains what has arrived while a link is still there."""

    def __init__(self, drain: Callable[[], None]) -> None:
        self.all: list[Link] = []
        self._drain = drain
        self._replaced_at: dict[Link, float] = {}

    @property
    def used(self) -> Link | None:
        """The link in use."""
        return self.all[0] if self.all else None

    def use(self, link: Link) -> None:
        """Use this link from now on. The previous one goes on delivering for a while; older ones are closed."""
        if link is self.used:
            return
        for older in self.all[1:]:
            self._retire(older)
        self._replaced_at = {older: time.monotonic() for older in self.all}
        self.all = [link, *self.all]

    def retire_quiet(self, now: float) -> None:
        """Close the replaced links that have nothing left to deliver."""
        for older in self.all[1:]:
            since = self._replaced_at[older]
            if now > since + OVERLAP_SECONDS or now > max(since, older.udp.last_arrival) + QUIET_SECONDS:
                self._retire(older)

    def close(self) -> None:
        """Close all of them. What has arrived can still be taken."""
        for link in self.all:
            link.close()
        self._drain()

    def _retire(self, link: Link) -> None:
        link.close()
        self._drain()
        self.all.remove(link)
        self._replaced_at.pop(link, None)
