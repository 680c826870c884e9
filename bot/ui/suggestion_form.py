"""The form in which a coordinator types what the audience suggests, and ticks what it touches."""

from __future__ import annotations

import discord

from bot.domain.errors import SessionPaused, TakeRunning
from bot.domain.prompts import LONGEST_NAME, LONGEST_RELATIONSHIP, LONGEST_TEXT
from bot.domain.suggestions import Suggestion
from bot.domain.topics import Topics
from bot.ui.answers import confirm, show_form, wait_please
from bot.ui.custom_ids import SUGGESTION_FORM, OfSession
from bot.ui.form_values import FormValues
from bot.ui.press import Press
from bot.ui.texts import suggestion as texts
from bot.ui.texts.language import say
from bot.ui.texts.replies import dealt_text

_SITUATION, _PLACE, _BETWEEN, _TOPICS = "situation", "place", "relationship", "topics"


async def ask_for_suggestion(press: Press) -> None:
    """Open the form, unless nothing can be dealt now: no one should type in vain."""
    session = await press.coordinated_session()
    if session.take:
        raise TakeRunning
    if session.is_paused:
        raise SessionPaused
    topics = press.services.library.in_language(session.language).topics()
    await show_form(press.interaction, suggestion_form(topics, OfSession(session.session_id)))


def suggestion_form(topics: Topics, of: OfSession) -> discord.ui.Modal:
    """The form: three texts, of which only the situation is required, and the topics."""
    form = discord.ui.Modal(title=say(texts.FORM_TITLE), custom_id=SUGGESTION_FORM.build(of))
    form.add_item(_text(_SITUATION, say(texts.SITUATION), say(texts.SITUATION_EXPLAINED), LONGEST_TEXT))
    form.add_item(_text(_PLACE, say(texts.PLACE), say(texts.PLACE_EXPLAINED), LONGEST_NAME))
    form.add_item(_text(_BETWEEN, say(texts.BETWEEN), say(texts.BETWEEN_EXPLAINED), LONGEST_RELATIONSHIP))
    options = [
        discord.SelectOption(label=topic.label, value=topic.key, description=topic.description) for topic in topics
    ]
    menu = discord.ui.Select[discord.ui.Modal](
        custom_id=_TOPICS,
        placeholder=say(texts.NO_TOPICS),
        options=options,
        required=False,
        min_values=0,
        max_values=len(options),
    )
    form.add_item(discord.ui.Label(text=say(texts.TOPICS), description=say(texts.TOPICS_EXPLAINED), component=menu))
    return form


def _text(field: str, label: str, explained: str, longest: int) -> discord.ui.Label[discord.ui.Modal]:
    is_situation = field == _SITUATION
    style = discord.TextStyle.paragraph if is_situation else discord.TextStyle.short
    entry = discord.ui.TextInput[discord.ui.Modal](
        custom_id=field, style=style, max_length=longest, required=is_situation
    )
    return discord.ui.Label(text=label, description=explained, component=entry)


async def submit_suggestion(press: Press, values: FormValues, _: OfSession) -> None:
    """Deal what was typed."""
    session = await press.coordinated_session()
    await wait_please(press.interaction)
    topics = frozenset(values.many(_TOPICS))
    suggestion = Suggestion(values.one(_SITUATION), values.one(_PLACE), values.one(_BETWEEN), topics)
    dealt = await press.services.scenes.suggest(session, suggestion)
    await press.services.prompting.note_known(dealt.scene.scene_id, press.user_id)
    await confirm(press.interaction, dealt_text(dealt))
