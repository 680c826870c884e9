"""Record the people in a voice channel who agree, each on a separate track, without the rest of Promptbook.

DISCORD_TOKEN=… python docs/recording_example.py CHANNEL_ID SECONDS FOLDER USER_ID [USER_ID …]
"""

import asyncio
import os
import sys
import time
from pathlib import Path

import discord

from bot.voice.capture import CaptureClient


class Recorder(discord.Client):
    async def on_ready(self) -> None:
        channel_id, seconds, folder, *agreed = sys.argv[1:]
        channel = self.get_channel(int(channel_id))
        assert isinstance(channel, discord.VoiceChannel), "no such voice channel"
        voice = await channel.connect(cls=CaptureClient)
        voice.start_recording(
            Path(folder),
            started_at=time.monotonic(),
            may_record={int(user_id) for user_id in agreed}.__contains__,
            track_name=str,
        )
        await asyncio.sleep(float(seconds))
        for track in await voice.stop_recording(time.monotonic()):
            first = (track.first_speech_samples or 0) / 48_000
            print(f"{track.path}: {track.duration_samples / 48_000:.1f} s, first heard at {first:.2f} s")
        await voice.disconnect()
        await self.close()


if __name__ == "__main__":
    Recorder(intents=discord.Intents(guilds=True, voice_states=True)).run(os.environ["DISCORD_TOKEN"])
