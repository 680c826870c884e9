"""The form in which a performer draws lines: topics they will not play. For their eyes only."""

from __future__ import annotations

import discord

from bot.domain.topics import Topics
from bot.ui.answers import confirm, wait_please
from bot.ui.custom_ids import LINES_FORM, Numbers
from bot.ui.form_values import FormValues
from bot.ui.press import OwnPress
from bot.ui.texts import lines as texts

_FIELD = "topics"


def lines_form(topics: Topics, drawn: frozenset[str]) -> discord.ui.Modal:
    """The form as one person finds it: the lines that they have drawn are chosen."""
    options = [
        discord.SelectOption(
            label=topic.label, value=topic.key, description=topic.description, default=topic.key in drawn
        )
        for topic in topics
    ]
    menu = discord.ui.Select[discord.ui.Modal](
        custom_id=_FIELD,
        placeholder=texts.NONE_CHOSEN,
        options=options,
        required=False,
        min_values=0,
        max_values=len(options),
    )
    form = discord.ui.Modal(title=texts.FORM_TITLE, custom_id=LINES_FORM.build(Numbers()))
    form.add_item(
        discord.ui.Label(
            text=texts.QUESTION,
            description=texts.EXPLAINED,
            component=menu,
        )
    )
    return form


async def submit_lines(press: OwnPress, values: FormValues, _: Numbers) -> None:
    """Store what is chosen; it applies from the next deal."""
    await wait_please(press.interaction)
    topics = values.many(_FIELD)
    await press.services.lines.draw(press.user_id, topics)
    await confirm(press.interaction, texts.kept_text(len(topics)))
