"""`/me review`: a person hears their own turns, one after the other, and keeps each or not."""

from __future__ import annotations

import discord

from bot.domain.errors import NothingToReview
from bot.domain.states import Verdict
from bot.services.rights.reviews import ToReview
from bot.ui.answers import show, tell, wait_please
from bot.ui.custom_ids import NO_WAIT_FOR_REVIEW, REVIEWS, WAIT_FOR_REVIEW, Numbers, OfTurn
from bot.ui.press import OwnPress
from bot.ui.texts import review as texts
from bot.ui.texts.language import say


async def review(press: OwnPress) -> None:
    """Bring a person the first turn that they have not reviewed."""
    await wait_please(press.interaction)
    await _show(press, await press.services.reviews.next_turn(press.user_id))


async def judge_own(press: OwnPress, of: OfTurn, *, verdict: Verdict) -> None:
    """Keep what a person says of a turn, and bring the next one in its place."""
    await wait_please(press.interaction, in_place=True)
    reviews = press.services.reviews
    await reviews.review(press.user_id, of.turn_id, verdict)
    try:
        await _show(press, await reviews.next_turn(press.user_id))
    except NothingToReview:
        await show(press.interaction, content=say(texts.ALL_REVIEWED), attachments=[], view=None)


async def choose_waiting(press: OwnPress, _: Numbers, *, wait: bool) -> None:
    """Have raters wait for a person, or not."""
    await wait_please(press.interaction)
    await press.services.reviews.let_raters_wait(press.user_id, wait=wait)
    await tell(press.interaction, say(texts.WAITING if wait else texts.NOT_WAITING))


async def _show(press: OwnPress, own: ToReview) -> None:
    file = discord.File(own.path, filename="clip.mp3")
    await show(press.interaction, content=texts.review_text(own), attachments=[file], view=_view(own))


def _view(own: ToReview) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    of = OfTurn(own.turn.session_id, own.turn.turn_id)
    for verdict, label in ((Verdict.KEEP, texts.KEEP_BUTTON), (Verdict.LEAVE_OUT, texts.LEAVE_OUT_BUTTON)):
        view.add_item(discord.ui.Button(label=say(label), custom_id=REVIEWS[verdict].build(of)))
    waiting, label = (
        (NO_WAIT_FOR_REVIEW, texts.NO_WAIT_BUTTON) if own.raters_wait else (WAIT_FOR_REVIEW, texts.WAIT_BUTTON)
    )
    view.add_item(discord.ui.Button(label=say(label), custom_id=waiting.build(Numbers()), row=1))
    return view
