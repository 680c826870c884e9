"""Records a voice channel: `await channel.connect(cls=CaptureClient)`, then start and stop recordings.

    client = await channel.connect(cls=CaptureClient)
    client.start_recording(folder, started_at=time.monotonic(), may_record=..., track_name=...)
    ...
    tracks = await client.stop_recording(time.monotonic())

Times are time.monotonic() seconds. Each socket has a thread that stamps and queues its packets; everything else happens
in the event loop. The connection heals by itself (`connection.healing`): `on_connection` reports every loss and return,
and a recording goes on through them, with its holes marked. Frames of users whom `may_record` does not permit are never
decrypted and never written.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import aiohttp
import discord

from bot.domain.ids import UserId
from bot.domain.states import HoleCause
from bot.voice.connection import internals
from bot.voice.connection.events import (
    ConnectionEvent,
    ConnectionGivenUp,
    ConnectionLost,
    ConnectionRestored,
    SealedSound,
)
from bot.voice.connection.gathering import GATHERING_SECONDS
from bot.voice.connection.healing import ConnectionCallbacks, HealingConnection
from bot.voice.connection.link import Link, LinkCallbacks
from bot.voice.connection.ready_packets import play_packets
from bot.voice.connection.roster import Ended, Named, News
from bot.voice.receiving.outage import Outages
from bot.voice.receiving.receiver import FrameReceived, Receiver
from bot.voice.recording.holes import Hole
from bot.voice.recording.recorder import Recording, TrackSummary
from bot.voice.sealed import SealedWatch

TICK_SECONDS: Final = 0.1
"""How often held frames expire and are tried again while no packet arrives."""

HEARING_LOOK_SECONDS: Final = 0.02
"""How often to check whether the others can be heard: once per frame."""

GRACE_SECONDS: Final = 0.25
"""How long after a cut a frame from before it can still get its key."""

IN_FLIGHT_SECONDS: Final = 0.06
"""How long after a cut a packet from before it can still arrive: networks reorder within about 60 ms."""

_log = logging.getLogger(__name__)


class AlreadyRecording(RuntimeError):
    """A recording is already running on this voice connection."""


class NotRecording(RuntimeError):
    """No recording is running on this voice connection."""


class CaptureClient(internals.ListeningVoiceClient):
    """A voice connection that can record everyone who permits it, on one track per performer.

    `on_connection` is called, in the event loop, when the connection is lost, restored, or given up for good. A
    recording can still be stopped after that: its tracks hold everything up to then.
    """

    on_connection: Callable[[ConnectionEvent], None] | None = None

    def __init__(self, client: discord.Client, channel: discord.abc.Connectable) -> None:
        self._wake_up_sent = False
        self._link: Link | None = None
        self._outages = Outages()
        super().__init__(client, channel)
        self._healing = internals.connection_of(self)
        self._receiver = Receiver(internals.ConnectionKeys(self._healing))
        self._receiver.use_roster(lambda: () if self._link is None else self._link.roster.heard_of)
        self._sealed = SealedWatch(self._receiver, self._healing, self._outages, self._on_sealed_sound)
        self._recording: Recording | None = None
        self._holes: tuple[Hole, ...] = ()
        self._ticking: asyncio.Task[None] | None = None
        self._stopping = False

    def create_connection_state(self) -> Any:
        """Return our connection in place of discord.py's, which does not heal. The client's constructor calls this."""
        link = LinkCallbacks(self._on_people_changed, self._on_keys_changed, self._on_packets_wait, self.observe)
        callbacks = ConnectionCallbacks(
            link, self._on_link_changed, self._on_connection_lost, self._on_connection_restored, self._on_given_up
        )
        return HealingConnection(self, callbacks)

    def observe(self, message: aiohttp.WSMessage) -> None:
        """Take note of a message of the voice gateway before it is handled. Does nothing here: subclasses may."""

    @property
    def recording(self) -> Recording | None:
        """The running recording."""
        return self._recording

    @property
    def receiver(self) -> Receiver:
        """The receiver of this connection, which counts what became of the packets."""
        return self._receiver

    @property
    def users_in_call(self) -> frozenset[UserId]:
        """Everyone else in the call, as the voice gateway reports it."""
        return frozenset() if self._link is None else self._link.roster.users

    @property
    def undecryptable_users(self) -> frozenset[UserId]:
        """Whose sound arrives at the moment and cannot be decrypted, although it may be recorded."""
        return self._sealed.users

    def unrecorded_users(self) -> frozenset[UserId]:
        """Users who were heard in this recording (or the last one) without permission to record them."""
        return self._receiver.unrecorded_users

    def holes(self) -> tuple[Hole, ...]:
        """The stretches of the last stopped recording in which everyone or one person could not be heard.

        They are known even if the recording has no tracks.
        """
        return self._holes

    async def wait_until_hearing(self, most_seconds: float, channel_id: int | None = None) -> bool:
        """Wait until what the others say can be decrypted; return whether it can, after `most_seconds` at the latest.

        With a `channel_id`, wait for the people in this channel: a move may be under way.

        `connect()` returns as soon as packets arrive. The others take a moment to let us into their DAVE group, and no
        key ever opens what they say until then.
        """
        until = time.monotonic() + most_seconds
        # Polled, because no message says that no one else is in the call: only time shows it.
        while not (hears := self._hears_in(channel_id)) and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(HEARING_LOOK_SECONDS)
        return hears

    def _hears_in(self, channel_id: int | None) -> bool:
        link = self._healing.link
        is_there = channel_id is None or (link is not None and link.credentials.channel_id == channel_id)
        return is_there and self._healing.hears()

    def start_recording(
        self,
        folder: Path,
        *,
        started_at: float,
        may_record: Callable[[UserId], bool],
        track_name: Callable[[UserId], str],
        on_failure: Callable[[Exception], None] | None = None,
    ) -> Recording:
        """Record into `folder` from `started_at` on, which can lie in the future. Raises AlreadyRecording.

        `may_record` is asked for every frame, so permission can end at any moment; if it begins again, call
        `resume_recording`. `track_name` returns a user's file name without suffix. If this is called early, in a
        countdown, the clocks of the people who speak are already known at the start.
        """
        if self._recording is not None:
            raise AlreadyRecording("A recording is already running on this voice connection.")
        self._drain()
        self._receiver.record(may_record, since=time.monotonic())
        self._recording = Recording(folder, started_at=started_at, track_name=track_name, on_failure=on_failure)
        self._ticking = asyncio.create_task(self._tick_until_cancelled(), name="Voice receiver")
        return self._recording

    async def stop_recording(self, cut_at: float) -> tuple[TrackSummary, ...]:
        """End the take at `cut_at` and close its tracks. Raises NotRecording if no recording is running.

        Waits until `cut_at` if it lies in the future, then briefly for packets under way and frames without their key.
        """
        recording, ticking = self._recording, self._ticking
        if recording is None or ticking is None or self._stopping:
            raise NotRecording("No recording is running on this voice connection, or it is being stopped already.")
        recording.cut(cut_at)
        self._stopping = True
        try:
            await self._wait_for_the_last_frames(cut_at)
        except Exception:
            # What came so far is kept, and the next recording can begin.
            _log.exception("The last packets of a recording could not be processed.")
        finally:
            self._stopping = False
        self._recording = self._ticking = None
        ticking.cancel()
        self._receiver.stop_recording()
        self._sealed.stop(time.monotonic())
        self._mark_holes(recording, cut_at)
        return await recording.stop(cut_at)

    def resume_recording(self) -> None:
        """End a pause, in which `may_record` permitted no one: nothing from the pause is opened or counts as lost."""
        if self._recording is not None:
            for link in self._healing.links:
                link.udp.take_all()
            self._receiver.leave_out(until=time.monotonic())
            self._recording.resume()

    async def play_notice(self, packets: Sequence[bytes]) -> None:
        """Play 20 ms Opus packets to everyone in the channel. Returns when the last one has been sent."""
        await play_packets(self, packets)

    def _mark_holes(self, recording: Recording, cut_at: float) -> None:
        """Mark the outage that still lasts, and what could not be decrypted."""
        for start, end in self._outages.holes(cut_at):
            recording.mark_hole(start, end)
        for user_id, stretches in self._receiver.given_up.stretches().items():
            for start, end in stretches:
                recording.mark_hole(start, end, HoleCause.UNDECRYPTABLE, user_id)
        self._holes = recording.holes(recording.duration_samples)

    async def _wait_for_the_last_frames(self, cut_at: float) -> None:
        await asyncio.sleep(max(cut_at + IN_FLIGHT_SECONDS - time.monotonic(), 0))
        self._drain()
        until = max(cut_at, time.monotonic() - IN_FLIGHT_SECONDS) + GRACE_SECONDS
        while self._receiver.held_frames and time.monotonic() < until:
            await asyncio.sleep(GATHERING_SECONDS)
            self._drain()

    def _on_packets_wait(self) -> None:
        # This runs in a socket's reader thread. One wake-up of the loop is enough for everything that arrives until
        # the loop has drained the queues.
        if not self._wake_up_sent:
            self._wake_up_sent = True
            try:
                self.loop.call_soon_threadsafe(self._drain_as_announced)
            except RuntimeError:
                _log.debug("A packet came after the event loop was closed.")

    def _drain_as_announced(self) -> None:
        self._wake_up_sent = False
        self._drain()

    def _drain(self) -> None:
        """Take everything that has arrived, beginning with the oldest link, on which it was sent first."""
        if self._link is None:
            return  # the sockets keep it until the session description brings the key
        now = time.monotonic()
        for link in reversed(self._healing.links):
            self._record(self._receiver.datagrams(link.udp.take_all()))
        self._record(self._receiver.tick(now))

    def _record(self, frames: list[FrameReceived]) -> None:
        self._outages.note(frames)
        if self._recording is not None:
            self._recording.frames(frames)

    async def _tick_until_cancelled(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            try:
                self._drain()
                self._sealed.look(time.monotonic())
            except Exception:
                # Fuzzing finds no such error. If one happens nevertheless, it must not silently end the recording of
                # everyone.
                _log.exception("Packets that arrived could not be processed.")

    def _on_keys_changed(self) -> None:
        self._drain()
        self._record(self._receiver.key_changed(time.monotonic()))

    def _on_link_changed(self, link: Link) -> None:
        """Receive on this link from now on: it is new, or has been resumed."""
        assert link.cipher is not None
        # Before the switch: what has arrived by now belongs to the previous link's users and cipher.
        self._drain()
        if link is not self._link:
            self._link = link
            self._receiver.use_transport(link.cipher)
        self._drain()

    def _on_connection_lost(self, at: float, reason: str) -> None:
        self._drain()
        self._outages.begin(at)
        self._tell(ConnectionLost(at, reason))

    def _on_connection_restored(self, at: float) -> None:
        self._drain()
        holes = self._outages.end(at)
        if self._recording is not None:
            for start, end in holes:
                self._recording.mark_hole(start, end)
        self._tell(ConnectionRestored(at, hole_ms=sum(end - start for start, end in holes) * 1_000))

    def _on_given_up(self, at: float, reason: str) -> None:
        self._drain()
        self._tell(ConnectionGivenUp(at, reason))

    def _tell(self, event: ConnectionEvent) -> None:
        if self.on_connection is None:
            return
        try:
            self.on_connection(event)
        except Exception:
            _log.exception("The callback for %r failed.", event)

    def _on_sealed_sound(self, at: float, users: frozenset[UserId]) -> None:
        self._tell(SealedSound(at, users))

    def _on_people_changed(self, link: Link, news: News) -> None:
        """Take in whose an SSRC is. A replaced link no longer knows who is in the call."""
        if link is not self._link:
            return
        now = time.monotonic()
        match news:
            case Named(user_id, ssrc):
                self._record(self._receiver.speaking(ssrc, user_id, now))
            case Ended(user_id, ssrcs):
                self._receiver.user_left(user_id, now, ssrcs)
