"""A synthetic person in a voice channel: they speak in real time, encrypted end to end, as a real client does."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, Self

from bot.embedded.client.replies import VoiceCredentials
from bot.embedded.client.voice.call import VoiceCall
from bot.embedded.client.voice.camera import camera_packet
from bot.embedded.client.voice.packets import FRAME_SAMPLES, Habits, Packetiser
from bot.embedded.client.voice.privacy import SILENCE_FRAME
from bot.embedded.journal import Journal
from bot.wire.rtp import CLOCK_HZ

TRAILING_SILENCE_FRAMES = 5
"""Silence frames at the end of a talk spurt (Discord's documentation, "Voice data interpolation")."""

_SPEAKING, _NOT_SPEAKING = 1, 0


class VoiceParticipant:
    """A client of the voice gateway on libdave. `credentials` are what `Person.join_voice` returned.

    If `mode` is None, the server's first choice is used.

    `heard` counts decrypted frames per user id, including silence; `hearing.on_frame` is called with each.
    The journal gets `frame_sent` (sequence, timestamp, opus in hex, padded, extension_words, marker, silence,
    encrypted, transition_id: the transition whose key it was sent with, null in the clear), `frame_withheld` (opus,
    silence: there was no key, so nothing was sent), `padding_sent`, `spurt_started`, `spurt_ended`, and `line_spoken`
    (what the caller of `speak` says about the spurt), all with user_id, ssrc and spurt, counted from 1. `habits` says
    how its packets differ from another client's.
    """

    def __init__(
        self,
        credentials: VoiceCredentials,
        *,
        ssl_context: ssl.SSLContext,
        journal: Journal,
        mode: str | None = None,
        seed: int = 0,
        habits: Habits | None = None,
    ) -> None:
        self.user_id = credentials.user_id
        self.call = VoiceCall(credentials, ssl_context, journal, mode)
        self.hearing = self.call.hearing
        self.heard = self.hearing.frames
        self._journal = journal
        self._chance = Random(f"{seed}:{self.user_id}")
        self._habits = habits or Habits()
        self._clock_hz = CLOCK_HZ * (1 + self._habits.drift_ppm / 1_000_000)
        self._packetiser: Packetiser | None = None
        self._floor = asyncio.Lock()
        self._spurts = 0

    @property
    def ssrc(self) -> int:
        """The SSRC of this participant's audio; 0 before connecting."""
        return self.call.ssrc

    @property
    def can_send(self) -> bool:
        """Whether there is a key to send with. The first person in a channel gets one when a second person joins."""
        return self.call.privacy.can_send

    async def connect(self) -> None:
        """Return when encrypted frames can be sent, or when no one else is in the channel and the group needs a second.

        Raises VoiceClosed if the server refuses, TimeoutError if it takes longer than `CONNECT_TIMEOUT_S`.
        """
        await self.call.connect()
        self._packetiser = Packetiser(self.ssrc, self._chance, self._habits)

    async def speak(self, packets: Sequence[bytes], said: Mapping[str, object] | None = None) -> None:
        """Send one talk spurt of 20 ms Opus packets in real time, then five silence frames.

        Frames that are due while there is no key are withheld; their time passes all the same. Spurts do not overlap: a
        second call waits for the first. `said` goes into the journal. Raises VoiceClosed if the connection is over.
        """
        async with self._floor:
            packetiser = self._packetiser
            if packetiser is None:
                raise RuntimeError("A participant can speak only after connecting.")
            self.call.raise_if_closed()
            self._spurts += 1
            await self.call.announce(_SPEAKING)
            self._write_journal("spurt_started", frames=len(packets))
            if said is not None:
                self._write_journal("line_spoken", **said)
            await self._send_frames(packetiser, packets)
            if self.can_send:
                self._send_padding(packetiser)
            self._write_journal("spurt_ended")
            await self.call.announce(_NOT_SPEAKING)

    async def show(self, packets: int) -> None:
        """Switch the camera on (op 12), send this many packets of video, 20 ms apart, and switch it off."""
        video_ssrc = self.ssrc + 1
        await self.call.announce_video(video_ssrc)
        for number in range(packets):
            self.call.send_video(camera_packet(number, number * 1800, video_ssrc), bytes(400))
            await asyncio.sleep(0.02)
        await self.call.announce_video(0)

    async def close(self) -> None:
        """Leave the voice server."""
        await self.call.close()

    async def __aenter__(self) -> Self:
        """Connect. On an error, `close` is called."""
        try:
            await self.connect()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _send_frames(self, packetiser: Packetiser, packets: Sequence[bytes]) -> None:
        start = time.monotonic()
        packetiser.begin_spurt(round((start - self.call.connected_at) * self._clock_hz))
        frame_s = FRAME_SAMPLES / self._clock_hz
        frames = [*packets, *[SILENCE_FRAME] * TRAILING_SILENCE_FRAMES]
        for index, opus in enumerate(frames):
            delay_s = start + index * frame_s - time.monotonic()
            if delay_s > 0:
                await asyncio.sleep(delay_s)
            self.call.raise_if_closed()
            if index == len(packets):
                packetiser.end_spurt()
            self._send_frame(packetiser, opus, silence=index >= len(packets))

    def _send_frame(self, packetiser: Packetiser, opus: bytes, *, silence: bool) -> None:
        payload = self.call.privacy.encrypt(self.ssrc, opus)
        if payload is None:
            packetiser.skip_frame()
            self._write_journal("frame_withheld", opus=opus.hex(), silence=silence)
            return
        packet = packetiser.frame(payload)
        sent_at = time.monotonic()
        self.call.send(packet)
        self._write_journal(
            "frame_sent",
            t=sent_at,
            sequence=packet.sequence,
            timestamp=packet.timestamp,
            opus=opus.hex(),
            padded=packet.padded,
            extension_words=packet.extension_words,
            marker=packet.marker,
            silence=silence,
            encrypted=payload != opus,
            transition_id=self.call.privacy.sending_since,
        )

    def _send_padding(self, packetiser: Packetiser) -> None:
        for packet in packetiser.padding_only():
            self.call.send(packet)
            self._write_journal("padding_sent", sequence=packet.sequence, timestamp=packet.timestamp)

    def _write_journal(self, kind: str, **fields: Any) -> None:
        self._journal.write(kind, user_id=self.user_id, ssrc=self.ssrc, spurt=self._spurts, **fields)
