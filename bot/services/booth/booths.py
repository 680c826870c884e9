"""The bot's place in a session's voice channel: joined, joined again after a restart, and followed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import GuildId
from bot.live.ports import Booth
from bot.live.session import LiveSession
from bot.services.booth.connection import Connections
from bot.services.ports.stage import Stage


@dataclass(frozen=True, slots=True)
class Booths:
    """The bot's places in voice channels."""

    stage: Stage
    connections: Connections

    async def enter(self, guild_id: GuildId, voice_channel_id: int) -> Booth:
        """Join a voice channel. Raises VoiceUnreachable or PermissionMissing; then nothing has changed."""
        return await self.stage.enter(guild_id, voice_channel_id)

    async def of(self, session: LiveSession) -> Booth:
        """The bot's place in the session's channel. The bot joins again if it has none, for example after a restart."""
        booth = session.booth
        if booth is None or not booth.is_open():
            booth = await self.enter(session.guild_id, session.voice_channel_id)
            self.seat(session, booth)
        return booth

    def seat(self, session: LiveSession, booth: Booth) -> None:
        """Make this the session's booth, and follow what happens to its connection."""
        session.sit(booth)
        self.connections.follow(session, booth)
