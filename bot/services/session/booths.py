"""The bot's place in a session's voice channel: taken, taken again after a restart, and followed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import GuildId
from bot.live.ports import Booth
from bot.live.session import LiveSession
from bot.services.ports import Stage
from bot.services.session.connection import Connections


@dataclass(frozen=True, slots=True)
class Booths:
    """Where the bot sits."""

    stage: Stage
    connections: Connections

    async def enter(self, guild_id: GuildId, voice_channel_id: int) -> Booth:
        """Join a voice channel. Raises VoiceUnreachable or PermissionMissing, and then nothing has changed."""
        return await self.stage.enter(guild_id, voice_channel_id)

    async def of(self, session: LiveSession) -> Booth:
        """The bot's place in the session's channel; joins again if it has none, for example after a restart."""
        booth = session.booth
        if booth is None or not booth.is_open():
            booth = await self.enter(session.guild_id, session.voice_channel_id)
            self.seat(session, booth)
        return booth

    def seat(self, session: LiveSession, booth: Booth) -> None:
        """From now on this is the session's booth; what happens to its connection is taken in."""
        session.sit(booth)
        self.connections.follow(session, booth)
