"""The bot's place in a session's voice channel: joined, joined again after a restart, and followed."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.errors import BotDeafened
from bot.domain.ids import GuildId
from bot.live.errands import Errands
from bot.live.ports import Booth, Clock
from bot.live.session import LiveSession
from bot.services.booth.connection import Connections
from bot.services.ports.stage import Stage
from bot.services.rating.attendance import Attendances

UNDEAFENING_SECONDS = 300
"""How long the bot waits in a channel to be undeafened: Discord undeafens only who is in voice (code 40032)."""


@dataclass(frozen=True, slots=True)
class Booths:
    """The bot's places in voice channels."""

    clock: Clock
    errands: Errands
    stage: Stage
    connections: Connections
    attendances: Attendances
    _waiting: dict[GuildId, Booth] = field(default_factory=dict[GuildId, Booth])
    """Booths without a session, in which the bot waits to be undeafened."""

    async def enter(self, guild_id: GuildId, voice_channel_id: int) -> Booth:
        """Join a voice channel.

        Raises VoiceUnreachable, ChannelUnsuited or PermissionMissing; then nothing has changed.
        """
        if waiting := self._waiting.pop(guild_id, None):
            await waiting.leave()
        return await self.stage.enter(guild_id, voice_channel_id)

    async def enter_hearing(self, guild_id: GuildId, voice_channel_id: int) -> Booth:
        """`enter`; raises BotDeafened if the bot would hear no one. It then waits there to be undeafened."""
        booth = await self.enter(guild_id, voice_channel_id)
        if booth.own_voice().is_deafened:
            self._waiting[guild_id] = booth
            self.errands.run(self._leave_later(guild_id, booth), f"deafened in server {guild_id}")
            raise BotDeafened(voice_channel_id, UNDEAFENING_SECONDS)
        return booth

    async def _leave_later(self, guild_id: GuildId, booth: Booth) -> None:
        await self.clock.sleep_until(self.clock.monotonic() + UNDEAFENING_SECONDS)
        if self._waiting.get(guild_id) is booth:
            del self._waiting[guild_id]
            await booth.leave()

    async def of(self, session: LiveSession) -> Booth:
        """The bot's place in the session's channel. The bot joins again if it has none, for example after a restart."""
        booth = session.booth
        if booth is None or not booth.is_open():
            booth = await self.enter(session.guild_id, session.voice_channel_id)
            self.seat(session, booth)
        return booth

    async def hearing(self, session: LiveSession) -> Booth:
        """`of`, for what needs to hear people. Raises BotMoved or BotDeafened."""
        booth = await self.of(session)
        session.own_voice_is(booth.own_voice(), self.clock.monotonic())
        session.require_hearing()
        return booth

    async def bring_back(self, session: LiveSession) -> None:
        """Bring the bot into the session's channel, from another one or from none; raises what `enter` raises."""
        booth = await self.of(session)
        if booth.own_voice().channel_id != session.voice_channel_id:
            await booth.come_back()

    def seat(self, session: LiveSession, booth: Booth) -> None:
        """Make this the session's booth, follow what happens to its connection, and note who is in the channel."""
        session.sit(booth)
        session.own_voice_is(booth.own_voice(), self.clock.monotonic())
        self.connections.follow(session, booth)
        self.attendances.came(session, booth.occupants())
