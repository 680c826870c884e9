"""Forms that were sent: each is found by its custom id, like the buttons, and needs nothing kept in memory."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord

from bot.services.desk import Desk
from bot.ui.answers import answering, tell
from bot.ui.custom_ids import ButtonId
from bot.ui.form_values import values_of
from bot.ui.texts.errors import OLD_FORM

Submissions = Mapping[ButtonId, Callable[..., Awaitable[None]]]
"""What is done with a sent form of each kind."""


async def show_form(interaction: discord.Interaction, form: discord.ui.Modal) -> None:
    """Open a form. discord.py is told not to wait for it: two people may have the same one open."""
    form.stop()
    await interaction.response.send_modal(form)


async def take_form(desk: Desk, interaction: discord.Interaction, submissions: Submissions) -> None:
    """Do what a sent form asks for; errors are told to whoever sent it."""
    data: Any = interaction.data
    custom_id = str(data["custom_id"])
    async with answering(interaction):
        for form_id, submit in submissions.items():
            if match := re.fullmatch(form_id.template, custom_id):
                numbers = {field: int(text) for field, text in match.groupdict().items()}
                await submit(desk, interaction, values_of(interaction), **numbers)
                return
        await tell(interaction, OLD_FORM)
