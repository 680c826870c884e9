"""The bot's own voice: packets that are ready to be sent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import discord


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


async def play_packets(voice: discord.VoiceClient, packets: Sequence[bytes]) -> None:
    """Play 20 ms Opus packets to everyone in the channel; returns when the last has been sent.

    Cancelled, it falls silent. ClientException when the connection is down or something else is being played.
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
