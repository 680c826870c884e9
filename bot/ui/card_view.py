"""What a performer can press on their card."""

from __future__ import annotations

import discord

from bot.domain.ids import SessionId
from bot.ui.custom_ids import ANOTHER_VOICE, OfSession
from bot.ui.texts.card import ANOTHER_VOICE_BUTTON


def card_view(session_id: SessionId) -> discord.ui.View:
    """The button that deals another voice."""
    view = discord.ui.View(timeout=None)
    custom_id = ANOTHER_VOICE.build(OfSession(session_id))
    view.add_item(discord.ui.Button(label=ANOTHER_VOICE_BUTTON, custom_id=custom_id))
    return view
