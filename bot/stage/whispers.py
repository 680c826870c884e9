"""Private messages to one performer: where they opened their card, otherwise as a direct message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic

import discord

from bot.domain.ids import UserId
from bot.ui.answers import sent_with
from bot.voice.connection.attempts import UNREACHABLE

_log = logging.getLogger(__name__)

CARD_WINDOW_SECONDS = 14 * 60
"""An interaction can be followed up for 15 minutes (Discord's documentation, "Followup Messages"), less a margin."""

CARD_PATIENCE_SECONDS = 4.0
"""How long Discord may take to accept a message under a card before a direct message is tried: a cue has its moment."""

Buttons = discord.ui.View | None
Sound = bytes | None
"""An MP3, which every Discord client plays when its reader presses it."""

Tell = Callable[[str, Buttons, Sound], Awaitable[None]]
"""Sends a text privately, with buttons and a sound, or without."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message that Discord accepted at a monotonic moment: where its reader opened their card, or as a direct one.

    It can have been seen `since` it was first tried: a request that is repeated, or given up, may have worked.
    """

    at: float
    is_at_card: bool
    since: float


class Whispers:
    """Tells people things where they last opened their card. This is kept in memory: a restart falls back to DMs."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._cards: dict[UserId, tuple[Tell, float]] = {}

    def card_shown(self, discord_user_id: UserId, tell: Tell) -> None:
        """For a while, `tell` reaches this account privately."""
        self._cards[discord_user_id] = (tell, monotonic() + CARD_WINDOW_SECONDS)

    async def tell(
        self, discord_user_id: UserId, text: str, buttons: Buttons = None, sound: Sound = None
    ) -> Told | None:
        """Tell one account, at their card if they have one open, otherwise directly; None if that was impossible."""
        since = monotonic()
        is_told = await self._tell_at_card(discord_user_id, text, buttons, sound)
        if is_told:
            return Told(monotonic(), is_at_card=True, since=since)
        if is_told is False:
            since = monotonic()
        told_at = await self.tell_by_message(discord_user_id, text, buttons, sound)
        return None if told_at is None else Told(told_at, is_at_card=False, since=since)

    async def tell_directly(self, discord_user_id: UserId, text: str, buttons: Buttons = None) -> Told | None:
        """Tell one account directly or, if that is impossible, at their card; None if that was impossible, too."""
        since = monotonic()
        told_at = await self.tell_by_message(discord_user_id, text, buttons)
        if told_at is not None:
            return Told(told_at, is_at_card=False, since=since)
        is_told = await self._tell_at_card(discord_user_id, text, buttons, None)
        return Told(monotonic(), is_at_card=True, since=since) if is_told else None

    async def tell_quietly(self, discord_user_id: UserId, text: str) -> bool:
        """Tell one account at their card, which makes no sound; returns False if they have none open."""
        return await self._tell_at_card(discord_user_id, text, None, None) is True

    async def _tell_at_card(self, discord_user_id: UserId, text: str, buttons: Buttons, sound: Sound) -> bool | None:
        """Follow up on a card that is open; None if no one knows whether that worked."""
        tell, until = self._cards.get(discord_user_id, (None, 0.0))
        if tell is None or monotonic() > until:
            return False
        try:
            async with asyncio.timeout(CARD_PATIENCE_SECONDS):
                await tell(text, buttons, sound)
        except (discord.HTTPException, *UNREACHABLE) as error:
            _log.info("A card can no longer be followed up; the bot tries a direct message.", exc_info=True)
            del self._cards[discord_user_id]
            is_refused = isinstance(error, discord.HTTPException) and not isinstance(error, discord.DiscordServerError)
            return False if is_refused else None
        return True

    async def tell_by_message(
        self, discord_user_id: UserId, text: str, buttons: Buttons = None, sound: Sound = None
    ) -> float | None:
        """Send one account a direct message; returns the monotonic moment at which Discord had accepted it, or None."""
        try:
            # The id is enough: asking Discord for the user first would cost a cue another request.
            channel = await self._client.create_dm(discord.Object(discord_user_id))
            await channel.send(text, **sent_with(buttons, sound))
        except discord.HTTPException as error:
            # 50007: this person accepts no direct messages. The coordinator is told.
            _log.info("A direct message was not possible (code %d).", error.code)
            return None
        except UNREACHABLE:
            _log.warning("Discord could not be reached for a direct message.", exc_info=True)
            return None
        return monotonic()
