"""What the use cases need from the outside world: what people see, and where they meet.

`bot.stage` implements it on Discord; services never import that.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.domain.emotions import Emotion
from bot.domain.ids import GuildId, SessionId, UserId
from bot.domain.own_voice import Ousting
from bot.live.ports import Booth
from bot.services.ports.panel_state import PanelState
from bot.store.records import PerformerCasting


class PanelUnreachable(Exception):
    """Discord does not accept a panel at the moment; the cause says why."""


class Stage(Protocol):
    """What people see and where they meet. It shows what it gets and asks the services for nothing."""

    async def enter(self, guild_id: GuildId, voice_channel_id: int) -> Booth:
        """Join a voice channel.

        Raises VoiceUnreachable, ChannelUnsuited or PermissionMissing; then nothing has changed.
        """
        ...

    def is_gone(self, guild_id: GuildId, voice_channel_id: int) -> bool:
        """Whether Discord says that the server no longer has this voice channel."""
        ...

    async def post_panel(self, panel: PanelState) -> int:
        """Post a session's panel in its channel's chat; returns the message's id."""
        ...

    async def show_panel(self, panel: PanelState) -> int:
        """Bring a session's panel up to date; returns the id of the message that shows it.

        The id is a new one if someone had deleted the panel of an open session. Raises PanelUnreachable if a later
        attempt can help; other errors are logged.
        """
        ...

    def card_shown(self, discord_user_id: UserId, tell: Callable[[str], Awaitable[None]]) -> None:
        """A performer has opened their card: for a while, `tell` sends them private messages there."""
        ...

    async def tell_cue(self, casting: PerformerCasting, emotion: Emotion) -> float | None:
        """Tell a performer, and no one else, to shift to this emotion now.

        Returns the monotonic moment at which they had been told; None if they could not be told.
        """
        ...

    async def cue_missed(self, coordinator_user_id: UserId, performer_user_id: UserId) -> None:
        """Tell a coordinator privately that a performer could not be told about their cue; best effort."""
        ...

    async def card_changed(self, discord_user_id: UserId) -> None:
        """Tell a performer privately that their card has changed; best effort."""
        ...

    async def session_lost(self, coordinator_user_id: UserId, session_id: SessionId, cause: Ousting) -> None:
        """Tell a coordinator privately that a session has ended because the bot was ousted; best effort."""
        ...

    async def panel_lost(self, coordinator_user_id: UserId, voice_channel_id: int, lacking: Sequence[str]) -> None:
        """Tell a coordinator privately that the bot lacks permissions to refresh the panel; best effort."""
        ...
