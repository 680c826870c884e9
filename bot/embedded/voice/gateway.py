"""The voice gateway's side of one websocket: which messages a client may send, in which order, and their effects."""

from __future__ import annotations

import json
from typing import Any, Protocol

from aiohttp import web

from bot.embedded.journal import Journal
from bot.embedded.mls.codec import MlsFormatError
from bot.embedded.voice.protocol import (
    GATEWAY_VERSION,
    HEARTBEAT_INTERVAL_MS,
    CloseCode,
    Op,
    Violation,
    as_object,
    integer,
    text,
)
from bot.embedded.voice.room import VoiceRoom
from bot.embedded.voice.session import VoiceSession, encode_text
from bot.embedded.voice.websocket import VoiceWebSocket
from bot.wire.transport import MODES


class Reception(Protocol):
    """What a conversation needs of the voice server."""

    def admit(self, payload: dict[str, Any]) -> VoiceSession:
        """Handle op 0: return a new session, or raise Violation."""
        ...

    def find(self, payload: dict[str, Any]) -> VoiceSession:
        """Handle op 7: return the session to resume, or raise Violation."""
        ...

    def udp_address(self) -> tuple[str, int]:
        """Return the address for audio."""
        ...

    def dave_version(self, session: VoiceSession) -> int:
        """Return the DAVE version of the session's voice channel; 0 while it is not encrypted end to end."""
        ...

    def enter(self, session: VoiceSession) -> None:
        """Let a complete session into its voice channel."""
        ...

    def room_of(self, session: VoiceSession) -> VoiceRoom | None:
        """Return the voice channel that the session is in."""
        ...

    def show(self, session: VoiceSession) -> None:
        """Note the SSRC of the session's video."""
        ...

    def hung_up(self, session: VoiceSession, code: int | None) -> None:
        """Note that the session's websocket ended with this close code; None if it broke."""
        ...


class Conversation:
    """One client's websocket from hello to close."""

    def __init__(self, websocket: web.WebSocketResponse, reception: Reception, journal: Journal) -> None:
        self._socket = VoiceWebSocket(websocket, self._receive, self._note_refusal)
        self._reception = reception
        self._journal = journal
        self._session: VoiceSession | None = None

    async def run(self) -> None:
        """Serve the client until the websocket is closed."""
        hello = {"v": int(GATEWAY_VERSION), "heartbeat_interval": float(HEARTBEAT_INTERVAL_MS)}
        self._socket.send(encode_text(Op.HELLO, hello))
        await self._socket.run(over=self._detach)

    def _detach(self) -> None:
        """Detach from the session. Another websocket can resume it, unless that has happened already."""
        session, self._session = self._session, None
        if session is None or session.close != self._socket.close:
            return
        session.outbox.deliver = session.close = session.abort = None
        self._reception.hung_up(session, self._socket.close_code)

    def _note_refusal(self, violation: Violation) -> None:
        user_id = self._session.user_id if self._session else None
        self._journal.write("voice_client_refused", user_id=user_id, code=int(violation.code), reason=violation.reason)

    def _receive(self, message: str | bytes) -> None:
        if isinstance(message, str):
            self._receive_text(message)
        else:
            self._receive_binary(message)

    def _receive_text(self, raw: str) -> None:
        try:
            message = as_object(json.loads(raw), "the message")
        except ValueError:
            raise Violation(CloseCode.PAYLOAD_NOT_DECODED, "the message is not JSON") from None
        op, data = integer(message, "op"), message.get("d")
        match op:
            case Op.HEARTBEAT:
                self._beat(as_object(data))
            case Op.IDENTIFY:
                self._identify(as_object(data))
            case Op.RESUME:
                self._resume(as_object(data))
            case Op.SELECT_PROTOCOL:
                self._select_protocol(self._identified(), as_object(data))
            case Op.SPEAKING:
                session, room = self._in_room()
                self._speak(session, room, as_object(data))
            case Op.VIDEO:
                session, room = self._in_room()
                self._show(session, room, as_object(data))
            case Op.MEDIA_SINK_WANTS:
                wants = as_object(data)
                self._identified().wants = {ssrc: _quality(wants, ssrc) for ssrc in wants}
            case Op.DAVE_TRANSITION_READY:
                session, room = self._in_room()
                room.group.ready(session, integer(as_object(data), "transition_id"))
            case Op.MLS_INVALID_COMMIT_WELCOME:
                session, room = self._in_room()
                room.group.reject(session, integer(as_object(data), "transition_id"))
            case _:
                raise Violation(CloseCode.UNKNOWN_OPERATION, f"operation {op} is unknown as text")

    def _receive_binary(self, raw: bytes) -> None:
        if not raw:
            raise Violation(CloseCode.PAYLOAD_NOT_DECODED, "an empty message")
        op, body = raw[0], raw[1:]
        if op not in (Op.MLS_KEY_PACKAGE, Op.MLS_COMMIT_WELCOME):
            raise Violation(CloseCode.UNKNOWN_OPERATION, f"operation {op} is unknown as binary")
        session, room = self._in_room()
        try:
            if op == Op.MLS_KEY_PACKAGE:
                room.group.offer_key_package(session, body)
            else:
                room.group.commit(session, body)
        except MlsFormatError as error:
            raise Violation(CloseCode.PAYLOAD_NOT_DECODED, str(error)[:120]) from error

    def _beat(self, data: dict[str, Any]) -> None:
        self._socket.heartbeat_came()
        nonce = integer(data, "t")
        if "seq_ack" in data:
            integer(data, "seq_ack")
        self._socket.send(encode_text(Op.HEARTBEAT_ACK, {"t": nonce}))

    def _identify(self, data: dict[str, Any]) -> None:
        if self._session:
            raise Violation(CloseCode.ALREADY_AUTHENTICATED, "Already authenticated")
        session = self._attach(self._reception.admit(data))
        host, port = self._reception.udp_address()
        description = {"ssrc": session.ssrc, "ip": host, "port": port, "modes": list(MODES), "streams": []}
        session.outbox.text(Op.READY, description)

    def _resume(self, data: dict[str, Any]) -> None:
        if self._session:
            raise Violation(CloseCode.ALREADY_AUTHENTICATED, "Already authenticated")
        session = self._reception.find(data)
        missed = session.outbox.missed_since(integer(data, "seq_ack") if "seq_ack" in data else -1)
        if missed is None:
            self._reception.hung_up(session, CloseCode.SESSION_INVALID)
            raise Violation(CloseCode.SESSION_INVALID, "Session is no longer valid")
        if session.close:
            session.close(CloseCode.SESSION_INVALID, "Resumed elsewhere")
        self._attach(session)
        session.outbox.text(Op.RESUMED, None)
        for frame in missed:
            self._socket.send(frame)
        self._journal.write("voice_resumed", user_id=session.user_id, ssrc=session.ssrc, missed=len(missed))

    def _attach(self, session: VoiceSession) -> VoiceSession:
        self._session = session
        session.outbox.deliver = self._socket.send
        session.close, session.abort = self._socket.close, self._socket.abort
        session.is_deaf = session.is_kept = False
        return session

    def _select_protocol(self, session: VoiceSession, data: dict[str, Any]) -> None:
        if text(data, "protocol") != "udp":
            raise Violation(CloseCode.UNKNOWN_PROTOCOL, "Unknown protocol")
        choice = as_object(data.get("data"), "data")
        address, mode = (text(choice, "address"), integer(choice, "port")), text(choice, "mode")
        if mode not in MODES:
            raise Violation(CloseCode.UNKNOWN_ENCRYPTION_MODE, "Unknown encryption mode")
        if session.mode:
            raise Violation(CloseCode.BAD_REQUEST, "A protocol is selected already")
        if session.address is None:
            session.address = address
        session.choose(mode)
        description = {
            "mode": mode,
            "secret_key": list(session.secret_key),
            "audio_codec": "opus",
            "media_session_id": session.ticket.session_id,
            "dave_protocol_version": self._reception.dave_version(session),
        }
        session.outbox.text(Op.SESSION_DESCRIPTION, description)
        self._reception.enter(session)

    def _speak(self, session: VoiceSession, room: VoiceRoom, data: dict[str, Any]) -> None:
        ssrc, speaking = integer(data, "ssrc"), integer(data, "speaking")
        if ssrc != session.ssrc:
            raise Violation(CloseCode.BAD_REQUEST, "The SSRC is another client's")
        room.speak(session, speaking)

    def _show(self, session: VoiceSession, room: VoiceRoom, data: dict[str, Any]) -> None:
        if integer(data, "audio_ssrc") != session.ssrc:
            raise Violation(CloseCode.BAD_REQUEST, "The SSRC is another client's")
        room.show(session, integer(data, "video_ssrc"))
        self._reception.show(session)

    def _identified(self) -> VoiceSession:
        if self._session is None:
            raise Violation(CloseCode.NOT_AUTHENTICATED, "Not authenticated")
        return self._session

    def _in_room(self) -> tuple[VoiceSession, VoiceRoom]:
        session = self._identified()
        room = self._reception.room_of(session)
        if room is None:
            raise Violation(CloseCode.NOT_AUTHENTICATED, "No protocol selected yet")
        return session, room


def _quality(wants: dict[str, Any], ssrc: str) -> int:
    if ssrc != "any" and not ssrc.isdigit():
        raise Violation(CloseCode.PAYLOAD_NOT_DECODED, "op 15 names an SSRC that is no number")
    return integer(wants, ssrc)
