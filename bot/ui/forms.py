"""Forms that were sent: each is found by its custom id, like the buttons, and needs nothing kept in memory."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord

from bot.services.desk import Desk
from bot.ui.answers import answering, tell
from bot.ui.consent_form import submit_consent
from bot.ui.custom_ids import CONSENT_FORM, PEER_FORM, SELF_FORM, ButtonId
from bot.ui.form_values import values_of
from bot.ui.rating_form import submit_peer_rating, submit_self_rating

SUBMISSIONS: Mapping[ButtonId, Callable[..., Awaitable[None]]] = {
    CONSENT_FORM: submit_consent,
    PEER_FORM: submit_peer_rating,
    SELF_FORM: submit_self_rating,
}


async def show_form(interaction: discord.Interaction, form: discord.ui.Modal) -> None:
    """Open a form. discord.py is told not to wait for it: two people may have the same one open."""
    form.stop()
    await interaction.response.send_modal(form)


async def take_form(desk: Desk, interaction: discord.Interaction) -> None:
    """Do what a sent form asks for; errors are told to whoever sent it."""
    data: Any = interaction.data
    custom_id = str(data["custom_id"])
    async with answering(interaction):
        for form_id, submit in SUBMISSIONS.items():
            if match := re.fullmatch(form_id.template, custom_id):
                numbers = {field: int(text) for field, text in match.groupdict().items()}
                await submit(desk, interaction, values_of(interaction), **numbers)
                return
        await tell(interaction, "This form is of an older version of me. Please open it again.")
