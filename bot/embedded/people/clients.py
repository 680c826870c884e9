"""People's clients as the server knows them, and the interface for their requests."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.embedded.interactions.interaction import Interaction


@dataclass(eq=False, slots=True)
class Client:
    """One connected client of a person."""

    user_id: int
    outgoing: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    session_id: str = field(default_factory=lambda: secrets.token_hex(16))

    def tell(self, event: str, **fields: Any) -> None:
        """Send an event."""
        self.outgoing.put_nowait(json.dumps({"event": event, "t": time.monotonic(), **fields}))


@dataclass(frozen=True, slots=True)
class OpenModal:
    """A modal on a person's screen, and the interaction that it answered."""

    data: dict[str, Any]
    source: Interaction


class ActionRefused(Exception):
    """A real client would not let the person do this."""


class Actions(Protocol):
    """What a person can do; see `bot.embedded.people.actions`."""

    def perform(self, client: Client, asked: dict[str, Any]) -> dict[str, Any]:
        """Carry out a request. Raises ActionRefused if a client would not allow it."""
        ...

    def disconnected(self, client: Client) -> None:
        """Note that a client is gone."""
        ...
