"""The bot's place in one voice channel: what services know as `Booth`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic

import discord

from bot.domain.errors import VoiceUnreachable
from bot.domain.ids import UserId
from bot.domain.own_voice import MutedBy, OwnVoice
from bot.live.ports import Booth
from bot.samples import Span
from bot.stage.channels import own_voice_in, require_joinable
from bot.stage.sign import Sign
from bot.stage.sounds import COUNTDOWN_SECONDS, countdown_packets, spoken_packets
from bot.ui.texts.channel import RECORDING_NOTICE, SCENE_STOPPED, request_to_speak
from bot.ui.texts.language import language_in_force, say
from bot.voice.capture import CaptureClient
from bot.voice.connection.attempts import UNREACHABLE
from bot.voice.connection.events import ConnectionEvent, ConnectionGivenUp
from bot.voice.recording.recorder import TrackSummary

_log = logging.getLogger(__name__)

JOIN_TIMEOUT_SECONDS = 8.0
"""How long Discord may take to let the bot in; discord.py waits for twice this long before it gives up."""

HEARING_PATIENCE_SECONDS = 5.0
"""How long the clients in the channel may take to let the bot into their encrypted call; then it goes on anyway."""

FRAME_SECONDS = 0.02


class DiscordBooth:
    """The bot in one voice channel."""

    def __init__(self, voice: CaptureClient, channel: discord.VoiceChannel, sign: Sign) -> None:
        self._voice = voice
        self._channel = channel
        self._sign = sign
        self._is_open = True
        self._told: Callable[[ConnectionEvent], None] = lambda _: None
        voice.on_connection = self._connection_changed

    def is_open(self) -> bool:
        """Whether it has been neither left nor given up."""
        return self._is_open

    def occupants(self) -> Sequence[UserId]:
        """The accounts in the channel, without bots."""
        channel = self._channel_now()
        bots = {member.id for member in channel.members if member.bot} | {channel.guild.me.id}
        return sorted(UserId(user) for user in channel.voice_states if user not in bots)

    def idle_users(self) -> frozenset[UserId]:
        """The accounts in the server's AFK channel."""
        afk = self._channel_now().guild.afk_channel
        return frozenset(UserId(user) for user in afk.voice_states) if afk else frozenset()

    def muted_users(self) -> Mapping[UserId, MutedBy]:
        """The accounts in the channel that are muted, and by whom."""
        states = self._channel_now().voice_states
        return {UserId(user): by for user, state in states.items() if (by := _muted_by(state))}

    def own_voice(self) -> OwnVoice:
        """The bot's own voice state."""
        return own_voice_in(self._channel_now())

    async def come_back(self) -> None:
        """Return to the channel from another one. The way in is the same as for anyone: it may be full by now."""
        channel = self._channel_now()
        require_joinable(channel)
        try:
            await self._voice.move_to(channel, timeout=JOIN_TIMEOUT_SECONDS)
        except (discord.DiscordException, *UNREACHABLE) as error:
            raise VoiceUnreachable(channel.id) from error
        await self.until_hearing()

    async def until_hearing(self) -> None:
        """Wait until the encrypted call in the channel lets the bot in, for some seconds at most."""
        await _wait_until_hearing(self._voice, self._channel)

    def _channel_now(self) -> discord.VoiceChannel:
        """The channel as the client knows it now: a new session of the main gateway replaces older objects."""
        found = self._voice.client.get_channel(self._channel.id)
        return found if isinstance(found, discord.VoiceChannel) else self._channel

    def start_recording(
        self,
        folder: Path,
        *,
        started_at: float,
        may_record: Callable[[UserId], bool],
        track_name: Callable[[UserId], str],
        on_failure: Callable[[Exception], None],
    ) -> None:
        """Record from a monotonic moment on."""
        self._voice.start_recording(
            folder, started_at=started_at, may_record=may_record, track_name=track_name, on_failure=on_failure
        )

    async def stop_recording(self, cut_at: float) -> Sequence[TrackSummary]:
        """Close all tracks at a monotonic moment."""
        return await self._voice.stop_recording(cut_at)

    def undecryptable_in(self, user_id: UserId) -> Sequence[Span]:
        """Where an account's sound could not be decrypted in the recording that was stopped last."""
        return [hole for hole in self._voice.holes() if hole.user_id == user_id]

    def holes(self) -> Sequence[Span]:
        """Where no one could be heard in the recording that was stopped last."""
        return [hole for hole in self._voice.holes() if hole.user_id is None]

    def unrecorded_users(self) -> frozenset[UserId]:
        """Accounts that were heard but not recorded."""
        return self._voice.unrecorded_users()

    def undecryptable_users(self) -> frozenset[UserId]:
        """Accounts whose sound arrives but cannot be decrypted."""
        return self._voice.undecryptable_users

    def on_connection(self, told: Callable[[ConnectionEvent], None]) -> None:
        """Call `told` with what happens to the connection."""
        self._told = told

    def _connection_changed(self, event: ConnectionEvent) -> None:
        self._is_open = self._is_open and not isinstance(event, ConnectionGivenUp)
        self._told(event)

    def resume(self) -> None:
        """End a pause of the recording."""
        self._voice.resume_recording()

    async def count_down(self, until: float) -> None:
        """Play a tone for each of the last seconds before `until` that still lie ahead."""
        packets = await asyncio.to_thread(countdown_packets)
        begin = until - COUNTDOWN_SECONDS
        late = max(monotonic() - begin, 0.0)
        await asyncio.sleep(begin - monotonic())
        await self._play(packets[round(late / FRAME_SECONDS) :])

    async def ask_to_speak(self, seconds: int) -> None:
        """Ask everyone in the channel to speak for this many seconds."""
        await self._say(request_to_speak(seconds))

    async def say_stopped(self) -> None:
        """Say in the channel that the scene stops."""
        await self._say(say(SCENE_STOPPED))

    async def _say(self, sentence: str) -> None:
        await self._play(await asyncio.to_thread(spoken_packets, sentence, language_in_force()))

    async def _play(self, packets: Sequence[bytes]) -> None:
        """Play a sound; it ends an older one that is still playing."""
        if self._voice.is_playing():
            self._voice.stop()
        if packets and self._voice.is_connected():
            await self._voice.play_notice(packets)

    async def announce(self) -> None:
        """Show it in the nickname, say it in the channel."""
        self._sign.put_up(self._guild_now)
        await self._say(say(RECORDING_NOTICE))

    async def leave(self) -> None:
        """Leave, and take down the sign. If Discord changes the nickname late or never, the bot leaves all the same."""
        self._is_open = False
        await self._voice.disconnect(force=True)
        self._sign.take_down(self._guild_now)

    def _guild_now(self) -> discord.Guild:
        return self._channel_now().guild


async def connect_booth(channel: discord.VoiceChannel, sign: Sign) -> Booth:
    """Join a channel and begin to hear. Raises VoiceUnreachable if Discord refuses or cannot be reached."""
    if stale := channel.guild.voice_client:
        await stale.disconnect(force=True)
    try:
        voice = await channel.connect(cls=CaptureClient, timeout=JOIN_TIMEOUT_SECONDS)
    except (discord.DiscordException, *UNREACHABLE) as error:
        raise VoiceUnreachable(channel.id) from error
    await _wait_until_hearing(voice, channel)
    return DiscordBooth(voice, channel, sign)


def _muted_by(state: discord.VoiceState) -> MutedBy | None:
    if state.mute or state.suppress:
        return MutedBy.SERVER
    return MutedBy.SELF if state.self_mute else None


async def _wait_until_hearing(voice: CaptureClient, channel: discord.VoiceChannel) -> None:
    if not await voice.wait_until_hearing(HEARING_PATIENCE_SECONDS, channel.id):
        _log.warning("The encrypted call has not let the bot in for %.0f s.", HEARING_PATIENCE_SECONDS)
