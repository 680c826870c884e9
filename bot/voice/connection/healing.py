"""The voice connection that discord.py's client is given: it joins, and heals by the rules of `reconnection`.

It replaces discord.py's VoiceConnectionState. That one never recovers from close code 4015, its reader can die
silently, it waits seconds before it tries again, and it closes the old socket before it asks for a new one. This module
carries out what the rules decide: it translates what happens (a closed websocket, the two voice events, time) into
their events, and their decisions into attempts. While a new link is built, the old one goes on delivering if it can.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from discord import VoiceClient

from bot.voice.connection.attempts import UNREACHABLE, Attempts
from bot.voice.connection.close_codes import DISCONNECTED, KEYLESS, REMOVED, SILENT_UDP, UNKNOWN_OPERATION, reason_for
from bot.voice.connection.facts import ConnectionFacts
from bot.voice.connection.link import Link, LinkCallbacks
from bot.voice.connection.main_gateway import MainGateway
from bot.voice.connection.reconnection import Attempt, AwaitNews, Decision, GiveUp, Reconnection, Step
from bot.voice.connection.repairing import Remedy
from bot.voice.connection.websocket import LinkClosed

WATCH_SECONDS: Final = 0.25
"""How often the connection checks what no event reports: keys, deadlines, and whether the main gateway forgot us."""

KEYS_FOLLOW_SECONDS: Final = 2.75
"""How long the group's change may take to reach us after someone came or left: others wait about 2 s for us."""

JOIN_PAUSES_SECONDS: Final = (0.0, 0.5, 1.0, 2.0, 4.0)
"""The pause before each attempt to join for the first time."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ConnectionCallbacks:
    """What the connection calls: for its links, for a new link in use, and for outages (times in monotonic seconds)."""

    link: LinkCallbacks
    link_changed: Callable[[Link], None]
    lost: Callable[[float, str], None]
    restored: Callable[[float], None]
    given_up: Callable[[float, str], None]


class HealingConnection(ConnectionFacts):
    """Stands in for the connection state of discord.py's VoiceClient.

    Everything happens in the event loop: events go to the rules, and what the rules decide is carried out by one task,
    the attempt (attempts.py). `poller` is the task that reads the websocket in use; when it ends, the connection is
    lost.
    """

    def __init__(self, voice_client: VoiceClient, callbacks: ConnectionCallbacks) -> None:
        super().__init__(MainGateway(voice_client), callbacks.link.keys_changed)
        self.poller: asyncio.Task[None] | None = None
        self._voice_client = voice_client
        self._callbacks = callbacks
        link_callbacks = replace(callbacks.link, keys_changed=self._on_keys_changed)
        self._attempts = Attempts(voice_client, self._main_gateway, link_callbacks, self._attempt_ended)
        self._is_over = self._is_told_lost = self._awaits_word = False
        self._rules = Reconnection()
        self._alarm: asyncio.TimerHandle | None = None
        self._repairs: set[asyncio.Task[None]] = set()
        self._link_changed = asyncio.Event()
        self._leaving: asyncio.Task[None] | None = None

    # What VoiceClient calls.

    async def connect(
        self, *, reconnect: bool, timeout: float, self_deaf: bool, self_mute: bool, resume: bool = False
    ) -> None:
        """Join the channel. Raises TimeoutError if Discord does not answer, LinkClosed if the voice server refuses."""
        self.timeout = timeout
        self._attempts.self_deaf, self._attempts.self_mute = self_deaf, self_mute
        try:
            async with asyncio.timeout(timeout):
                link = await self._attempts.join(JOIN_PAUSES_SECONDS if reconnect else JOIN_PAUSES_SECONDS[:1])
        except BaseException:
            await self.disconnect(force=True)
            raise
        self._use(link)
        self._watch()

    async def disconnect(self, *, force: bool = True, wait: bool = False) -> None:
        """Leave the channel. With `wait`, also wait for the event that confirms it, unless an earlier call did not.

        The event reaches only the voice client that discord.py has registered. A caller that registers another client
        next therefore has to wait.
        """
        if not self._is_over:
            self._end()
            self._awaits_word = wait
            with contextlib.suppress(Exception):
                await self._main_gateway.leave()
        if wait and self._awaits_word:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.timeout):
                    await self._main_gateway.has_left.wait()
            self._awaits_word = False
        self._voice_client.stop()
        self._voice_client.cleanup()

    async def move_to(self, channel: Any, timeout: float | None = 30.0) -> None:
        """Ask to be moved to another channel. Raises TimeoutError if no link to it is in use by then."""
        if channel is None:
            await self.disconnect(wait=True)
            return
        await self._main_gateway.guild.change_voice_state(channel=channel)
        async with asyncio.timeout(timeout):
            while self.link is None or self.link.credentials.channel_id != channel.id:
                self._link_changed.clear()
                await self._link_changed.wait()

    async def voice_state_update(self, data: Any) -> None:
        """Handle a VOICE_STATE_UPDATE about ourselves."""
        is_there, is_moved = self._main_gateway.state_told(data)
        if not self._is_watching or (not is_there and self._main_gateway.is_leaving):
            return
        now = time.monotonic()
        if not is_there and self._main_gateway.has_new_session():
            # No one removed us: Discord dropped our voice state together with the old session.
            self._lose(self._rules.closed(DISCONNECTED, now), reason_for(DISCONNECTED), now)
            self._act(self._rules.main_session_replaced(now))
        else:
            self._lose(self._rules.state_told(is_there=is_there, is_moved=is_moved, now=now), REMOVED, now)

    async def voice_server_update(self, data: Any) -> None:
        """Handle a VOICE_SERVER_UPDATE, which says where our voice server is from now on."""
        has_endpoint = self._main_gateway.server_told(data)
        if self._is_watching:
            self._act(self._rules.server_told(has_endpoint, time.monotonic()))

    @property
    def _is_watching(self) -> bool:
        """Whether events are for the rules, rather than answers to what an attempt asked for."""
        return self._alarm is not None and not self._main_gateway.is_asking and not self._is_over

    def hears(self) -> bool:
        """Whether what the others say can be decrypted now (Link.hears)."""
        return self.link is not None and self.link.hears(time.monotonic())

    def is_settled(self) -> bool:
        """Whether the connection is not about to get other keys.

        It is if a new session is under way, or if someone came or left and the group's change has not reached us.
        """
        if not self._rules.is_settled or self._attempts.is_under_way or self.link is None:
            return False
        due = self.link.company_changed_at
        return self.link.group.changed_at >= due or time.monotonic() > due + KEYS_FOLLOW_SECONDS

    def repair(self, remedy: Remedy) -> None:
        """Try this remedy against sound that no key opens. What still works goes on."""
        now, link = time.monotonic(), self.link
        if remedy is Remedy.NEW_KEYS and link is not None and link.dave_session is not None:
            _log.warning("Sound that reaches the bot cannot be decrypted; it asks for new keys (op 31).")
            task = asyncio.get_running_loop().create_task(self._ask_for_keys(link), name="Voice keys")
            self._repairs.add(task)
            task.add_done_callback(self._repairs.discard)
        else:
            step = Step.REJOIN if remedy is Remedy.REJOIN else Step.IDENTIFY
            _log.warning("Sound that reaches the bot cannot be decrypted; it begins a new session (%s).", step.name)
            self._act(self._rules.sound_sealed(step, now))

    async def _ask_for_keys(self, link: Link) -> None:
        with contextlib.suppress(*UNREACHABLE):  # the reader of the websocket reports that it is closed
            await link.repair_keys()

    # Carrying out what the rules decide.

    def _lose(self, decision: Decision, reason: str, since: float) -> None:
        """Act on an event that may have begun an outage. An outage is reported once, whatever events follow."""
        if self._rules.is_lost and not self._is_told_lost:
            self._is_told_lost = True
            self._callbacks.lost(since, reason)
        self._act(decision)

    def _act(self, decision: Decision) -> None:
        match decision:
            case Attempt(step, at):
                self._attempts.begin(step, at, self.link)
            case AwaitNews():
                self._attempts.stop()
            case GiveUp(reason):
                self._give_up(reason)
            case None:
                pass

    def _attempt_ended(self, step: Step, link: Link | None, error: BaseException | None) -> None:
        now = time.monotonic()
        if link is not None:
            self._use(link)
            self._rules.opened(now)
            if step is Step.RESUME:
                self._restored(now)
            return
        self._act(self._rules.failed(step, error.code if isinstance(error, LinkClosed) else None, now))

    def _use(self, link: Link) -> None:
        """Use this link from now on, in place of the previous one."""
        self._links.use(link)
        self._stop_polling()
        self.poller = asyncio.get_running_loop().create_task(link.listen(), name="Voice gateway")
        self.poller.add_done_callback(self._poller_ended)
        self._connected.set()
        self._link_changed.set()
        self._callbacks.link_changed(link)

    def _poller_ended(self, poller: asyncio.Task[None]) -> None:
        """Begin an outage, whatever ended the reader: the server, an error of ours, or a cancellation."""
        error = None if poller.cancelled() else poller.exception()
        if poller is not self.poller or self._is_over:
            return
        self.poller = None
        if error is not None and not isinstance(error, UNREACHABLE):
            _log.error("The reader of the voice gateway failed.", exc_info=error)
        self._connected.clear()
        code, now = (error.code if isinstance(error, LinkClosed) else None), time.monotonic()
        if code == UNKNOWN_OPERATION:
            self._attempts.says_wants = False  # op 15 is the only operation that not every voice server knows
        self._lose(self._rules.closed(code, now), reason_for(code), now)

    def _stop_polling(self) -> None:
        poller, self.poller = self.poller, None
        if poller is not None:
            poller.cancel()

    def _watch(self) -> None:
        """Check what no event reports, and schedule the next check."""
        self._alarm = asyncio.get_running_loop().call_later(WATCH_SECONDS, self._watch)
        now = time.monotonic()
        self._main_gateway.register()
        self._note_hearing()
        self._links.retire_quiet(now)
        if self.link is not None:
            self._watch_udp(self.link, now)
        if self._rules.is_lost and self._main_gateway.has_new_session():
            self._act(self._rules.main_session_replaced(now))
        elif self._rules.is_lost and self._main_gateway.is_channel_deleted():
            self._act(self._rules.channel_deleted(now))
        else:
            self._lose(self._rules.tick(now), KEYLESS, now)

    def _watch_udp(self, link: Link, now: float) -> None:
        """Begin an outage if the server has stopped answering pings; send one if it is due."""
        if self.poller is not None and not self._rules.is_lost and link.udp.is_dead(now):
            self._lose(self._rules.udp_died(now), SILENT_UDP, link.udp.last_arrival)
        link.udp.ping(now)

    def _on_keys_changed(self) -> None:
        self._callbacks.link.keys_changed()
        self._note_hearing()

    def _note_hearing(self) -> None:
        """End the outage, or the wait for a new session's key, once the link in use hears the others."""
        if self._rules.is_settled or self._attempts.is_under_way or self.poller is None or self.link is None:
            return
        now = time.monotonic()
        if self.link.hears(now):
            self._restored(now)

    def _restored(self, now: float) -> None:
        self._rules.restored(now)
        if self._is_told_lost:
            self._is_told_lost = False
            self._callbacks.restored(now)

    def _give_up(self, reason: str) -> None:
        _log.warning("The bot gives up the voice connection: %s.", reason)
        self._attempts.stop()
        self._callbacks.given_up(time.monotonic(), reason)
        self._leaving = asyncio.get_running_loop().create_task(self.disconnect(), name="Voice leaving")

    def _end(self) -> None:
        self._is_over = True
        if self._alarm is not None:
            self._alarm.cancel()
        self._attempts.stop()
        self._stop_polling()
        self._connected.set()  # wakes threads that wait, so that they see the end
        self._connected.clear()
        self._links.close()
