"""Our side of a call's DAVE group: keys, transitions, and from when to when frames can come in the clear. No I/O.

The voice gateway decides which version of the protocol is in force; version 0 means that the call is not encrypted end
to end. Op 4 names the first one. A call can be upgraded later (op 24 with epoch 1 begins a new group; its keys are used
from the transition's execution on, op 22) and downgraded (op 21 with version 0, then op 22). Transition 0 is executed
on receipt. A client that is alone in a call gets op 24 and op 21 with transition 0 over and over ("sole member reset").

Sources: Discord's documentation ("End-to-End Encryption"), the protocol's white paper, and discord.py, whose own
handling begins a session only at op 4. Every method returns what has to be sent in answer.
"""

from __future__ import annotations

import contextlib
import logging
from enum import IntEnum
from math import inf
from typing import Any, Final

import davey

PASSTHROUGH_SECONDS: Final = 10.0
"""How long frames in the clear are accepted after encryption begins: some are under way (discord.py's value)."""

DOWNGRADE_SECONDS: Final = 120.0
"""How long frames in the clear are accepted after a downgrade is announced but not executed (discord.py's value)."""

FORMER_KEYS_SECONDS: Final = 10.0
"""How long the keys of a previous group are kept once a new group has its keys: as long as davey keeps old epochs."""

RECOVERING_SECONDS: Final = 1.0
"""How long after op 31 a Welcome that does not fit is taken for one that was under way before it."""

_FORMER_SESSIONS: Final = 4

_log = logging.getLogger(__name__)

Answer = tuple[int, dict[str, Any] | bytes]
"""An operation to send: as text with these data, or as binary."""


class DaveOp(IntEnum):
    """The voice gateway's operations about DAVE (Discord's documentation, "Voice opcodes")."""

    PREPARE_TRANSITION = 21
    EXECUTE_TRANSITION = 22
    TRANSITION_READY = 23
    PREPARE_EPOCH = 24
    EXTERNAL_SENDER = 25
    KEY_PACKAGE = 26
    PROPOSALS = 27
    COMMIT_WELCOME = 28
    ANNOUNCE_COMMIT = 29
    WELCOME = 30
    INVALID_COMMIT_WELCOME = 31


class DaveGroup:
    """The group of one link. Ops 21 to 31 go in; `session` is davey's, None before the call is encrypted."""

    def __init__(self, user_id: int, channel_id: int) -> None:
        self.session: davey.DaveSession | None = None
        self.version = 0
        self.pending: dict[int, int] = {}
        self.is_repairing = False
        self.clear_until = -inf
        """Frames that arrived up to then may be in the clear: their sender's client could send them so."""
        self.changed_at = -inf  # when we got the newest keys
        self._user_id, self._channel_id = user_id, channel_id
        self._external_sender: bytes | None = None
        self._former: list[davey.DaveSession] = []
        self._complete_since: float | None = None
        self._last_transition = 0
        self._recovered_at = -inf

    @property
    def is_ready(self) -> bool:
        """Whether we are in the group."""
        return self.session is not None and self.session.ready

    def sessions(self, now: float) -> list[davey.DaveSession]:
        """Return the session in use and the previous ones, whose frames may still be under way.

        Those of a previous group are kept until the new one has had its keys for FORMER_KEYS_SECONDS: if it never gets
        them, the others still send with the old ones.
        """
        if self._former and self.is_ready:
            self._complete_since = self._complete_since or now
            if now > self._complete_since + FORMER_KEYS_SECONDS:
                self._former.clear()
        return [*([self.session] if self.session is not None else []), *self._former]

    def described(self, version: int) -> list[Answer]:
        """Take the version that op 4 names."""
        self.version = version
        self.clear_until = -inf if version else inf
        return self._begin(version) if version else []

    def told(self, op: int, data: dict[str, Any], now: float) -> list[Answer]:
        """Take a text operation about the group."""
        if op == DaveOp.PREPARE_TRANSITION:
            return self._prepare(data["transition_id"], data["protocol_version"], now)
        if op == DaveOp.EXECUTE_TRANSITION:
            self._execute(data["transition_id"], now)
        elif op == DaveOp.PREPARE_EPOCH and data["epoch"] == 1:
            return self._begin(data["protocol_version"])
        return []

    def received(self, op: int, body: bytes, now: float) -> list[Answer]:
        """Take a binary operation. Raises ValueError if davey refuses it and nothing can be done about that."""
        if op == DaveOp.EXTERNAL_SENDER:
            self._external_sender = body
            if self.session is not None:
                self.session.set_external_sender(body)
        elif self.session is None:
            _log.warning("A DAVE message of op %d came before the call was encrypted.", op)
        elif op == DaveOp.PROPOSALS:
            return self._answer_proposals(self.session, body)
        elif op == DaveOp.ANNOUNCE_COMMIT:
            return self._follow_commit(self.session, int.from_bytes(body[:2], "big"), body[2:], now)
        elif op == DaveOp.WELCOME:
            return self._follow_welcome(self.session, int.from_bytes(body[:2], "big"), body[2:], now)
        return []

    def recover(self, now: float, transition_id: int | None = None) -> list[Answer]:
        """Say that our keys are wrong (op 31) and begin again: the server lets us in once more."""
        self.is_repairing, self._recovered_at = True, now
        refused = self._last_transition if transition_id is None else transition_id
        version = self.version or (self.session.protocol_version if self.session is not None else 0)
        return [(DaveOp.INVALID_COMMIT_WELCOME, {"transition_id": refused}), *self._begin(version)]

    def _begin(self, version: int) -> list[Answer]:
        """Begin a new session for a new group. The previous one's keys stay for what is still sent with them."""
        if version == 0:
            return []
        if self.session is not None and self.session.ready:
            self._former = [self.session, *self._former][:_FORMER_SESSIONS]
        self.session, self._complete_since = davey.DaveSession(version, self._user_id, self._channel_id), None
        if self._external_sender is not None:
            self.session.set_external_sender(self._external_sender)
        return [(DaveOp.KEY_PACKAGE, self.session.get_serialized_key_package())]

    def _prepare(self, transition_id: int, version: int, now: float) -> list[Answer]:
        self.pending[transition_id] = version
        if version == 0:
            # Others can execute the downgrade before us.
            self.clear_until = max(self.clear_until, now + DOWNGRADE_SECONDS)
        if transition_id == 0:
            self._execute(transition_id, now)
            return []
        return [_ready(transition_id)]

    def _execute(self, transition_id: int, now: float) -> None:
        version = self.pending.pop(transition_id, None)
        if version is None:
            _log.warning("The server executed the DAVE transition %d without preparing it.", transition_id)
            version = self.session.protocol_version if self.session is not None and self.is_ready else None
        if version is not None:
            self._last_transition = transition_id
            self._use(version, now)

    def _use(self, version: int, now: float) -> None:
        self.version = version
        if version == 0:
            self.clear_until = inf
        elif self.clear_until > now + PASSTHROUGH_SECONDS:
            self.clear_until = now + PASSTHROUGH_SECONDS

    def _answer_proposals(self, session: davey.DaveSession, body: bytes) -> list[Answer]:
        kinds = davey.ProposalsOperationType
        kind = kinds.append if body[0] == 0 else kinds.revoke
        if self.is_repairing and self._former:
            # They can be for the group that we have left, whose next keys depend on them.
            with contextlib.suppress(ValueError):
                self._former[0].process_proposals(kind, body[1:])
        result = session.process_proposals(kind, body[1:])
        return [] if result is None else [(DaveOp.COMMIT_WELCOME, result.commit + (result.welcome or b""))]

    def _follow_commit(self, session: davey.DaveSession, transition_id: int, commit: bytes, now: float) -> list[Answer]:
        try:
            session.process_commit(commit)
        except ValueError:
            if not self.is_repairing:
                return self.recover(now, transition_id)
            # It is for the group that we have left. As long as its keys are in use, that one goes on.
            return self._follow_formerly(transition_id, commit)
        return self._followed(session, transition_id, now)

    def _follow_formerly(self, transition_id: int, commit: bytes) -> list[Answer]:
        for session in self._former[:1]:
            try:
                session.process_commit(commit)
            except ValueError as error:
                _log.info("A commit for the previous DAVE group was refused: %s", error)
        return [_ready(transition_id)] if transition_id else []

    def _follow_welcome(
        self, session: davey.DaveSession, transition_id: int, welcome: bytes, now: float
    ) -> list[Answer]:
        try:
            session.process_welcome(welcome)
        except ValueError as error:
            if now > self._recovered_at + RECOVERING_SECONDS:
                return self.recover(now, transition_id)
            _log.info("A Welcome was refused: %s", error)
            return []
        return self._followed(session, transition_id, now)

    def _followed(self, session: davey.DaveSession, transition_id: int, now: float) -> list[Answer]:
        self.is_repairing, self.changed_at = False, now
        if transition_id:
            self.pending[transition_id] = session.protocol_version
            return [_ready(transition_id)]
        self._last_transition = 0
        self._use(session.protocol_version, now)
        return []


def _ready(transition_id: int) -> Answer:
    return DaveOp.TRANSITION_READY, {"transition_id": transition_id}
