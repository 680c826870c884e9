"""Scheduled sessions: what coordinators do by command, and what everyone does by button."""

from __future__ import annotations

from bot.domain.errors import ScheduledOver
from bot.domain.ids import ScheduledId
from bot.domain.states import SignUpAnswer
from bot.services.schedule.scheduled_changes import NewTime
from bot.services.schedule.schedules import Plan
from bot.ui.answers import NO_PINGS, confirm, show, tell, wait_please
from bot.ui.custom_ids import Numbers, OfScheduled
from bot.ui.press import OwnPress, Press
from bot.ui.sign_up_view import remind_again_view, sign_up_view
from bot.ui.texts import schedule as texts
from bot.ui.texts.language import say


async def schedule(press: Press, plan: Plan) -> None:
    """Schedule a session."""
    await press.require_coordinator()
    await wait_please(press.interaction)
    planned = await press.services.schedules.schedule(press.guild_id, press.user_id, plan)
    await tell(press.interaction, texts.scheduled_text(planned))


async def move(press: Press, named: str | None, new: NewTime) -> None:
    """Move a scheduled session."""
    await press.require_coordinator()
    await wait_please(press.interaction)
    scheduled = await press.services.schedules.meant(press.guild_id, _id_of(named))
    await tell(press.interaction, texts.moved_text(await press.services.scheduled_changes.move(scheduled, new)))


async def cancel(press: Press, named: str | None) -> None:
    """Cancel a scheduled session."""
    await press.require_coordinator()
    await wait_please(press.interaction)
    scheduled = await press.services.schedules.meant(press.guild_id, _id_of(named))
    await press.services.scheduled_changes.cancel(scheduled)
    await tell(press.interaction, texts.cancelled_text(scheduled))


def _id_of(named: str | None) -> ScheduledId | None:
    """The session that was chosen from the list; one that was typed is none of them. Raises ScheduledOver."""
    if named is None:
        return None
    if not named.isascii() or not named.isdigit():
        raise ScheduledOver
    return ScheduledId(int(named))


async def answer(press: OwnPress, of: OfScheduled, given: SignUpAnswer) -> None:
    """Take anyone's answer to whether they come."""
    await wait_please(press.interaction)
    signed = await press.services.sign_ups.answer(of.scheduled_id, press.user_id, given)
    is_news = given is not SignUpAnswer.ABSENT and not signed.may_perform
    await (tell if is_news else confirm)(press.interaction, texts.signed_up_text(signed, press.user_id))


async def show_roster(press: Press) -> None:
    """Show anyone who comes, with the buttons to sign up."""
    await wait_please(press.interaction)
    shown = await press.services.rosters.show(press.guild_id)
    is_open = shown.scheduled is not None and shown.scheduled.is_open
    view = sign_up_view(shown.scheduled.scheduled_id) if shown.scheduled and is_open else None
    await show(press.interaction, content=texts.roster_text(shown), view=view, allowed_mentions=NO_PINGS)


async def stop_reminders(press: OwnPress, _: Numbers) -> None:
    """Someone wants no more reminders."""
    await wait_please(press.interaction)
    await press.services.reminders.want(press.user_id, wanted=False)
    await show(press.interaction, content=say(texts.NO_MORE_REMINDERS), view=remind_again_view())


async def remind_again(press: OwnPress, _: Numbers) -> None:
    """Someone wants reminders again."""
    await wait_please(press.interaction)
    await press.services.reminders.want(press.user_id, wanted=True)
    await tell(press.interaction, say(texts.REMINDED_AGAIN))
