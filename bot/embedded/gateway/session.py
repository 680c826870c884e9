"""The bot's sessions at the gateway, and the opcodes and close codes of both sides.

Source: Discord's documentation, "Opcodes and Status Codes" > "Gateway".
"""

from __future__ import annotations

import asyncio
import json
import secrets
from enum import IntEnum
from typing import Any

from aiohttp import web


class Op(IntEnum):
    """Opcodes."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE_STATE = 4
    RESUME = 6
    RECONNECT = 7
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class CloseCode(IntEnum):
    """Why the gateway closes a socket."""

    UNKNOWN_OP = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SEQUENCE = 4007
    SESSION_TIMED_OUT = 4009
    INVALID_INTENTS = 4013
    DISALLOWED_INTENTS = 4014


class Refused(Exception):
    """The client broke a rule; its socket is closed with `code`."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Session:
    """One login of the bot: its intents, what was sent to it, and its current socket.

    `is_dropped` says that Discord closed the socket; the code that the client echoes is then ignored.
    """

    def __init__(self, intents: int, shard: list[int] | None) -> None:
        self.session_id = secrets.token_hex(16)
        self.intents = intents
        self.shard = shard
        self.sent: list[str] = []
        self.socket: web.WebSocketResponse | None = None
        self.is_dropped = False
        self.expiry: asyncio.TimerHandle | None = None

    def append(self, name: str, data: dict[str, Any]) -> str:
        """Number a dispatch and keep it for a RESUME."""
        frame = json.dumps({"op": Op.DISPATCH, "t": name, "s": len(self.sent) + 1, "d": data})
        self.sent.append(frame)
        return frame
