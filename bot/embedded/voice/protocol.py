"""Discord's voice gateway, version 8: operations, close codes, and the fields that a client's payload must have."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, cast

GATEWAY_VERSION = "8"
DAVE_PROTOCOL_VERSION = 1
HEARTBEAT_INTERVAL_MS = 13_750
"""What the real voice gateway asked for when this was written. Clients may send heartbeats more often."""


class Op(IntEnum):
    """Voice gateway operations (Discord's documentation, "Voice opcodes")."""

    IDENTIFY = 0
    SELECT_PROTOCOL = 1
    READY = 2
    HEARTBEAT = 3
    SESSION_DESCRIPTION = 4
    SPEAKING = 5
    HEARTBEAT_ACK = 6
    RESUME = 7
    HELLO = 8
    RESUMED = 9
    CLIENTS_CONNECT = 11
    VIDEO = 12
    CLIENT_DISCONNECT = 13
    MEDIA_SINK_WANTS = 15
    DAVE_PREPARE_TRANSITION = 21
    DAVE_EXECUTE_TRANSITION = 22
    DAVE_TRANSITION_READY = 23
    DAVE_PREPARE_EPOCH = 24
    MLS_EXTERNAL_SENDER = 25
    MLS_KEY_PACKAGE = 26
    MLS_PROPOSALS = 27
    MLS_COMMIT_WELCOME = 28
    MLS_ANNOUNCE_COMMIT = 29
    MLS_WELCOME = 30
    MLS_INVALID_COMMIT_WELCOME = 31


class CloseCode(IntEnum):
    """Why the server closes a connection (Discord's documentation, "Voice close event codes")."""

    GOING_AWAY = 1001
    UNKNOWN_OPERATION = 4001
    PAYLOAD_NOT_DECODED = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    SESSION_INVALID = 4006
    SESSION_TIMED_OUT = 4009
    SERVER_NOT_FOUND = 4011
    UNKNOWN_PROTOCOL = 4012
    DISCONNECTED = 4014
    SERVER_CRASHED = 4015
    UNKNOWN_ENCRYPTION_MODE = 4016
    DAVE_REQUIRED = 4017
    BAD_REQUEST = 4020
    RATE_LIMITED = 4021
    CALL_ENDED = 4022


class Violation(Exception):
    """A client broke the protocol. The server closes its connection with this code."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def _wrong(key: str, wanted: str) -> Violation:
    return Violation(CloseCode.PAYLOAD_NOT_DECODED, f"{key} must be {wanted}")


def as_object(value: object, name: str = "the payload") -> dict[str, Any]:
    """Return the value as a JSON object. Raises Violation if it is not one."""
    if not isinstance(value, dict):
        raise _wrong(name, "an object")
    return cast(dict[str, Any], value)


def integer(payload: dict[str, Any], key: str) -> int:
    """Return a field that must be an integer."""
    value = payload.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(key, "an integer")
    return value


def text(payload: dict[str, Any], key: str) -> str:
    """Return a field that must be text."""
    value = payload.get(key)
    if not isinstance(value, str):
        raise _wrong(key, "a string")
    return value


def snowflake(payload: dict[str, Any], key: str) -> int:
    """Return a field that must be an id: digits in a string."""
    value = text(payload, key)
    if not (value.isascii() and value.isdigit()):
        raise _wrong(key, "an id")
    return int(value)
