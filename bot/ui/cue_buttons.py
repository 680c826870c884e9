"""The buttons under a cue and under the question about it. They work in a server and in direct messages."""

from __future__ import annotations

import discord

from bot.domain.states import CueAnswer
from bot.ui.answers import remove, show, wait_please
from bot.ui.custom_ids import CUE_ANSWERS, CUE_SEEN, OfCue
from bot.ui.press import OwnPress
from bot.ui.texts import card as texts
from bot.ui.texts.language import say


def cue_view(of: OfCue) -> discord.ui.View:
    """The button that acknowledges a cue."""
    view = discord.ui.View(timeout=None)
    style = discord.ButtonStyle.success
    view.add_item(discord.ui.Button(label=say(texts.CUE_SEEN_BUTTON), style=style, custom_id=CUE_SEEN.build(of)))
    return view


def cue_question_view(of: OfCue) -> discord.ui.View:
    """The three answers to whether a cue was seen before its take ended."""
    view = discord.ui.View(timeout=None)
    for answer, custom_id in CUE_ANSWERS.items():
        view.add_item(discord.ui.Button(label=say(texts.CUE_ANSWER_BUTTONS[answer]), custom_id=custom_id.build(of)))
    return view


async def acknowledge(press: OwnPress, of: OfCue) -> None:
    """Take in that a performer has seen their cue, and take the button away. After the take, ask them instead."""
    session, replies = await press.services.open_sessions.of_message(of.session_id), press.services.cue_replies
    is_in_time = replies.acknowledge_now(session, of.take_id, of.casting_id, press.user_id, press.at)
    await wait_please(press.interaction, in_place=True)
    if not is_in_time and await replies.is_open(session, of.take_id, of.casting_id, press.user_id):
        await show(press.interaction, content=say(texts.CUE_QUESTION), view=cue_question_view(of))
    else:
        await show(press.interaction, view=None)


async def answer(press: OwnPress, of: OfCue, given: CueAnswer) -> None:
    """Store a performer's answer, and take the question off their screen."""
    session = await press.services.open_sessions.of_message(of.session_id)
    await wait_please(press.interaction, in_place=True)
    await press.services.cue_replies.answer(session, of.take_id, of.casting_id, press.user_id, given)
    await remove(press.interaction)
