"""The form in which a performer draws lines: topics they will not play. For their eyes only."""

from __future__ import annotations

import discord

from bot.services.desk import Desk
from bot.services.lines import my_lines, set_lines
from bot.ui.answers import tell, wait_please
from bot.ui.custom_ids import LINES_FORM
from bot.ui.form_values import FormValues
from bot.ui.texts import lines as texts

_FIELD = "topics"


async def lines_form(desk: Desk, discord_user_id: int) -> discord.ui.Modal:
    """The form as one person finds it: chosen are the lines they have drawn."""
    drawn = await my_lines(desk, discord_user_id)
    options = [
        discord.SelectOption(
            label=topic.label, value=topic.key, description=topic.description, default=topic.key in drawn
        )
        for topic in desk.library.topics()
    ]
    menu = discord.ui.Select[discord.ui.Modal](
        custom_id=_FIELD,
        placeholder=texts.NONE_CHOSEN,
        options=options,
        required=False,
        min_values=0,
        max_values=len(options),
    )
    form = discord.ui.Modal(title=texts.FORM_TITLE, custom_id=LINES_FORM.build())
    form.add_item(
        discord.ui.Label(
            text=texts.QUESTION,
            description=texts.EXPLAINED,
            component=menu,
        )
    )
    return form


async def submit_lines(desk: Desk, interaction: discord.Interaction, values: FormValues) -> None:
    """Keep what is chosen; it counts from the next deal on."""
    await wait_please(interaction)
    topics = values.many(_FIELD)
    await set_lines(desk, interaction.user.id, topics)
    await tell(interaction, texts.kept_text(len(topics)))
