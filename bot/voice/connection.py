"""The voice connection that discord.py's client is given: it joins, and heals by the rules of bot.voice.reconnection.

It stands in for discord.py's VoiceConnectionState, whose 4015 never recovers, whose poller dies silently, which waits
seconds before it tries again and closes the old socket before it asks for a new one.
"""

# Private names of discord.py are this module's purpose, and part of discord.py's types are unknown to pyright.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import aiohttp
import davey
from discord import VoiceClient

from bot.voice.line import Credentials, Line, LineCallbacks, LineClosed
from bot.voice.reconnection import Attempt, AwaitNews, Decision, GiveUp, Reconnection, Step, reason_for

WATCH_SECONDS: Final = 0.25
"""How often it is looked after what nobody tells: keys, deadlines, a main gateway that forgot us."""

OVERLAP_SECONDS: Final = 10.0
"""How long a line that was replaced may go on delivering."""

QUIET_SECONDS: Final = 1.0
"""A replaced line that delivered nothing for so long has nothing under way any more."""

JOIN_PAUSES_SECONDS: Final = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Pauses before each attempt to join for the first time."""

_log = logging.getLogger(__name__)

_Failure = (LineClosed, OSError, aiohttp.ClientError, TimeoutError)


@dataclass(frozen=True, slots=True)
class ConnectionCallbacks:
    """Whom the connection tells: of its lines, of the line that now is the one, and of outages (monotonic seconds)."""

    line: LineCallbacks
    line_changed: Callable[[Line], None]
    lost: Callable[[float, str], None]
    restored: Callable[[float], None]
    given_up: Callable[[float, str], None]


class _Told:
    """What the main gateway told of us: VOICE_STATE_UPDATE and VOICE_SERVER_UPDATE, in whichever order."""

    def __init__(self) -> None:
        self.session_id: str | None = None
        self.token: str | None = None
        self.endpoint: str | None = None
        self.changed = asyncio.Event()

    def clear(self) -> None:
        self.session_id = self.token = self.endpoint = None

    @property
    def is_complete(self) -> bool:
        return None not in (self.session_id, self.token, self.endpoint)

    async def complete(self) -> None:
        while not self.is_complete:
            self.changed.clear()
            await self.changed.wait()


class HealingConnection:
    """What discord.py's VoiceClient takes for its connection state. The first of `lines` is the one in use, another
    one may still deliver what is under way.
    """

    def __init__(self, voice_client: VoiceClient, callbacks: ConnectionCallbacks) -> None:
        self.voice_client = voice_client
        self.timeout = 30.0
        self.self_deaf = self.self_mute = False
        self.lines: list[Line] = []
        self.poller: asyncio.Task[None] | None = None
        self._callbacks = callbacks
        self._line_callbacks = replace(callbacks.line, keys_changed=self._on_keys_changed)
        self._rules = Reconnection()
        self._told = _Told()
        self._asking = self._leaving = self._is_over = False
        self._left = asyncio.Event()
        self._connected = threading.Event()
        self._arrived = asyncio.Event()
        self._attempt: asyncio.Task[Line] | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._main_session: object = None
        self._retired: dict[Line, float] = {}

    # What VoiceClient asks of its connection state.

    @property
    def line(self) -> Line | None:
        """The line in use."""
        return self.lines[0] if self.lines else None

    @property
    def ws(self) -> Any:
        """The websocket in use; None before the first."""
        return self.line.ws if self.line else None

    @property
    def session_id(self) -> str | None:
        """Of our voice state."""
        return self._told.session_id

    @property
    def token(self) -> str | None:
        """The voice server's."""
        return self._told.token

    @property
    def endpoint(self) -> str | None:
        """The voice server's."""
        return self._told.endpoint

    @property
    def ssrc(self) -> int:
        """Ours."""
        return self.line.ssrc if self.line else 0

    @property
    def mode(self) -> Any:
        """The transport's encryption."""
        return self.line.mode if self.line else None

    @property
    def secret_key(self) -> list[int]:
        """The transport's."""
        return self.line.secret_key if self.line else []

    @property
    def dave_session(self) -> davey.DaveSession | None:
        """Of the line in use."""
        return self.line.dave_session if self.line else None

    @property
    def dave_protocol_version(self) -> int:
        """0 while the call is not end-to-end encrypted."""
        return self.line.dave_protocol_version if self.line else 0

    @property
    def can_encrypt(self) -> bool:
        """Whether what we send can be encrypted end to end."""
        return self.dave_protocol_version != 0 and self.dave_session is not None and self.dave_session.ready

    def is_connected(self) -> bool:
        """Whether sound can arrive and be sent at the moment."""
        return self._connected.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Block a thread until connected."""
        return self._connected.wait(timeout)

    def send_packet(self, packet: bytes) -> None:
        """Send over UDP; OSError when there is no socket."""
        if self.line is None:
            raise OSError("There is no voice connection.")
        self.line.udp.send(packet)

    async def connect(
        self, *, reconnect: bool, timeout: float, self_deaf: bool, self_mute: bool, resume: bool = False
    ) -> None:
        """Join the channel. TimeoutError when Discord does not answer, LineClosed when the voice server refuses."""
        self.timeout, self.self_deaf, self.self_mute = timeout, self_deaf, self_mute
        try:
            async with asyncio.timeout(timeout):
                line = await self._join(JOIN_PAUSES_SECONDS if reconnect else JOIN_PAUSES_SECONDS[:1])
        except BaseException:
            await self.disconnect(force=True)
            raise
        self._use(line)
        self._watch()

    async def disconnect(self, *, force: bool = True, cleanup: bool = True, wait: bool = False) -> None:
        """Leave the channel, and with `wait` for the word that we have."""
        if self._is_over and not wait:
            return
        was_over, self._leaving = self._is_over, True
        self._end()
        if not was_over:
            with contextlib.suppress(Exception):
                await self._guild.change_voice_state(channel=None)
            if wait:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self.timeout):
                        await self._left.wait()
        if cleanup:
            self.voice_client.stop()
            self.voice_client.cleanup()

    async def move_to(self, channel: Any, timeout: float | None = 30.0) -> None:
        """Ask to be moved; TimeoutError when that does not come about."""
        if channel is None:
            await self.disconnect(wait=True)
            return
        await self._guild.change_voice_state(channel=channel)
        async with asyncio.timeout(timeout):
            while self.line is None or self.line.credentials.channel_id != channel.id:
                self._arrived.clear()
                await self._arrived.wait()

    async def voice_state_update(self, data: Any) -> None:
        """VOICE_STATE_UPDATE about ourselves."""
        channel_id = int(data["channel_id"]) if data["channel_id"] is not None else None
        if channel_id is None:
            self._left.set()
            # Leaving to join anew, or for good, is our own doing.
            if not self._leaving:
                self._act(self._judge_absence())
            return
        self._leaving = False
        self._told.session_id = data["session_id"]
        is_moved = channel_id != self.voice_client.channel.id
        if is_moved and (channel := self._guild.get_channel(channel_id)) is not None:
            self.voice_client.channel = channel
        self._told.changed.set()
        if self._is_watching:
            self._act(self._rules.state_told(is_there=True, is_moved=is_moved, now=time.monotonic()))

    async def voice_server_update(self, data: Any) -> None:
        """VOICE_SERVER_UPDATE: where our voice server is from now on."""
        endpoint = data.get("endpoint")
        self._told.token = data["token"]
        self._told.endpoint = endpoint.removeprefix("wss://") if endpoint else None
        self._told.changed.set()
        if self._is_watching:
            self._act(self._rules.server_told(bool(endpoint and data["token"]), time.monotonic()))

    # Doing what the rules decide.

    @property
    def _guild(self) -> Any:
        return self.voice_client.channel.guild

    @property
    def _is_watching(self) -> bool:
        """Whether news are for the rules, rather than answers to what an attempt asked for."""
        return self._alarm is not None and not self._asking and not self._is_over

    def _act(self, decision: Decision) -> None:
        match decision:
            case Attempt(step, at):
                self._begin_attempt(step, at)
            case AwaitNews():
                self._stop_attempt()
            case GiveUp(reason):
                self._give_up(reason)
            case None:
                pass

    def _begin_attempt(self, step: Step, at: float) -> None:
        self._stop_attempt()
        _log.info("Voice connection: %s in %.1f s.", step.name.lower(), max(at - time.monotonic(), 0))
        attempt = asyncio.get_running_loop().create_task(self._try(step, at), name=f"Voice {step.name.lower()}")
        attempt.add_done_callback(lambda done: self._attempt_ended(step, done))
        self._attempt = attempt

    def _stop_attempt(self) -> None:
        if self._attempt is not None:
            self._attempt.cancel()
            self._attempt = None

    async def _try(self, step: Step, at: float) -> Line:
        await asyncio.sleep(at - time.monotonic())
        async with asyncio.timeout(step.value):
            if step is Step.RESUME and self.line is not None:
                self._stop_polling()
                await self.line.resume()
                return self.line
            if step is Step.REJOIN:
                await self._ask_for_credentials(leave_first=True)
            else:
                await self._told.complete()
            return await self._open_line()

    def _attempt_ended(self, step: Step, attempt: asyncio.Task[Line]) -> None:
        if attempt is not self._attempt or attempt.cancelled():
            return
        self._attempt = None
        now, error = time.monotonic(), attempt.exception()
        if error is None:
            self._use(attempt.result())
            self._rules.opened(now)
            if step is Step.RESUME:
                self._restored(now)
            return
        level = logging.INFO if isinstance(error, _Failure) else logging.ERROR
        _log.log(level, "Voice connection: %s failed.", step.name.lower(), exc_info=error)
        self._act(self._rules.failed(step, error.code if isinstance(error, LineClosed) else None, now))

    async def _join(self, pauses: tuple[float, ...]) -> Line:
        for pause in pauses:
            await asyncio.sleep(pause)
            try:
                await self._ask_for_credentials(leave_first=pause > 0)
                return await self._open_line()
            except (LineClosed, OSError, aiohttp.ClientError) as error:
                if pause == pauses[-1]:
                    raise
                _log.warning("The voice server could not be reached, it is tried again: %s", error)
        raise AssertionError("There is at least one attempt.")

    async def _ask_for_credentials(self, *, leave_first: bool) -> None:
        self._register()
        self._told.clear()
        self._asking = True
        try:
            if leave_first:
                self._leaving = True
                await self._guild.change_voice_state(channel=None)
            channel = self.voice_client.channel
            await self._guild.change_voice_state(
                channel=channel, self_deaf=self.self_deaf, self_mute=self.self_mute
            )
            await self._told.complete()
        finally:
            self._asking = False
        self._main_session = self._main_session_now()

    async def _open_line(self) -> Line:
        told = self._told
        assert told.session_id is not None
        assert told.token is not None
        assert told.endpoint is not None
        credentials = Credentials(
            self._guild.id, self.voice_client.channel.id, told.session_id, told.token, told.endpoint
        )
        line = Line(self.voice_client, credentials, self._line_callbacks)
        try:
            await line.open()
        except BaseException:
            line.close()
            raise
        return line

    def _use(self, line: Line) -> None:
        """This line is the one from now on; the one before it goes on delivering for a while."""
        if line is not self.line:
            now = time.monotonic()
            for older in self.lines[1:]:
                self._retire(older)
            if self.lines:
                self._retired[self.lines[0]] = now
            self.lines = [line, *self.lines[:1]]
            self._stop_polling()
        self.poller = asyncio.get_running_loop().create_task(line.listen(), name="Voice gateway")
        self.poller.add_done_callback(lambda done: self._poller_ended(line, done))
        self._connected.set()
        self._arrived.set()
        self._callbacks.line_changed(line)

    def _poller_ended(self, line: Line, poller: asyncio.Task[None]) -> None:
        """However it ended: closed by the server, by an error of ours, or because somebody cancelled it."""
        error = None if poller.cancelled() else poller.exception()
        if poller is not self.poller or self._is_over:
            return
        self.poller = None
        code = error.code if isinstance(error, LineClosed) else None
        if error is not None and not isinstance(error, _Failure):
            _log.error("The voice gateway's reader died.", exc_info=error)
        self._connected.clear()
        self._lose(code, time.monotonic())

    def _lose(self, code: int | None, now: float) -> None:
        was_lost = self._rules.is_lost
        decision = self._rules.closed(code, now)
        if not was_lost:
            self._callbacks.lost(now, reason_for(code))
        self._act(decision)

    def _stop_polling(self) -> None:
        poller, self.poller = self.poller, None
        if poller is not None:
            poller.cancel()

    def _judge_absence(self) -> Decision:
        """We are in no channel any more: removed, or forgotten along with a session of the main gateway."""
        now = time.monotonic()
        if not self._is_watching:
            return None
        if self._main_session_now() != self._main_session:
            self._main_session = self._main_session_now()
            if not self._rules.is_lost:
                self._lose(4014, now)
            return self._rules.main_session_replaced(now)
        was_lost = self._rules.is_lost
        decision = self._rules.state_told(is_there=False, is_moved=False, now=now)
        if not was_lost:
            self._callbacks.lost(now, reason_for(4014))
        return decision

    def _watch(self) -> None:
        """Look after everything that is not told; asks to be called again."""
        self._alarm = asyncio.get_running_loop().call_later(WATCH_SECONDS, self._watch)
        now = time.monotonic()
        self._register()
        self._note_hearing()
        was_lost = self._rules.is_lost
        decision = self._rules.tick(now)
        if self._rules.is_lost and not was_lost:
            self._callbacks.lost(now, "no key came for what the others say")
        if decision is None and self._rules.is_lost and self._main_session_now() != self._main_session:
            self._main_session = self._main_session_now()
            decision = self._rules.main_session_replaced(now)
        for older in self.lines[1:]:
            since = self._retired.get(older, 0.0)
            if now > since + OVERLAP_SECONDS or now > max(since, older.udp.last_arrival) + QUIET_SECONDS:
                self._retire(older)
        self._act(decision)

    def _on_keys_changed(self) -> None:
        self._callbacks.line.keys_changed()
        self._note_hearing()

    def _note_hearing(self) -> None:
        """What was awaited has come about once the line in use hears the others."""
        now, line = time.monotonic(), self.line
        if not self._rules.is_settled and line is not None and self.poller is not None and line.hears(now):
            self._restored(now)

    def _restored(self, now: float) -> None:
        was_lost = self._rules.is_lost
        self._rules.restored(now)
        if was_lost:
            self._callbacks.restored(now)

    def _retire(self, line: Line) -> None:
        line.close()
        self._retired.pop(line, None)
        # What has arrived on it is taken before it goes.
        self._callbacks.line.keys_changed()
        self.lines = [other for other in self.lines if other is not line]

    def _give_up(self, reason: str) -> None:
        _log.warning("The voice connection is given up: %s.", reason)
        self._callbacks.given_up(time.monotonic(), reason)
        leaving = asyncio.get_running_loop().create_task(self.disconnect())
        leaving.add_done_callback(lambda done: None if done.cancelled() else done.exception())
        self._last_task = leaving

    def _end(self) -> None:
        self._is_over = True
        if self._alarm is not None:
            self._alarm.cancel()
        self._stop_attempt()
        self._stop_polling()
        self._connected.set()  # whoever waits is to look again
        self._connected.clear()
        for line in self.lines:
            line.close()
        self._callbacks.line.keys_changed()
        del self.lines[1:]

    # The main gateway.

    def _register(self) -> None:
        """discord.py forgets its voice clients when the main gateway begins a new session: events would not come."""
        state = self.voice_client._state
        key, _ = self.voice_client.channel._get_voice_client_key()
        if state._get_voice_client(key) is None:
            state._add_voice_client(key, self.voice_client)

    def _main_session_now(self) -> object:
        """Which session of the main gateway there is, None while there is none."""
        websocket: Any = self.voice_client._state._get_websocket(self._guild.id)
        return getattr(websocket, "session_id", None) or self._main_session
