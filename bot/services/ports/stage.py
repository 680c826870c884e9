"""What the use cases need from the outside world: what people see, and where they meet.

`bot.stage` implements it on Discord; services never import that.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.domain.emotions import Emotion
from bot.domain.ids import GuildId, SessionId, UserId
from bot.domain.own_voice import Ousting
from bot.domain.states import CueWay
from bot.live.ports import Booth
from bot.live.take.plan import TakeIds
from bot.services.ports.board import Board
from bot.services.ports.panel_state import PanelState
from bot.services.ports.post import Post
from bot.store.records import PerformerCasting, PerformerCue, Session

Whisper = Callable[[str, Any, Any], Awaitable[None]]
"""Sends one account a text privately, with what the stage adds: buttons, or None; and a sound to play, or None."""


@dataclass(frozen=True, slots=True)
class CueSent:
    """A cue that Discord accepted, at a monotonic moment: under the performer's card, or as a direct message.

    `since` is the first moment at which it can have been seen: when the bot began to send it.
    """

    at: float
    is_at_card: bool
    since: float


class PanelUnreachable(Exception):
    """Discord does not accept a panel at the moment; the cause says why. A later attempt can help."""


class PanelGone(Exception):
    """The panel's message has been deleted."""


class Stage(Protocol):
    """What people see and where they meet. It shows what it gets and asks the services for nothing."""

    @property
    def board(self) -> Board:
        """What people see of scheduled sessions."""
        ...

    @property
    def post(self) -> Post:
        """Direct messages about people's own rights."""
        ...

    async def enter(self, guild_id: GuildId, voice_channel_id: int) -> Booth:
        """Join a voice channel.

        Raises VoiceUnreachable, ChannelUnsuited or PermissionMissing; then nothing has changed.
        """
        ...

    def ousting(self, guild_id: GuildId, voice_channel_id: int) -> Ousting | None:
        """Whether Discord says that this voice channel was deleted, or the bot kicked from its server."""
        ...

    async def post_panel(self, panel: PanelState) -> int:
        """Post a session's panel silently in its channel's chat; returns the message's id.

        Repeated within some minutes for the same panel that it replaces, it posts nothing more and returns the same id.
        Raises PanelUnreachable.
        """
        ...

    async def show_panel(self, panel: PanelState) -> float:
        """Bring a session's panel up to date; returns how old its message is by Discord's clock, in seconds.

        Raises PanelGone, or PanelUnreachable.
        """
        ...

    async def remove_panel(self, session: Session, message_id: int) -> None:
        """Delete a panel that another one has replaced. Raises PanelUnreachable."""
        ...

    def card_shown(self, discord_user_id: UserId, tell: Whisper) -> None:
        """A performer has opened their card: for a while, `tell` sends them private messages there."""
        ...

    async def tell_cue(self, take: TakeIds, casting: PerformerCasting, emotion: Emotion, way: CueWay) -> CueSent | None:
        """Tell a performer, and no one else, to shift to this emotion now, with a button to acknowledge it.

        It goes where they opened their card, otherwise as a direct message, or the other way round if they chose
        direct messages. Returns None if neither is possible.
        """
        ...

    async def tell_cue_by_message(
        self, take: TakeIds, casting: PerformerCasting, emotion: Emotion, way: CueWay
    ) -> float | None:
        """Send the same cue as a direct message.

        Returns the monotonic moment at which Discord had accepted it; None if that is impossible.
        """
        ...

    async def ask_about_cue(self, cue: PerformerCue) -> bool:
        """Ask a performer privately whether they saw a cue before its take ended; False if they cannot be asked."""
        ...

    async def cue_missed(self, coordinator_user_id: UserId, performer_user_id: UserId) -> None:
        """Tell a coordinator privately that a performer could not be told about their cue; best effort."""
        ...

    async def bad_sound(self, coordinator_user_id: UserId, performer_user_id: UserId, scene: int, take: int) -> None:
        """Tell a coordinator privately that raters hear bad sound in a clip of a take (numbers); best effort."""
        ...

    async def take_ends_soon(self, performers: Sequence[UserId], seconds: int) -> None:
        """Tell performers that their take ends in some seconds: where they opened their card, which makes no sound.

        Best effort: nothing that a phone would sound at is sent, because it would be on the tracks.
        """
        ...

    async def keep_lighter(self, performers: Sequence[UserId]) -> None:
        """Tell performers privately, all at once, to keep it lighter from here; best effort."""
        ...

    async def side_coach(self, discord_user_id: UserId, text: str) -> CueSent | None:
        """Tell a performer, and no one else, what a coordinator wrote.

        It goes where they opened their card, otherwise as a direct message. Returns None if neither is possible.
        """
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
