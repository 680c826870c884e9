"""Listening in a voice channel: `await channel.connect(cls=CaptureClient)`, then start and stop recordings.

    client = await channel.connect(cls=CaptureClient)
    client.start_recording(folder, started_at=time.monotonic(), may_record=..., track_name=...)
    ...
    tracks = await client.stop_recording(time.monotonic())

Times are time.monotonic() seconds. Packets are stamped and queued in discord.py's reader thread; all else happens in
the event loop. Users whom `may_record` does not permit are never decrypted and never written.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import discord
from discord.gateway import DiscordVoiceWebSocket

from bot.voice import internals
from bot.voice.gathering import gathered
from bot.voice.receiver import FrameReceived, Receiver
from bot.voice.recorder import Recording, TrackSummary

DRAIN_SECONDS: Final = 0.05
"""How long packets gather before the loop takes them: recording is in no hurry, and wake-ups cost more than packets."""

TICK_SECONDS: Final = 0.1
GRACE_SECONDS: Final = 0.25
"""How long after a cut frames of before it may still get their key."""

IN_FLIGHT_SECONDS: Final = 0.06
QUEUED_DATAGRAMS_LIMIT: Final = 100_000

_SPEAKING, _CLIENTS_CONNECT, _CLIENT_CONNECT, _CLIENT_DISCONNECT = 5, 11, 12, 13
_SESSION_DESCRIPTION = 4
_DAVE_OPS = range(21, 32)

_log = logging.getLogger(__name__)


class AlreadyRecording(RuntimeError):
    """A recording is running on this voice connection."""


class NotRecording(RuntimeError):
    """No recording is running on this voice connection."""


class ReadyPackets(discord.AudioSource):
    """Plays 20 ms Opus packets as they are; needs neither libopus nor ffmpeg."""

    def __init__(self, packets: Sequence[bytes]) -> None:
        self._packets = iter(packets)

    def read(self) -> bytes:
        """The next packet; empty at the end."""
        return next(self._packets, b"")

    def is_opus(self) -> bool:
        """Already encoded."""
        return True


class CaptureClient(internals.ListeningVoiceClient):
    """A voice connection that can record everyone who permits it, each on a track of their own."""

    def __init__(self, client: discord.Client, channel: discord.abc.Connectable) -> None:
        self._arrived: deque[tuple[bytes, float]] = deque(maxlen=QUEUED_DATAGRAMS_LIMIT)
        self._wake_up_sent = False
        super().__init__(client, channel)
        connection = internals.connection_of(self)
        self._receiver = Receiver(internals.ConnectionKeys(connection))
        self._receiver.use_roster(lambda: self._in_call)
        self._recording: Recording | None = None
        self._ticking: asyncio.Task[None] | None = None
        self._stopping = False
        self._in_call: set[int] = set()
        connection.add_socket_listener(self._on_datagram)

    def create_connection_state(self) -> internals.ListeningState:
        """Called by discord.py while it builds the client."""
        return internals.ListeningState(self, hook=self._on_voice_op, on_keys_changed=self._on_keys_changed)

    @property
    def recording(self) -> Recording | None:
        """The running recording."""
        return self._recording

    @property
    def receiver(self) -> Receiver:
        """What has been received, for its counts."""
        return self._receiver

    @property
    def users_in_call(self) -> frozenset[int]:
        """Everyone else in the call, as the voice gateway tells."""
        return frozenset(self._in_call)

    def unrecorded_users(self) -> frozenset[int]:
        """Who was heard in this recording (or the last one) without permission."""
        return self._receiver.unrecorded_users

    def start_recording(
        self,
        folder: Path,
        *,
        started_at: float,
        may_record: Callable[[int], bool],
        track_name: Callable[[int], str],
        on_failure: Callable[[Exception], None] | None = None,
    ) -> Recording:
        """Record into `folder` from `started_at` on, which may lie ahead. AlreadyRecording when one is running.

        `may_record` is asked for every frame, so that permission can end at any moment; `track_name` gives a user's
        file name without suffix. Called early, in a countdown, the clocks of those who speak are known at the start.
        """
        if self._recording is not None:
            raise AlreadyRecording("A recording is already running on this voice connection.")
        self._drain()
        self._receiver.record(may_record)
        self._recording = Recording(folder, started_at=started_at, track_name=track_name, on_failure=on_failure)
        self._ticking = asyncio.create_task(self._tick_until_cancelled(), name="Voice receiver")
        return self._recording

    async def stop_recording(self, cut_at: float) -> tuple[TrackSummary, ...]:
        """End the take at `cut_at` and close its tracks. NotRecording when none is running.

        Waits until `cut_at` if it lies ahead, and shortly for packets under way and frames that lack their key.
        """
        recording, ticking = self._recording, self._ticking
        if recording is None or ticking is None or self._stopping:
            raise NotRecording("No recording is running on this voice connection, or it is being stopped already.")
        recording.cut(cut_at)
        self._stopping = True
        try:
            await self._wait_for_the_last_frames(cut_at)
        finally:
            self._stopping = False
        self._recording = self._ticking = None
        ticking.cancel()
        self._receiver.stop_recording()
        return await recording.stop(cut_at)

    async def play_notice(self, packets: Sequence[bytes]) -> None:
        """Play 20 ms Opus packets to everyone in the channel; returns when the last has been sent."""
        finished: asyncio.Future[None] = self.loop.create_future()

        def settle(error: Exception | None) -> None:
            if finished.done():
                return
            if error is None:
                finished.set_result(None)
            else:
                finished.set_exception(error)

        self.play(ReadyPackets(packets), after=lambda error: self.loop.call_soon_threadsafe(settle, error))
        try:
            await finished
        except asyncio.CancelledError:
            self.stop()
            raise

    async def _wait_for_the_last_frames(self, cut_at: float) -> None:
        await asyncio.sleep(max(cut_at + IN_FLIGHT_SECONDS - time.monotonic(), 0))
        self._drain()
        until = max(cut_at, time.monotonic() - IN_FLIGHT_SECONDS) + GRACE_SECONDS
        while self._receiver.held_frames and time.monotonic() < until:
            await asyncio.sleep(DRAIN_SECONDS)
            self._drain()

    def _on_datagram(self, data: bytes) -> None:
        # In discord.py's reader thread: stamp, queue, and wake the loop once for all that follows.
        self._arrived.append((data, time.monotonic()))
        if self.is_connected():  # while it connects, discord.py itself waits for a datagram
            self._arrived.extend(gathered(internals.connection_of(self).socket))
        if not self._wake_up_sent:
            self._wake_up_sent = True
            try:
                self.loop.call_soon_threadsafe(self.loop.call_later, DRAIN_SECONDS, self._drain_as_announced)
            except RuntimeError:
                _log.debug("A packet came after the event loop was closed.")

    def _drain_as_announced(self) -> None:
        self._wake_up_sent = False
        self._drain()

    def _drain(self) -> None:
        """Take everything that has arrived."""
        if not self._receiver.has_transport:
            return  # kept until the session description brings the key
        now = time.monotonic()
        arrived = [self._arrived.popleft() for _ in range(len(self._arrived))]
        self._record(self._receiver.datagrams(arrived))
        self._record(self._receiver.tick(now))

    def _record(self, frames: list[FrameReceived]) -> None:
        if self._recording is not None:
            self._recording.frames(frames)

    async def _tick_until_cancelled(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self._drain()

    def _on_keys_changed(self) -> None:
        self._drain()
        self._record(self._receiver.key_changed(time.monotonic()))

    async def _on_voice_op(self, _: DiscordVoiceWebSocket, message: dict[str, Any]) -> None:
        try:
            self._take_voice_op(message["op"], message.get("d") or {})
        except Exception:
            # An exception here would end discord.py's polling of the voice gateway.
            _log.exception("Voice gateway message of op %s was not understood.", message.get("op"))

    def _take_voice_op(self, op: int, data: dict[str, Any]) -> None:
        now = time.monotonic()
        if op == _SESSION_DESCRIPTION:
            self._drain()
            self._receiver.use_transport(internals.transport_cipher(self))
            self._drain()
        elif op == _SPEAKING and "user_id" in data:
            self._in_call.add(int(data["user_id"]))
            self._record(self._receiver.speaking(int(data["ssrc"]), int(data["user_id"]), now))
        elif op == _CLIENTS_CONNECT:
            self._in_call.update(int(user_id) for user_id in data["user_ids"])
        elif op == _CLIENT_CONNECT:
            self._in_call.add(int(data["user_id"]))
            if ssrc := int(data.get("audio_ssrc") or 0):
                self._record(self._receiver.speaking(ssrc, int(data["user_id"]), now))
        elif op == _CLIENT_DISCONNECT:
            self._in_call.discard(int(data["user_id"]))
            self._receiver.user_left(int(data["user_id"]), now)
        elif op in _DAVE_OPS:
            self._on_keys_changed()
