"""A cast member's connection to a voice channel: it answers the voice gateway and carries sound both ways."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import Callable
from typing import Any

from bot.embedded.client.replies import VoiceCredentials
from bot.embedded.client.voice.hearing import Hearing
from bot.embedded.client.voice.media import Media
from bot.embedded.client.voice.packets import Packet
from bot.embedded.client.voice.privacy import IMMEDIATE, CommitRejected, Privacy
from bot.embedded.client.voice.signalling import BinaryMessage, Signalling, TextMessage, VoiceClosed
from bot.embedded.journal import Journal
from bot.wire.rtp import RtpHeader
from bot.wire.transport import cipher_for

CONNECT_TIMEOUT_S = 15.0


class VoiceCall:
    """One client of the voice gateway. Its fields are for the participant who speaks through it, and for tests."""

    def __init__(
        self, credentials: VoiceCredentials, ssl_context: ssl.SSLContext, journal: Journal, mode: str | None
    ) -> None:
        self.ssrc = 0
        self.connected_at = 0.0
        self.signalling = Signalling(credentials.endpoint, ssl_context)
        self.privacy = Privacy(credentials.user_id, credentials.channel_id)
        self.hearing = Hearing(self.privacy)
        self.media: Media | None = None
        self._credentials = credentials
        self._journal = journal
        self._mode = mode
        self._listening: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._trusting = False

    async def connect(self) -> None:
        """Return when there is a key, or no one else in the channel. Raises VoiceClosed or TimeoutError."""
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await self.signalling.open()
                self._listening = asyncio.create_task(self._listen())
                await self.signalling.send_text(0, self._identification())
                ready = asyncio.create_task(self._ready.wait())
                try:
                    await asyncio.wait({ready, self._listening}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    ready.cancel()
                self.raise_if_closed()
        except BaseException:
            await self.close()
            raise

    async def announce(self, speaking: int) -> None:
        """Send op 5."""
        await self.signalling.send_text(5, {"speaking": speaking, "delay": 0, "ssrc": self.ssrc})

    async def announce_video(self, video_ssrc: int) -> None:
        """Send op 12: which SSRC carries this client's camera, 0 if it is off."""
        video = {"audio_ssrc": self.ssrc, "video_ssrc": video_ssrc, "rtx_ssrc": 0, "streams": []}
        await self.signalling.send_text(12, video)

    def send_video(self, clear: bytes, body: bytes) -> None:
        """Send a packet of video by UDP."""
        if self.media is None:
            raise RuntimeError("There is no socket yet: connect first.")
        self.media.send_sealed(clear, body)

    def send(self, packet: Packet) -> None:
        """Send a packet by UDP."""
        if self.media is None:
            raise RuntimeError("There is no audio socket yet: connect first.")
        self.media.send(packet)

    def raise_if_closed(self) -> None:
        """Raise VoiceClosed if the server has closed the connection, or the error that ended it."""
        if self._listening and self._listening.done() and not self._listening.cancelled():
            error = self._listening.exception()
            raise error if error else VoiceClosed(None)

    async def close(self) -> None:
        """Leave the voice server. Raises the error that ended the connection, but not for a close by the server."""
        try:
            if self._listening:
                self._listening.cancel()
                with contextlib.suppress(asyncio.CancelledError, VoiceClosed):
                    await self._listening
        finally:
            await self.signalling.close()
            if self.media:
                self.media.close()

    async def _listen(self) -> None:
        async for message in self.signalling.messages():
            if isinstance(message, TextMessage):
                await self._on_text(message.op, message.data)
            else:
                await self._on_binary(message)
            if self._trusting and (self.privacy.can_send or self.privacy.alone):
                self._ready.set()

    async def _on_text(self, op: int, data: Any) -> None:
        match op:
            case 2:
                await self._select_protocol(data)
            case 4:
                await self._begin_privacy(data)
            case 5:
                self.hearing.introduce(data["ssrc"], int(data["user_id"]))
            case 6:
                pass
            case 8:
                self.signalling.beat_every(data["heartbeat_interval"])
            case 12:
                pass
            case 11:
                for user_id in data["user_ids"]:
                    self.privacy.meet(int(user_id))
            case 13:
                self.privacy.part(int(data["user_id"]))
            case 21:
                await self._prepare(data["transition_id"], data["protocol_version"])
            case 22:
                self.privacy.execute(data["transition_id"])
            case 24 if data["epoch"] == 1:
                await self.signalling.send_binary(26, self.privacy.begin(data["protocol_version"]))
            case _:
                raise RuntimeError(f"The voice server sent the unexpected operation {op}: {data}.")

    async def _on_binary(self, message: BinaryMessage) -> None:
        match message.op:
            case 25:
                self.privacy.trust(message.body)
                self._trusting = True
            case 27:
                answer = self.privacy.answer_proposals(message.body)
                if answer is not None:
                    await self.signalling.send_binary(28, answer)
            case 29:
                await self._follow(self.privacy.process_commit, message.body)
            case 30:
                await self._follow(self.privacy.process_welcome, message.body)
            case _:
                raise RuntimeError(f"The voice server sent the unexpected binary operation {message.op}.")

    async def _prepare(self, transition_id: int, version: int) -> None:
        if version == 0:
            self.privacy.prepare_downgrade(transition_id)
        if transition_id == IMMEDIATE:
            self.privacy.execute(transition_id)
        else:
            await self.signalling.send_text(23, {"transition_id": transition_id})

    async def _begin_privacy(self, description: dict[str, Any]) -> None:
        assert self.media
        self.media.use(cipher_for(description["mode"], bytes(description["secret_key"])))
        if description["dave_protocol_version"] == 0:
            self.privacy.prepare_downgrade(IMMEDIATE)
            self.privacy.execute(IMMEDIATE)
            return
        await self.signalling.send_binary(26, self.privacy.begin(description["dave_protocol_version"]))

    async def _follow(self, process: Callable[[int, bytes], None], body: bytes) -> None:
        transition_id = int.from_bytes(body[:2], "big")
        try:
            process(transition_id, body[2:])
        except CommitRejected as error:
            self._journal.write(
                "commit_rejected",
                user_id=self._credentials.user_id,
                transition_id=transition_id,
                reason=str(error),
            )
            await self.signalling.send_text(31, {"transition_id": transition_id})
            await self.signalling.send_binary(26, self.privacy.begin(1))
            return
        self.hearing.retry()
        if transition_id != IMMEDIATE:
            await self.signalling.send_text(23, {"transition_id": transition_id})

    async def _select_protocol(self, ready: dict[str, Any]) -> None:
        self.ssrc = ready["ssrc"]
        mode = self._mode or ready["modes"][0]
        if mode not in ready["modes"]:
            raise RuntimeError(f"The voice server does not offer {mode}.")
        self.privacy.assign_ssrc(self.ssrc)
        self.connected_at = time.monotonic()
        self.media = await Media.connect((ready["ip"], ready["port"]), self._hear)
        host, port = await self.media.discover(self.ssrc)
        choice = {"protocol": "udp", "data": {"address": host, "port": port, "mode": mode}}
        await self.signalling.send_text(1, choice)

    def _hear(self, header: RtpHeader, payload: bytes) -> None:
        self.hearing.hear(header.ssrc, payload)

    def _identification(self) -> dict[str, Any]:
        return {
            "server_id": str(self._credentials.guild_id),
            "user_id": str(self._credentials.user_id),
            "session_id": self._credentials.session_id,
            "token": self._credentials.token,
            "max_dave_protocol_version": 1,
        }
