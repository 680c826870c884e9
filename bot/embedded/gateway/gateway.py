"""The gateway: the bot's websocket (Discord's documentation, "Gateway" and "Gateway Events", version 10, JSON).

Sessions outlive their sockets for a while and replay missed events after a RESUME. The intents of the IDENTIFY decide
what is dispatched. A client that sends something forbidden has its socket closed with Discord's code.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, Final

from aiohttp import WSMsgType, web

from bot.embedded.gateway import events
from bot.embedded.gateway.events import Intent
from bot.embedded.gateway.session import CloseCode, Op, Refused, Session
from bot.embedded.guild import payloads
from bot.embedded.guild.records import Event
from bot.embedded.guild.state import State
from bot.embedded.interactions.interaction import Interaction
from bot.embedded.journal import Journal

HEARTBEAT_INTERVAL_MS: Final = 41_250
"""What Discord's gateway sends in HELLO."""

ACK_DELAY_S: Final = 0.02
"""The round trip of a heartbeat. discord.py mistakes an answer that arrives sooner for one that is 41 s late."""

SESSION_LIFETIME_S: Final = 60.0
"""How long a session can be resumed after its socket was lost."""


VoiceRequest = Callable[[Session, dict[str, Any]], None]
"""Called for op 4."""


class Gateway:
    """All sessions and sockets of the bot.

    `on_voice_request` is called for op 4, `on_session_over` when a session can no longer be resumed.
    """

    def __init__(self, state: State, journal: Journal, base_url: str) -> None:
        self._state = state
        self._journal = journal
        self._base_url = base_url
        self._sessions: dict[str, Session] = {}
        self._outgoing: dict[web.WebSocketResponse, asyncio.Queue[str | None]] = {}
        self.on_voice_request: VoiceRequest = lambda session, data: None
        self.on_session_over: Callable[[Session], None] = lambda session: None
        state.listen(self._on_event)

    @property
    def url(self) -> str:
        """The address of the gateway's socket."""
        return self._base_url.replace("http", "ws", 1) + "/gateway"

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The sessions that are connected or can be resumed."""
        return tuple(self._sessions.values())

    def dispatch(self, session: Session, name: str, data: dict[str, Any]) -> None:
        """Send an event to one session, immediately or when it resumes."""
        frame = session.append(name, data)
        if session.socket is not None and session.socket in self._outgoing:
            self._outgoing[session.socket].put_nowait(frame)

    def dispatch_interaction(self, interaction: Interaction, payload: dict[str, Any]) -> None:
        """Send INTERACTION_CREATE to the newest session. It needs no intent. Without a session nothing is sent."""
        if self._sessions:
            self.dispatch(self.sessions[-1], "INTERACTION_CREATE", payload)

    async def drop(self, code: int) -> None:
        """Close every socket with a code, as Discord does before a restart. The sessions can be resumed."""
        for session in self.sessions:
            if session.socket is not None:
                session.is_dropped = True
                await session.socket.close(code=code)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket of the bot until it closes."""
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        outgoing: asyncio.Queue[str | None] = asyncio.Queue()
        self._outgoing[socket] = outgoing
        writer = asyncio.create_task(self._write(socket, outgoing))
        self._send(socket, Op.HELLO, {"heartbeat_interval": HEARTBEAT_INTERVAL_MS})
        session: Session | None = None
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    session = self._receive(socket, session, message.data)
        except Refused as refused:
            if session is not None:
                session.is_dropped = True
            self._journal.write("gateway_refused", code=int(refused.code), reason=str(refused))
            outgoing.put_nowait(None)
            await writer
            await socket.close(code=refused.code, message=str(refused).encode())
        finally:
            writer.cancel()
            del self._outgoing[socket]
            self._socket_closed(socket, session)
        return socket

    async def _write(self, socket: web.WebSocketResponse, outgoing: asyncio.Queue[str | None]) -> None:
        while (frame := await outgoing.get()) is not None:
            try:
                await socket.send_str(frame)
            except ConnectionError:
                return

    def _acknowledge(self, socket: web.WebSocketResponse) -> None:
        if socket in self._outgoing:
            self._send(socket, Op.HEARTBEAT_ACK)

    def _send(self, socket: web.WebSocketResponse, op: Op, data: Any = None) -> None:
        self._outgoing[socket].put_nowait(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def _receive(self, socket: web.WebSocketResponse, session: Session | None, text: str) -> Session | None:
        try:
            frame = json.loads(text)
            op, data = frame["op"], frame.get("d")
        except (ValueError, TypeError, KeyError):
            raise Refused(CloseCode.DECODE_ERROR, "Error while decoding payload.") from None
        if op == Op.HEARTBEAT:
            asyncio.get_running_loop().call_later(ACK_DELAY_S, self._acknowledge, socket)
        elif op in (Op.IDENTIFY, Op.RESUME):
            if session is not None:
                raise Refused(CloseCode.ALREADY_AUTHENTICATED, "Already authenticated.")
            return self._identify(socket, data) if op == Op.IDENTIFY else self._resume(socket, data)
        elif op not in (Op.PRESENCE, Op.VOICE_STATE):
            self._journal.write("unknown_route", route=f"gateway op {op}")
            raise Refused(CloseCode.UNKNOWN_OP, "Unknown opcode.")
        elif session is None:
            raise Refused(CloseCode.NOT_AUTHENTICATED, "Not authenticated.")
        elif op == Op.VOICE_STATE:
            self.on_voice_request(session, data)
        return session

    def _identify(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> Session:
        bot = self._state.world.bot
        self._check_token(data)
        intents = data.get("intents")
        if not isinstance(intents, int) or not 0 <= intents <= events.ALL_INTENTS:
            raise Refused(CloseCode.INVALID_INTENTS, "Invalid intent(s).")
        if intents & events.PRIVILEGED & ~bot.privileged_intents:
            raise Refused(CloseCode.DISALLOWED_INTENTS, "Disallowed intent(s).")
        session = Session(intents, data.get("shard"))
        session.socket = socket
        self._sessions[session.session_id] = session
        self._journal.write("gateway_identified", session_id=session.session_id, intents=intents)
        self.dispatch(session, "READY", self._ready(session))
        if self._state.has_bot and intents & Intent.GUILDS:
            with_members = bool(intents & Intent.GUILD_MEMBERS)
            self.dispatch(session, "GUILD_CREATE", payloads.guild_create(self._state, with_members=with_members))
        return session

    def _ready(self, session: Session) -> dict[str, Any]:
        world = self._state.world
        guilds = [{"id": str(world.guild_id), "unavailable": True}] if self._state.has_bot else []
        data: dict[str, Any] = {
            "v": 10,
            "user": payloads.user(self._state, world.bot.user_id),
            "guilds": guilds,
            "session_id": session.session_id,
            "resume_gateway_url": self.url,
            "application": {"id": str(world.bot.application_id), "flags": 0},
        }
        return data | {"shard": session.shard} if session.shard is not None else data

    def _resume(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> Session | None:
        self._check_token(data)
        session = self._sessions.get(str(data.get("session_id")))
        if session is None:
            self._send(socket, Op.INVALID_SESSION, False)
            return None
        sequence = data.get("seq") or 0
        if sequence > len(session.sent):
            raise Refused(CloseCode.INVALID_SEQUENCE, "Invalid seq.")
        if session.expiry is not None:
            session.expiry.cancel()
        session.socket, session.is_dropped = socket, False
        for frame in session.sent[sequence:]:
            self._outgoing[socket].put_nowait(frame)
        self._journal.write("gateway_resumed", session_id=session.session_id, replayed=len(session.sent) - sequence)
        self.dispatch(session, "RESUMED", {})
        return session

    def _check_token(self, data: Any) -> None:
        token = data.get("token") if isinstance(data, dict) else None
        if token != self._state.world.bot.token:
            raise Refused(CloseCode.AUTHENTICATION_FAILED, "Authentication failed.")

    def _socket_closed(self, socket: web.WebSocketResponse, session: Session | None) -> None:
        if session is None or session.socket is not socket:
            return
        session.socket = None
        self._journal.write("gateway_closed", session_id=session.session_id, code=socket.close_code)
        # A client that closes with 1000 or 1001 ends its session.
        if socket.close_code in (1000, 1001) and not session.is_dropped:
            self._end(session)
        else:
            session.expiry = asyncio.get_running_loop().call_later(SESSION_LIFETIME_S, self._end, session)

    def _end(self, session: Session) -> None:
        if self._sessions.pop(session.session_id, None) is not None:
            self.on_session_over(session)

    def close(self) -> None:
        """Forget all sessions without a message to anyone."""
        for session in self.sessions:
            if session.expiry is not None:
                session.expiry.cancel()
        self._sessions.clear()

    def _on_event(self, event: Event) -> None:
        for session in self.sessions:
            if dispatch := events.dispatch_of(self._state, event, session.intents, self._base_url):
                self.dispatch(session, *dispatch)
