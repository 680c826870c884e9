"""Voice channels and panels on Discord: what services know as `Stage` and `Booth`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from time import monotonic

import discord

from bot.domain.emotions import Emotion
from bot.domain.errors import PermissionMissing, VoiceUnreachable
from bot.services.desk import Desk
from bot.services.panel import read_panel
from bot.services.ports import Booth
from bot.store.scenes import CastingRow
from bot.store.sessions import find_session
from bot.ui.answers import NO_PINGS
from bot.ui.notice import COUNTDOWN_SECONDS, countdown_packets, spoken_packets
from bot.ui.panel import build_panel
from bot.ui.texts.card import card_changed_text, cue_text
from bot.ui.texts.channel import RECORDING_NICK, RECORDING_NOTICE, SCENE_STOPPED, request_to_speak
from bot.ui.whispers import Tell, Whispers
from bot.voice.attempts import UNREACHABLE
from bot.voice.capture import CaptureClient
from bot.voice.reconnection import ConnectionEvent, ConnectionGivenUp
from bot.voice.recorder import Span, TrackSummary

_log = logging.getLogger(__name__)

NEEDED = discord.Permissions(
    view_channel=True,
    connect=True,
    speak=True,
    send_messages=True,
    attach_files=True,
    embed_links=True,
    change_nickname=True,
)
"""What the bot must be allowed in a session's voice channel."""

JOIN_TIMEOUT_SECONDS = 8.0
"""How long Discord may take to let the bot in; discord.py waits as long again before it gives up."""

REFRESH_INTERVAL_SECONDS = 1.5
"""Discord allows five edits in five seconds a channel; this leaves room for the answers of others."""

FRAME_SECONDS = 0.02

FormerNicks = dict[int, str | None]
"""The bot's nicknames in guilds in which it shows that it records. A booth is made anew whenever it joins again."""


class DiscordBooth:
    """The bot in one voice channel."""

    def __init__(self, voice: CaptureClient, channel: discord.VoiceChannel, former_nicks: FormerNicks) -> None:
        self._voice = voice
        self._channel = channel
        self._former_nicks = former_nicks
        self._is_open = True
        self._told: Callable[[ConnectionEvent], None] = lambda _: None
        voice.on_connection = self._connection_changed

    def is_open(self) -> bool:
        """Whether it has neither been left nor given up."""
        return self._is_open

    def occupants(self) -> Sequence[int]:
        """Accounts in the channel, bots not counted."""
        bots = {member.id for member in self._channel.members if member.bot} | {self._channel.guild.me.id}
        return sorted(user for user in self._channel.voice_states if user not in bots)

    def start_recording(
        self,
        folder: Path,
        *,
        started_at: float,
        may_record: Callable[[int], bool],
        track_name: Callable[[int], str],
        on_failure: Callable[[Exception], None],
    ) -> None:
        """Record from a monotonic moment on."""
        self._voice.start_recording(
            folder, started_at=started_at, may_record=may_record, track_name=track_name, on_failure=on_failure
        )

    async def stop_recording(self, cut_at: float) -> Sequence[TrackSummary]:
        """Close all tracks at a monotonic moment."""
        return await self._voice.stop_recording(cut_at)

    def holes(self) -> Sequence[Span]:
        """Where nobody could be heard in the recording that was stopped last."""
        return self._voice.holes()

    def unrecorded_users(self) -> frozenset[int]:
        """Accounts heard and not recorded."""
        return self._voice.unrecorded_users()

    def on_connection(self, told: Callable[[ConnectionEvent], None]) -> None:
        """Have somebody told what happens to the connection."""
        self._told = told

    def _connection_changed(self, event: ConnectionEvent) -> None:
        self._is_open = self._is_open and not isinstance(event, ConnectionGivenUp)
        self._told(event)

    def resume(self) -> None:
        """A pause of the recording is over."""
        self._voice.resume_recording()

    async def count_down(self, until: float) -> None:
        """Let the channel hear the last seconds before `until`, as far as they still lie ahead."""
        packets = await asyncio.to_thread(countdown_packets)
        begin = until - COUNTDOWN_SECONDS
        late = max(monotonic() - begin, 0.0)
        await asyncio.sleep(begin - monotonic())
        await self._play(packets[round(late / FRAME_SECONDS) :])

    async def ask_to_speak(self, seconds: int) -> None:
        """Ask everybody in the channel to speak for so many seconds."""
        await self._say(request_to_speak(seconds))

    async def say_stopped(self) -> None:
        """Say in the channel that the scene stops."""
        await self._say(SCENE_STOPPED)

    async def _say(self, sentence: str) -> None:
        await self._play(await asyncio.to_thread(spoken_packets, sentence))

    async def _play(self, packets: Sequence[bytes]) -> None:
        """What is said last is heard: a newer sound ends an older one."""
        if self._voice.is_playing():
            self._voice.stop()
        if packets and self._voice.is_connected():
            await self._voice.play_notice(packets)

    async def announce(self) -> None:
        """Show it in the nickname, say it in the channel."""
        guild = self._channel.guild
        if guild.me.nick != RECORDING_NICK:
            self._former_nicks[guild.id] = guild.me.nick
        await guild.me.edit(nick=RECORDING_NICK)
        await self._say(RECORDING_NOTICE)

    async def leave(self) -> None:
        """Take the sign down and leave; a nickname that cannot be changed does not keep the bot in the channel."""
        self._is_open = False
        guild = self._channel.guild
        try:
            # None where an earlier process put up the sign: it must come down, whatever the name was before.
            await guild.me.edit(nick=self._former_nicks.get(guild.id))
            self._former_nicks.pop(guild.id, None)
        except (discord.DiscordException, *UNREACHABLE):
            _log.warning("The nickname could not be changed back.", exc_info=True)
        await self._voice.disconnect(force=True)


Connect = Callable[[discord.VoiceChannel], Awaitable[Booth]]


async def connect_booth(channel: discord.VoiceChannel, former_nicks: FormerNicks) -> Booth:
    """Join a channel to listen; VoiceUnreachable when Discord does not let the bot in or cannot be reached."""
    if stale := channel.guild.voice_client:
        await stale.disconnect(force=True)
    try:
        voice = await channel.connect(cls=CaptureClient, timeout=JOIN_TIMEOUT_SECONDS)
    except (discord.DiscordException, *UNREACHABLE) as error:
        raise VoiceUnreachable(channel.id) from error
    return DiscordBooth(voice, channel, former_nicks)


class DiscordStage:
    """Joins channels and keeps panels up to date. `desk` is attached once both exist."""

    def __init__(self, client: discord.Client, connect: Connect | None = None) -> None:
        self._client = client
        self._connect = connect or self._join
        self._desk: Desk | None = None
        self._stale: set[int] = set()
        self._next_edit_at: dict[int, float] = {}
        self._whispers = Whispers(client)
        self._former_nicks: FormerNicks = {}

    def attach(self, desk: Desk) -> None:
        """The desk whose sessions the panels show."""
        self._desk = desk

    async def enter(self, guild_id: int, voice_channel_id: int) -> Booth:
        """Join a voice channel, after checking that the bot may do there what a session needs."""
        channel = self._voice_channel(guild_id, voice_channel_id)
        _require_permissions(channel)
        return await self._connect(channel)

    async def _join(self, channel: discord.VoiceChannel) -> Booth:
        return await connect_booth(channel, self._former_nicks)

    async def post_panel(self, session_id: int) -> int:
        """Post the panel; returns the message's id."""
        desk = self._attached()
        state = await read_panel(desk, session_id)
        channel = self._voice_channel(state.session.guild_id, state.session.voice_channel_id)
        message = await channel.send(view=build_panel(state), allowed_mentions=NO_PINGS)
        return message.id

    def card_shown(self, discord_user_id: int, tell: Tell) -> None:
        """A performer has opened their card."""
        self._whispers.card_shown(discord_user_id, tell)

    async def tell_cue(self, casting: CastingRow, emotion: Emotion) -> float | None:
        """Tell a performer to shift now."""
        return await self._whispers.tell(casting.discord_user_id, cue_text(casting, emotion))

    async def card_changed(self, discord_user_id: int) -> None:
        """Tell a performer that their card is another one now."""
        await self._whispers.tell(discord_user_id, card_changed_text())

    def panel_changed(self, session_id: int) -> None:
        """Refresh soon; changes that come meanwhile are shown by the same edit."""
        if session_id not in self._stale:
            self._stale.add(session_id)
            self._attached().errands.run(self._refresh(session_id), f"panel of session {session_id}")

    async def _refresh(self, session_id: int) -> None:
        desk = self._attached()
        # Edits of one panel keep their distance: a press in between is shown by the edit that is still to come.
        wait = self._next_edit_at.get(session_id, 0.0) - desk.clock.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        self._next_edit_at[session_id] = desk.clock.monotonic() + REFRESH_INTERVAL_SECONDS
        self._stale.discard(session_id)
        try:
            session = await find_session(desk.database, session_id)
            if session is None or session.panel_message_id is None:
                return
            channel = self._voice_channel(session.guild_id, session.voice_channel_id)
            panel = build_panel(await read_panel(desk, session_id))
            await channel.get_partial_message(session.panel_message_id).edit(view=panel, allowed_mentions=NO_PINGS)
        except (discord.HTTPException, VoiceUnreachable):
            _log.warning("The panel of session %d could not be refreshed.", session_id, exc_info=True)

    def _voice_channel(self, guild_id: int, voice_channel_id: int) -> discord.VoiceChannel:
        guild = self._client.get_guild(guild_id)
        channel = guild.get_channel(voice_channel_id) if guild else None
        if not isinstance(channel, discord.VoiceChannel):
            raise VoiceUnreachable(voice_channel_id)
        return channel

    def _attached(self) -> Desk:
        if self._desk is None:
            raise RuntimeError("The stage has no desk yet: call attach() first.")
        return self._desk


def _require_permissions(channel: discord.VoiceChannel) -> None:
    allowed = channel.permissions_for(channel.guild.me)
    missing = [name for name, needed in NEEDED if needed and not getattr(allowed, name)]
    if missing:
        raise PermissionMissing(channel.id, missing)
