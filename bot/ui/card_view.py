"""What a performer can press on their card."""

from __future__ import annotations

import discord

from bot.domain.ids import SessionId
from bot.services.scene.cards import Card
from bot.ui.custom_ids import ANOTHER_VOICE, HEAR_CARD, WHOLE_VOICE, OfSession
from bot.ui.texts.card import ANOTHER_VOICE_BUTTON, HEAR_BUTTON, WHOLE_VOICE_BUTTON
from bot.ui.texts.language import say


def card_view(session_id: SessionId, card: Card, *, whole_voice: bool = False) -> discord.ui.View:
    """The buttons that show the whole of a known voice, deal another one, and read the card aloud."""
    view = discord.ui.View(timeout=None)
    if card.voice_is_known and card.character and not whole_voice:
        view.add_item(
            discord.ui.Button(label=say(WHOLE_VOICE_BUTTON), custom_id=WHOLE_VOICE.build(OfSession(session_id)))
        )
    if card.may_change_voice:
        view.add_item(_another_voice(session_id))
    view.add_item(discord.ui.Button(label=say(HEAR_BUTTON), custom_id=HEAR_CARD.build(OfSession(session_id))))
    return view


def try_out_view(session_id: SessionId) -> discord.ui.View:
    """The button of a voice try-out, which deals another voice."""
    return discord.ui.View(timeout=None).add_item(_another_voice(session_id))


def _another_voice(session_id: SessionId) -> discord.ui.Button[discord.ui.View]:
    custom_id = ANOTHER_VOICE.build(OfSession(session_id))
    return discord.ui.Button(label=say(ANOTHER_VOICE_BUTTON), custom_id=custom_id)
