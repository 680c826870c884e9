"""The button below an invitation to rate a session."""

from __future__ import annotations

import discord

from bot.domain.ids import InvitationId, SessionId
from bot.ui.custom_ids import RATE_INVITED, OfInvitation
from bot.ui.texts.language import say
from bot.ui.texts.panel import RATE_BUTTON


def invitation_view(session_id: SessionId, invitation_id: InvitationId) -> discord.ui.View:
    """The button, which works after any restart."""
    custom_id = RATE_INVITED.build(OfInvitation(session_id, invitation_id))
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label=say(RATE_BUTTON), style=discord.ButtonStyle.primary, custom_id=custom_id))
    return view
