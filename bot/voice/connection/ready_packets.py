"""The bot's own voice: it plays packets that are already encoded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import discord


class ReadyPackets(discord.AudioSource):
    """Plays 20 ms Opus packets unchanged; it needs neither libopus nor ffmpeg."""

    def __init__(self, packets: Sequence[bytes]) -> None:
        self._packets = iter(packets)

    def read(self) -> bytes:
        """Return the next packet; empty at the end."""
        return next(self._packets, b"")

    def is_opus(self) -> bool:
        """Return True: the packets are already encoded."""
        return True


async def play_packets(voice: discord.VoiceClient, packets: Sequence[bytes]) -> None:
    """Play 20 ms Opus packets to everyone in the channel. Returns when the last one has been sent.

    A cancellation stops the sound. Raises ClientException if the connection is down or something else is being played.
    """
    finished: asyncio.Future[None] = voice.loop.create_future()

    def settle(error: Exception | None) -> None:
        if finished.done():
            return
        if error is None:
            finished.set_result(None)
        else:
            finished.set_exception(error)

    voice.play(ReadyPackets(packets), after=lambda error: voice.loop.call_soon_threadsafe(settle, error))
    try:
        await finished
    except asyncio.CancelledError:
        voice.stop()
        raise
