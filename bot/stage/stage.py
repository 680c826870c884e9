"""Voice channels and panels on Discord: what services know as `Stage`."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager, suppress

import discord

from bot.audio.reading import read_as_file
from bot.domain.emotions import Emotion
from bot.domain.errors import ChannelUnsuited, VoiceUnreachable
from bot.domain.ids import GuildId, SessionId, UserId
from bot.domain.languages import wider_tags
from bot.domain.own_voice import Ousting
from bot.domain.states import CueWay
from bot.live.ports import Booth
from bot.live.take.plan import TakeIds
from bot.services.ports.board import Board
from bot.services.ports.panel_state import PanelState
from bot.services.ports.post import Post
from bot.services.ports.stage import CueSent, PanelGone, PanelUnreachable
from bot.stage.board import DiscordBoard
from bot.stage.booth import connect_booth
from bot.stage.channels import ousting, require_joinable, voice_channel
from bot.stage.post import DiscordPost
from bot.stage.sign import Sign
from bot.stage.whispers import Tell, Whispers
from bot.store.records import PerformerCasting, PerformerCue, Session
from bot.ui.answers import NO_PINGS
from bot.ui.cue_buttons import cue_question_view, cue_view
from bot.ui.custom_ids import OfCue
from bot.ui.panel import build_panel
from bot.ui.texts.bot_voice import panel_lost_text, session_lost_text
from bot.ui.texts.card import card_changed_text, cue_missed_text, cue_question_text, cue_text, spoken_text
from bot.ui.texts.language import IN_ENGLISH, Phrases, language_in_force, say, speaking
from bot.ui.texts.rating import bad_sound_text
from bot.ui.texts.signals import KEEP_IT_LIGHTER, coaching_text, ends_soon_text
from bot.voice.connection.attempts import UNREACHABLE

_UNKNOWN_MESSAGE = 10008
"""Discord's code for a message that was deleted (documentation, "JSON Error Codes")."""

_NONCE_LENGTH = 25
"""The most that Discord takes (documentation, "Create Message")."""

SOUND_PATIENCE_SECONDS = 1.0
"""How long a cue waits for its sound: a cue has its moment. Speaking one takes a tenth of a second."""

_log = logging.getLogger(__name__)

Connect = Callable[[discord.VoiceChannel], Awaitable[Booth]]
PhrasesIn = Callable[[str], Phrases]


def _english(_: str) -> Phrases:
    return IN_ENGLISH


class DiscordStage:
    """Joins channels, shows panels, and tells people things privately."""

    def __init__(
        self, client: discord.Client, connect: Connect | None = None, phrases_in: PhrasesIn = _english
    ) -> None:
        """`phrases_in` finds the phrases of a language by its tag."""
        self._client = client
        self._phrases_in = phrases_in
        self._connect = connect or self._join
        self._whispers = Whispers(client)
        self._board = DiscordBoard(client, self._whispers, phrases_in)
        self._post = DiscordPost(client, phrases_in)
        self._sign = Sign()

    @property
    def board(self) -> Board:
        """What people see of scheduled sessions."""
        return self._board

    @property
    def post(self) -> Post:
        """Direct messages about people's own rights."""
        return self._post

    async def enter(self, guild_id: GuildId, voice_channel_id: int) -> Booth:
        """Join a voice channel, after a check that the bot may do there what a session needs."""
        channel = self._voice_channel(guild_id, voice_channel_id)
        require_joinable(channel)
        return await self._connect(channel)

    async def _join(self, channel: discord.VoiceChannel) -> Booth:
        return await connect_booth(channel, self._sign)

    async def post_panel(self, panel: PanelState) -> int:
        """Post a session's panel without a sound; returns the message's id."""
        session = panel.session
        with _unreachable(), speaking(self._phrases_in(session.language)):
            channel = self._voice_channel(session.guild_id, session.voice_channel_id)
            message = await channel.send(
                view=build_panel(panel), allowed_mentions=NO_PINGS, silent=True, nonce=panel_nonce(session)
            )
        return message.id

    async def show_panel(self, panel: PanelState) -> float:
        """Bring a session's panel up to date; returns how old its message is by Discord's clock, in seconds."""
        session = panel.session
        assert session.panel_message_id is not None, "a panel is posted before it is shown again"
        with _unreachable(), speaking(self._phrases_in(session.language)):
            message = self._panel_message(session, session.panel_message_id)
            edited = await message.edit(view=build_panel(panel), allowed_mentions=NO_PINGS)
        # Both times are Discord's, so that a wrong clock of this machine makes no panel old.
        return ((edited.edited_at or edited.created_at) - edited.created_at).total_seconds()

    async def remove_panel(self, session: Session, message_id: int) -> None:
        """Delete a panel that another one has replaced."""
        with suppress(PanelGone), _unreachable():
            await self._panel_message(session, message_id).delete()

    def _panel_message(self, session: Session, message_id: int) -> discord.PartialMessage:
        try:
            channel = self._voice_channel(session.guild_id, session.voice_channel_id)
        except ChannelUnsuited as error:
            raise PanelGone from error
        return channel.get_partial_message(message_id)

    async def close(self) -> None:
        """At the end of the process, give nicknames a moment to change back."""
        await self._sign.settle()

    def card_shown(self, discord_user_id: UserId, tell: Tell) -> None:
        """A performer has opened their card."""
        self._whispers.card_shown(discord_user_id, tell)

    async def tell_cue(self, take: TakeIds, casting: PerformerCasting, emotion: Emotion, way: CueWay) -> CueSent | None:
        """Tell a performer to shift now, with a button to acknowledge it."""
        user, text, button = casting.discord_user_id, cue_text(casting, emotion), cue_view(_cue_in(take, casting))
        if way is CueWay.MESSAGE:
            told = await self._whispers.tell_directly(user, text, button)
        else:
            told = await self._whispers.tell(user, text, button, await _spoken(text, way))
        return told and CueSent(told.at, told.is_at_card, told.since)

    async def tell_cue_by_message(
        self, take: TakeIds, casting: PerformerCasting, emotion: Emotion, way: CueWay
    ) -> float | None:
        """Send the same cue as a direct message."""
        text, button = cue_text(casting, emotion), cue_view(_cue_in(take, casting))
        return await self._whispers.tell_by_message(casting.discord_user_id, text, button, await _spoken(text, way))

    async def ask_about_cue(self, cue: PerformerCue) -> bool:
        """Ask a performer whether they saw a cue before its take ended."""
        of = OfCue(cue.session_id, cue.take_id, cue.casting_id)
        text = cue_question_text(cue.scene, cue.take)
        return await self._whispers.tell(cue.discord_user_id, text, cue_question_view(of)) is not None

    async def cue_missed(self, coordinator_user_id: UserId, performer_user_id: UserId) -> None:
        """Tell a coordinator that a performer could not be told about their cue."""
        await self._whispers.tell(coordinator_user_id, cue_missed_text(performer_user_id))

    async def bad_sound(self, coordinator_user_id: UserId, performer_user_id: UserId, scene: int, take: int) -> None:
        """Tell a coordinator that raters hear bad sound in a clip."""
        await self._whispers.tell(coordinator_user_id, bad_sound_text(performer_user_id, scene, take))

    async def take_ends_soon(self, performers: Sequence[UserId], seconds: int) -> None:
        """Tell performers that their take ends soon, where that makes no sound."""
        await asyncio.gather(*(self._whispers.tell_quietly(one, ends_soon_text(seconds)) for one in performers))

    async def keep_lighter(self, performers: Sequence[UserId]) -> None:
        """Tell performers, all at once, to keep it lighter from here."""
        await asyncio.gather(*(self._whispers.tell(one, say(KEEP_IT_LIGHTER)) for one in performers))

    async def side_coach(self, discord_user_id: UserId, text: str) -> CueSent | None:
        """Tell a performer what a coordinator wrote."""
        told = await self._whispers.tell(discord_user_id, coaching_text(text))
        return told and CueSent(told.at, told.is_at_card, told.since)

    async def card_changed(self, discord_user_id: UserId) -> None:
        """Tell a performer that their card has changed."""
        await self._whispers.tell(discord_user_id, card_changed_text())

    async def session_lost(self, coordinator_user_id: UserId, session_id: SessionId, cause: Ousting) -> None:
        """Tell a coordinator that a session has ended because the bot was ousted."""
        await self._whispers.tell(coordinator_user_id, session_lost_text(session_id, cause))

    async def panel_lost(self, coordinator_user_id: UserId, voice_channel_id: int, lacking: Sequence[str]) -> None:
        """Tell a coordinator that the bot lacks permissions to refresh the panel."""
        await self._whispers.tell(coordinator_user_id, panel_lost_text(voice_channel_id, lacking))

    def ousting(self, guild_id: GuildId, voice_channel_id: int) -> Ousting | None:
        """Whether the channel was deleted, or the bot kicked from its server."""
        return ousting(self._client, guild_id, voice_channel_id)

    def _voice_channel(self, guild_id: GuildId, voice_channel_id: int) -> discord.VoiceChannel:
        return voice_channel(self._client, guild_id, voice_channel_id)


async def _spoken(text: str, way: CueWay) -> bytes | None:
    """Return a cue as a sound, if its performer wants one; None if it cannot be spoken, or not in time."""
    if way is not CueWay.SOUND:
        return None
    try:
        async with asyncio.timeout(SOUND_PATIENCE_SECONDS):
            return await asyncio.to_thread(read_as_file, spoken_text(text), wider_tags(language_in_force()))
    except TimeoutError:
        _log.info("A cue was not spoken in time; it is sent as text alone.")
        return None


def _cue_in(take: TakeIds, casting: PerformerCasting) -> OfCue:
    return OfCue(take["session_id"], take["take_id"], casting.casting_id)


def panel_nonce(session: Session) -> str:
    """The same for every attempt to post the next panel of a session, in this process and in the next one."""
    replaced = f"{session.session_id}/{session.started_at}/{session.panel_message_id}"
    return hashlib.sha256(replaced.encode()).hexdigest()[:_NONCE_LENGTH]


@contextmanager
def _unreachable() -> Generator[None]:
    """Raise PanelGone for a message that is deleted, PanelUnreachable for everything else that Discord refuses."""
    try:
        yield
    except discord.NotFound as error:
        if error.code == _UNKNOWN_MESSAGE:
            raise PanelGone from error
        raise PanelUnreachable from error
    except (discord.DiscordException, VoiceUnreachable, ChannelUnsuited, *UNREACHABLE) as error:
        raise PanelUnreachable from error
