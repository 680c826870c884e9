"""Voice channels and panels on Discord: what services know as `Stage`."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable

import discord

from bot.domain.emotions import Emotion
from bot.domain.errors import PermissionMissing, VoiceUnreachable
from bot.live.ports import Booth
from bot.services.desk import Desk
from bot.services.panel import read_panel
from bot.store.scenes import CastingRow
from bot.store.sessions import find_session, set_panel_message
from bot.ui.answers import NO_PINGS
from bot.ui.booth import FormerNicks, connect_booth
from bot.ui.panel import build_panel
from bot.ui.texts.card import card_changed_text, cue_missed_text, cue_text
from bot.ui.whispers import Tell, Whispers
from bot.voice.attempts import UNREACHABLE

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

REFRESH_INTERVAL_SECONDS = 1.5
"""Discord allows five edits in five seconds a channel; this leaves room for the answers of others."""

RETRY_SECONDS = 3.0
"""How long after Discord could not be reached a panel is tried again."""

_UNKNOWN_MESSAGE = 10008
"""Discord's code of a message that was deleted (documentation, "JSON Error Codes")."""

Connect = Callable[[discord.VoiceChannel], Awaitable[Booth]]


class DiscordStage:
    """Joins channels and keeps panels up to date. `desk` is attached once both exist."""

    def __init__(self, client: discord.Client, connect: Connect | None = None) -> None:
        self._client = client
        self._connect = connect or self._join
        self._desk: Desk | None = None
        self._stale: set[int] = set()
        self._next_edit_at: dict[int, float] = {}
        self._edits: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
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

    async def cue_missed(self, coordinator_user_id: int, performer_user_id: int) -> None:
        """Tell a coordinator that a performer could not be told of their cue."""
        await self._whispers.tell(coordinator_user_id, cue_missed_text(performer_user_id))

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
        # One after the other: a panel that had to be posted anew is the one that the next edit changes.
        async with self._edits[session_id]:
            # Edits of one panel keep their distance: a press in between is shown by the edit that is still to come.
            wait = self._next_edit_at.get(session_id, 0.0) - desk.clock.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            self._next_edit_at[session_id] = desk.clock.monotonic() + REFRESH_INTERVAL_SECONDS
            self._stale.discard(session_id)
            await self._edit(desk, session_id)

    async def _edit(self, desk: Desk, session_id: int) -> None:
        try:
            session = await find_session(desk.database, session_id)
            if session is None or session.panel_message_id is None:
                return
            channel = self._voice_channel(session.guild_id, session.voice_channel_id)
            panel = build_panel(await read_panel(desk, session_id))
            await channel.get_partial_message(session.panel_message_id).edit(view=panel, allowed_mentions=NO_PINGS)
        except discord.NotFound as error:
            await self._post_again(desk, session_id, error)
        except (discord.HTTPException, VoiceUnreachable, *UNREACHABLE) as error:
            _log.warning("The panel of session %d could not be refreshed.", session_id, exc_info=True)
            self._try_again(desk, session_id, error)

    async def _post_again(self, desk: Desk, session_id: int, error: discord.NotFound) -> None:
        """Somebody deleted the panel of a session that goes on: its X-card and what is recorded must be in sight."""
        session = await find_session(desk.database, session_id)
        if error.code != _UNKNOWN_MESSAGE or session is None or not session.is_open:
            _log.warning("The panel of session %d is not there any more.", session_id)
            return
        try:
            message_id = await self.post_panel(session_id)
        except (discord.HTTPException, VoiceUnreachable, *UNREACHABLE) as failure:
            _log.warning("The panel of session %d could not be posted again.", session_id, exc_info=True)
            self._try_again(desk, session_id, failure)
            return
        async with desk.database.transaction() as tx:
            await set_panel_message(tx, session_id, message_id)

    def _try_again(self, desk: Desk, session_id: int, error: Exception) -> None:
        """Nobody can press on a panel that shows what was: what fails on the way is done later, not what is refused."""
        if isinstance(error, (discord.DiscordServerError, *UNREACHABLE)):
            self._next_edit_at[session_id] = desk.clock.monotonic() + RETRY_SECONDS
            self.panel_changed(session_id)

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
