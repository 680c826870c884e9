"""The buttons with which people sign up to a scheduled session, and those under what they are told about it."""

from __future__ import annotations

import discord

from bot.domain.ids import ScheduledId
from bot.domain.states import SignUpAnswer
from bot.services.ports.board import Notice
from bot.ui.custom_ids import NO_REMINDERS, REMINDERS, SIGN_UP, Numbers, OfScheduled
from bot.ui.texts import schedule as texts
from bot.ui.texts.language import say

_STYLES = {
    SignUpAnswer.COMING: discord.ButtonStyle.success,
    SignUpAnswer.STANDBY: discord.ButtonStyle.primary,
    SignUpAnswer.ABSENT: discord.ButtonStyle.secondary,
}

_UNDER = {
    Notice.REMINDER: (SignUpAnswer.ABSENT,),
    Notice.REMINDER_ON_STANDBY: (SignUpAnswer.ABSENT,),
    Notice.MOVED_UP: (SignUpAnswer.ABSENT,),
    Notice.PLACE_FREE: (SignUpAnswer.COMING, SignUpAnswer.ABSENT),
    Notice.MOVED: tuple(SignUpAnswer),
}
"""The answers that are offered under what a person is told."""

REMINDERS_OF = (Notice.REMINDER, Notice.REMINDER_ON_STANDBY)


def sign_up_view(scheduled_id: ScheduledId) -> discord.ui.View:
    """All answers."""
    return _view(scheduled_id, tuple(SignUpAnswer))


def notice_view(notice: Notice, scheduled_id: ScheduledId) -> discord.ui.View | None:
    """What can be pressed under what a person is told; None if there is nothing to press."""
    if notice not in _UNDER:
        return None
    view = _view(scheduled_id, _UNDER[notice])
    if notice in REMINDERS_OF:
        custom_id = NO_REMINDERS.build(Numbers())
        view.add_item(discord.ui.Button(label=say(texts.NO_REMINDERS_BUTTON), custom_id=custom_id))
    return view


def remind_again_view() -> discord.ui.View:
    """The button that undoes the one under a reminder."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label=say(texts.REMINDERS_BUTTON), custom_id=REMINDERS.build(Numbers())))
    return view


def _view(scheduled_id: ScheduledId, answers: tuple[SignUpAnswer, ...]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for answer in answers:
        custom_id = SIGN_UP[answer].build(OfScheduled(scheduled_id))
        button = discord.ui.Button[discord.ui.View](
            label=say(texts.SIGN_UP_BUTTONS[answer]), style=_STYLES[answer], custom_id=custom_id
        )
        view.add_item(button)
    return view
