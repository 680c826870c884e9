"""A press: who did something in Discord, where, when, and on which panel."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import Self

import discord

from bot.domain.errors import NotACoordinator, OutsideServer
from bot.domain.ids import EventId, GuildId, SessionId, UserId
from bot.live.coordinators import Standing
from bot.live.session import LiveSession
from bot.services.assembly import Services
from bot.ui.custom_ids import Numbers, OfServer, OfSession, OnPanel

_ARRIVED = "arrived"


def note_arrival(interaction: discord.Interaction) -> None:
    """An interaction was just read from the gateway: a press counts from here on, however busy the loop is."""
    interaction.extras[_ARRIVED] = monotonic()


def _arrival(interaction: discord.Interaction) -> float:
    return interaction.extras.get(_ARRIVED) or monotonic()


@dataclass(frozen=True, slots=True)
class OwnPress:
    """Something that a person does about themselves, on a server or in direct messages; read once, on arrival.

    `at` is its moment on the monotonic clock.
    """

    interaction: discord.Interaction
    services: Services
    at: float
    user_id: UserId

    @classmethod
    def of(cls, services: Services, interaction: discord.Interaction, numbers: Numbers | None = None) -> Self:
        """The press of an interaction, wherever it was; `numbers` are not needed."""
        return cls(interaction, services, _arrival(interaction), UserId(interaction.user.id))


@dataclass(frozen=True, slots=True)
class Press(OwnPress):
    """One pressed button, one command, or one sent form about a server.

    `session_id` and `seen` say which panel it was on and which change that
    panel showed; both are None for a command, which means the server's open session as it is.
    """

    guild_id: GuildId
    standing: Standing
    session_id: SessionId | None = None
    seen: EventId | None = None

    @classmethod
    def of(cls, services: Services, interaction: discord.Interaction, numbers: Numbers | None = None) -> Self:
        """The press of an interaction, with the `numbers` of its custom id.

        Raises OutsideServer in direct messages, unless the numbers say which server is meant.
        """
        at = _arrival(interaction)
        guild_id = numbers.guild_id if isinstance(numbers, OfServer) else interaction.guild_id
        if guild_id is None:
            raise OutsideServer
        return cls(
            interaction,
            services,
            at,
            UserId(interaction.user.id),
            GuildId(guild_id),
            _standing_of(interaction),
            numbers.session_id if isinstance(numbers, OfSession) else None,
            numbers.seen if isinstance(numbers, OnPanel) else None,
        )

    async def session(self) -> LiveSession:
        """The session that is meant. An open session is found in memory, without waiting.

        Raises NoOpenSession, SessionEnded or SessionUnknown.
        """
        sessions = self.services.open_sessions
        if self.session_id is None:
            return await sessions.in_guild(self.guild_id)
        return await sessions.of_panel(self.session_id, self.guild_id)

    async def require_coordinator(self) -> None:
        """Raise NotACoordinator for others. If a session is open, this does not wait for anything."""
        settings = await self.services.guilds.settings_of(self.guild_id)
        if not settings.coordinators.include(self.standing):
            raise NotACoordinator

    async def coordinated_session(self) -> LiveSession:
        """The session that is meant, for a coordinator; raises what `require_coordinator` and `session` raise."""
        await self.require_coordinator()
        return await self.session()

    def voice_channel_id(self, named: discord.VoiceChannel | None) -> int | None:
        """The named channel; otherwise the one that the person is in; otherwise the one in whose chat they wrote."""
        if named is not None:
            return named.id
        member = self.interaction.user
        if isinstance(member, discord.Member) and member.voice and member.voice.channel:
            return member.voice.channel.id
        channel = self.interaction.channel
        return channel.id if isinstance(channel, discord.VoiceChannel) else None


def _standing_of(interaction: discord.Interaction) -> Standing:
    member = interaction.user
    roles = {role.id: role.name for role in member.roles} if isinstance(member, discord.Member) else {}
    there = frozenset(role.id for role in interaction.guild.roles) if interaction.guild else frozenset[int]()
    return Standing(interaction.permissions.manage_guild, roles, there)
