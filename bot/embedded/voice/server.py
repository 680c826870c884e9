"""The embedded Discord's voice server: voice gateway, UDP and DAVE behind one address.

Its journal is the ground truth about keys. Times `t` are times of sending:
- `voice_interrupted` (code, resumable: what was done to a client on purpose);
- `voice_joined` (user_id, ssrc, mode, is_bot), `voice_left` (with packet counts), `voice_resumed`,
  `speaking_announced`;
- `mls_proposed` (epoch, added, removed, recipients);
- `mls_committed` (transition_id, the new epoch, committer, members, added, removed): ops 29 and 30 were sent, but the
  members still send with the keys of the previous epoch, which `added` do not have;
- `mls_transition_executed` (transition_id, epoch, members, unready): op 22 was sent. Senders that have received it use
  the epoch's keys, and all `members` can decrypt. The first epoch of a group (transition 0) is executed by its commit;
- `mls_commit_passed_over`, `mls_commit_rejected`, `mls_group_dissolved`, `mls_group_reset`;
- `dave_downgraded`, `dave_upgrade_begun` (recipients): from op 22 on no one encrypts; a new group is begun;
- `voice_client_refused` (code, reason), `packet_refused` (reason; the first of each kind, the others are counted).
"""

from __future__ import annotations

import asyncio
import secrets
import ssl
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web

from bot.embedded.journal import Journal
from bot.embedded.mls.proposals import ExternalSender
from bot.embedded.voice.faults import NO_FAULTS, RoughPath, VoiceFaults
from bot.embedded.voice.gateway import Conversation
from bot.embedded.voice.mls import CallHabits, GroupCarrier
from bot.embedded.voice.protocol import GATEWAY_VERSION, CloseCode
from bot.embedded.voice.register import VoiceRegister
from bot.embedded.voice.room import VoiceRoom
from bot.embedded.voice.session import Ticket, VoiceSession
from bot.embedded.voice.udp import VoiceUdp

RESUME_WINDOW_S = 15.0
"""How long a session can be resumed after its websocket broke."""

_CLOSED_FOR_GOOD = frozenset({1000, *CloseCode})


class VoiceServer:
    """A voice server on loopback. `start` before `expect`; `endpoint` is what VOICE_SERVER_UPDATE tells clients.

    `listeners_per_channel` limits how many people (not bots) are sent what others say; None sends it to all.
    """

    def __init__(
        self,
        *,
        ssl_context: ssl.SSLContext,
        journal: Journal,
        host: str = "127.0.0.1",
        bot_user_ids: frozenset[int],
        listeners_per_channel: int | None = 1,
        resume_window_s: float = RESUME_WINDOW_S,
        faults: VoiceFaults = NO_FAULTS,
        habits: CallHabits | None = None,
    ) -> None:
        self.endpoint = ""
        self._ssl_context = ssl_context
        self._journal = journal
        self._host = host
        self._listeners_per_channel = listeners_per_channel
        self._resume_window_s = resume_window_s
        self._habits = habits or CallHabits()
        self._register = VoiceRegister(bot_user_ids)
        self._rooms: dict[int, VoiceRoom] = {}
        self._sender = ExternalSender()
        self.path = RoughPath(journal, faults)
        self._runner: web.AppRunner | None = None
        self._udp: asyncio.DatagramTransport | None = None
        self._sound: VoiceUdp | None = None
        self._patience: dict[VoiceSession, asyncio.TimerHandle] = {}
        self._former: dict[VoiceSession, VoiceSession] = {}
        self._muted: set[int] = set()
        self._deafened: set[int] = set()

    async def start(self) -> None:
        """Bind both sockets. Raises OSError if that fails."""
        application = web.Application()
        application.router.add_get("/", self._serve)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=2.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, 0, ssl_context=self._ssl_context)
        await site.start()
        port: int = self._runner.addresses[0][1]
        self.endpoint = f"localhost:{port}"
        self._udp, self._sound = await asyncio.get_running_loop().create_datagram_endpoint(
            self._make_udp, local_addr=(self._host, 0)
        )

    def expect(self, *, guild_id: int, channel_id: int, user_id: int, session_id: str, token: str) -> None:
        """Expect a client that identifies with these. An earlier ticket of the user becomes void."""
        self._register.expect(Ticket(guild_id, channel_id, user_id, session_id, token))

    async def leave(self, *, guild_id: int, user_id: int, close_code: int | None = 4014) -> None:
        """Remove a user from channel and group, and close their websocket unless the code is None."""
        session = self._register.forget((guild_id, user_id))
        if session is None:
            return
        close = session.close
        self._give_up(session)
        if close and close_code is not None:
            close(close_code, "Disconnected")

    def hush(self, user_id: int, *, is_mute: bool, is_deaf: bool) -> None:
        """From now on, send no one what a user says (`is_mute`), and send the user nothing (`is_deaf`)."""
        for users, is_so in ((self._muted, is_mute), (self._deafened, is_deaf)):
            (users.add if is_so else users.discard)(user_id)

    # Faults of voice connections, for tests and rehearsals.

    def interrupt(self, *, guild_id: int, user_id: int, code: int | None, resumable: bool) -> None:
        """Close a client's websocket with any code, or break it (None). It then gets no sound until it is back: by a
        resume, if that is possible, or by identifying again.
        """
        session = self._register.session_of((guild_id, user_id))
        if session is None or session.close is None or session.abort is None:
            raise LookupError(f"User {user_id} is not connected.")
        self._journal.write("voice_interrupted", user_id=user_id, code=code, resumable=resumable)
        session.is_deaf, session.is_kept = True, resumable
        close, abort = session.close, session.abort
        if not resumable:
            self._give_up(session)
        if code is None:
            abort()
        else:
            close(code, "Interrupted")

    def refuse(self, *, guild_id: int, user_id: int, codes: Sequence[int]) -> None:
        """Close a client's next identifications with these codes."""
        self._register.refuse((guild_id, user_id), *map(CloseCode, codes))

    def silence(self, *, guild_id: int, user_id: int) -> None:
        """Let nothing more through between this client's present UDP socket and the server. Its websocket lives on."""
        session = self._register.session_of((guild_id, user_id))
        if session is None or session.address is None or self._sound is None:
            raise LookupError(f"User {user_id} has no UDP socket.")
        self._journal.write("udp_silenced", user_id=user_id)
        self._sound.kill(session.address)

    def ending(self, *, guild_id: int, user_id: int) -> Callable[[], None]:
        """Return what ends the call for the client's present session (4022), even if it has another one by then."""
        session = self._register.session_of((guild_id, user_id))
        if session is None or session.close is None:
            raise LookupError(f"User {user_id} is not connected.")
        close = session.close

        def end() -> None:
            self._journal.write("voice_interrupted", user_id=user_id, code=int(CloseCode.CALL_ENDED), resumable=True)
            session.is_deaf = session.is_kept = True
            close(CloseCode.CALL_ENDED, "The call has ended")

        return end

    def reuse_ssrc(self, ssrc: int) -> None:
        """Give this SSRC to the next client that identifies. Its session must be over."""
        if self._register.by_ssrc(ssrc) is not None:
            raise LookupError(f"SSRC {ssrc} is in use.")
        self._register.give_next(ssrc)

    def grant(self, *, guild_id: int, user_id: int) -> str:
        """Give a client new credentials for the session that its main gateway knows; return the token."""
        ticket = self._register.ticket_of((guild_id, user_id))
        if ticket is None:
            raise LookupError(f"User {user_id} is not in a voice channel.")
        token = secrets.token_hex(8)
        self._register.expect(replace(ticket, token=token))
        return token

    async def open_endpoint(self) -> str:
        """Listen at another address as well, and announce it from now on: another voice server for the same calls."""
        assert self._runner is not None
        await web.TCPSite(self._runner, self._host, 0, ssl_context=self._ssl_context).start()
        self.endpoint = f"localhost:{self._runner.addresses[-1][1]}"
        return self.endpoint

    async def close(self) -> None:
        """Close every connection and both sockets."""
        self.path.close()
        for session in self._register:
            if session.close:
                session.close(CloseCode.GOING_AWAY, "Server is going away")
            self._give_up(session)
        if self._runner:
            await self._runner.cleanup()
        if self._udp:
            self._udp.close()

    def group_of(self, channel_id: int) -> GroupCarrier:
        """Return the DAVE group of an occupied voice channel. Raises KeyError for an empty one."""
        return self._rooms[channel_id].group

    # The Reception protocol, for conversations.

    def admit(self, payload: dict[str, Any]) -> VoiceSession:
        """Handle op 0: return a new session for a client with a valid ticket. It replaces the user's older one."""
        session, replaced = self._register.admit(payload)
        if replaced:
            # The old session still hears until the new one does: a client that moves to a new server misses nothing.
            self._stop_waiting_for(replaced)
            self._former[session] = self._former.pop(replaced, replaced)
            if self._former[session] is not replaced:
                self._end(replaced)
        return session

    def find(self, payload: dict[str, Any]) -> VoiceSession:
        """Handle op 7: return the session to resume."""
        session = self._register.find(payload)
        self._stop_waiting_for(session)
        return session

    def udp_address(self) -> tuple[str, int]:
        """Return address and port for op 2."""
        assert self._udp is not None
        host, port = self._udp.get_extra_info("sockname")[:2]
        return host, port

    def enter(self, session: VoiceSession) -> None:
        """After op 4, let a session into the voice channel of its ticket."""
        channel_id = session.ticket.channel_id
        room = self._rooms.get(channel_id)
        if room is None:
            room = self._rooms[channel_id] = self._new_room(channel_id)
        former = self._former.pop(session, None)
        if former is None:
            room.join(session)
        elif former.ticket.channel_id == channel_id:
            room.take_over(session, former)
            self._end(former)
        else:
            self._end(former)
            room.join(session)

    def dave_version(self, session: VoiceSession) -> int:
        """Return the DAVE version of the session's voice channel, for op 4."""
        room = self._rooms.get(session.ticket.channel_id) or self._new_room(session.ticket.channel_id)
        return room.group.version

    def _new_room(self, channel_id: int) -> VoiceRoom:
        listeners = self._listeners_per_channel
        return VoiceRoom(channel_id, self._sender, self._journal, listeners, self.path, self._habits)

    def room_of(self, session: VoiceSession) -> VoiceRoom | None:
        """Return the voice channel of a session that has selected its protocol and is still valid."""
        if session.mode is None or self._register.by_ssrc(session.ssrc) is not session:
            return None
        return self._rooms.get(session.ticket.channel_id)

    def show(self, session: VoiceSession) -> None:
        """Note the SSRC of the session's video."""
        if session.video_ssrc:
            self._register.show(session)

    def hung_up(self, session: VoiceSession, code: int | None) -> None:
        """End a session that the client or a refusal closed. Keep a session whose connection broke, for a resume."""
        former = self._former.pop(session, None)
        if code in _CLOSED_FOR_GOOD and not session.is_kept:
            self._give_up(session)
        else:
            later = asyncio.get_running_loop().call_later(self._resume_window_s, self._give_up, session)
            self._patience[session] = later
        if former:
            self._register.restore(former)

    def _give_up(self, session: VoiceSession) -> None:
        self._stop_waiting_for(session)
        if former := self._former.pop(session, None):
            self._end(former)
        if self._register.remove(session):
            self._leave_room(session)

    def _end(self, replaced: VoiceSession) -> None:
        """End a session that another one has replaced."""
        if replaced.close:
            replaced.close(CloseCode.SESSION_INVALID, "Identified elsewhere")
        self._register.remove(replaced)
        self._leave_room(replaced)

    def _stop_waiting_for(self, session: VoiceSession) -> None:
        waiting = self._patience.pop(session, None)
        if waiting:
            waiting.cancel()

    def _leave_room(self, session: VoiceSession) -> None:
        self._stop_waiting_for(session)
        room = self._rooms.get(session.ticket.channel_id)
        if room is None:
            return
        room.leave(session)
        if not room:
            room.close()
            del self._rooms[session.ticket.channel_id]

    def _make_udp(self) -> VoiceUdp:
        return VoiceUdp(
            journal=self._journal,
            by_ssrc=self._register.by_ssrc,
            listeners_of=self._listeners_of,
            on_mute_speaker=self._refuse_mute_speaker,
            path=self.path,
        )

    def _listeners_of(self, session: VoiceSession) -> list[VoiceSession]:
        room = self.room_of(session)
        if room is None or session.user_id in self._muted:
            return []
        hearing = [listener for listener in room.listeners_of(session) if listener.user_id not in self._deafened]
        return [listener for listener in hearing if not listener.is_deaf]

    def _refuse_mute_speaker(self, session: VoiceSession) -> None:
        reason = "Audio without op 5"
        self._journal.write(
            "voice_client_refused", user_id=session.user_id, code=int(CloseCode.BAD_REQUEST), reason=reason
        )
        if session.close:
            session.close(CloseCode.BAD_REQUEST, reason)
        self._give_up(session)

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        websocket = web.WebSocketResponse(timeout=2.0)
        await websocket.prepare(request)
        if request.query.get("v") != GATEWAY_VERSION:
            await websocket.close(code=CloseCode.UNKNOWN_PROTOCOL, message=b"Only voice gateway version 8 is spoken")
            return websocket
        await Conversation(websocket, self, self._journal).run()
        return websocket
