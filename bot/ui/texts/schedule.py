"""Scheduled sessions in words: the message in which people sign up, what they are told, and the roster.

Times are Discord's own marks, so that all readers see them in their own time zone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.ids import UserId
from bot.domain.sign_ups import Roster
from bot.domain.states import SignUpAnswer
from bot.services.ports.board import Notice, SignUpState
from bot.services.schedule.rosters import Arrivals, OnStage, Shown
from bot.services.schedule.schedules import Planned
from bot.services.schedule.sign_ups import SignedUp
from bot.store.records import ScheduledSession
from bot.ui.texts.words import MOST_MENTIONS, as_typed, count, mentions

COME_BUTTON = "I'll come"
ON_STANDBY_BUTTON = "Standby"
ABSENT_BUTTON = "Can't come"
NO_REMINDERS_BUTTON = "No more reminders"
REMINDERS_BUTTON = "Remind me again"

SIGN_UP_BUTTONS: Mapping[SignUpAnswer, str] = {
    SignUpAnswer.COMING: COME_BUTTON,
    SignUpAnswer.STANDBY: ON_STANDBY_BUTTON,
    SignUpAnswer.ABSENT: ABSENT_BUTTON,
}

MOST_COUNTED = 15
"""A message has 2,000 characters, and those who come have their share of it."""

NO_MORE_REMINDERS = "You get no more reminders from this bot, on any server. Your sign-ups stay as they are."
REMINDED_AGAIN = "You are reminded again: a day and an hour before each session to which you have signed up."


def time_text(iso: str) -> str:
    """A time as Discord shows it to each reader: date, time of day, and how far away it is."""
    seconds = int(datetime.fromisoformat(iso).timestamp())
    return f"<t:{seconds}:F> (<t:{seconds}:R>)"


def length_text(minutes: int) -> str:
    """How long a session takes: "2 hours", "90 minutes"."""
    return count(minutes // 60, "hour") if minutes % 60 == 0 else count(minutes, "minute")


def event_text(scheduled: ScheduledSession) -> str:
    """What Discord's event says."""
    return (
        f"{count(scheduled.performers, 'place')} for performers. Sign up in <#{scheduled.chat_channel_id}>: takes are "
        "recorded, only of people who consent."
    )


def sign_up_text(state: SignUpState) -> str:
    """The message in which people sign up."""
    scheduled, roster = state.scheduled, state.roster
    rows = [
        f"### {as_typed(scheduled.title)}",
        f"{time_text(scheduled.starts_at)} in <#{scheduled.voice_channel_id}>, {length_text(scheduled.minutes)}",
        *roster_rows(roster),
    ]
    if scheduled.cancelled_at:
        rows.insert(1, "**Cancelled.**")
    elif scheduled.session_id is not None:
        rows.append("-# The session has begun: join the voice channel.")
    elif not scheduled.is_open:
        rows.append("-# Sign-up is closed.")
    else:
        rows.append(
            "-# You see the time in your own time zone. If all places are taken, you are on standby and told as soon "
            f"as one becomes free. **{ON_STANDBY_BUTTON}**: I come if you need me."
        )
    return "\n".join(rows)


def roster_rows(roster: Roster) -> list[str]:
    """Who comes, and who is on standby, one row each."""
    rows = [f"**Coming ({len(roster.coming)} of {roster.places})**: {in_order(roster.coming) or 'no one yet'}"]
    if roster.on_standby:
        rows.append(f"**Standby**: {in_order(roster.on_standby)}")
    return rows


def in_order(users: Sequence[UserId]) -> str:
    """Accounts in the order of their answers."""
    named = ", ".join(f"<@{user}>" for user in users[:MOST_MENTIONS])
    return named if len(users) <= MOST_MENTIONS else f"{named} and {len(users) - MOST_MENTIONS} more"


def scheduled_text(planned: Planned) -> str:
    """For the coordinator who has scheduled a session."""
    scheduled = planned.scheduled
    zone = " This is the server's time zone from now on (`/settings`)." if planned.is_first_zone else ""
    return (
        f"Scheduled: **{as_typed(scheduled.title)}**, {time_text(scheduled.starts_at)}, from `{scheduled.time_zone}`. "
        f"People sign up in <#{scheduled.chat_channel_id}>. Change it with `/session reschedule` or `/session cancel`."
        f"{zone}"
    )


def moved_text(scheduled: ScheduledSession) -> str:
    """For the coordinator who has moved a session."""
    return (
        f"**{as_typed(scheduled.title)}** begins {time_text(scheduled.starts_at)} now. Everyone who answered is told."
    )


def cancelled_text(scheduled: ScheduledSession) -> str:
    """For the coordinator who has cancelled a session."""
    return f"**{as_typed(scheduled.title)}** is cancelled. Everyone who comes or is on standby is told."


def choice_text(scheduled: ScheduledSession, local: datetime) -> str:
    """A session in a list to choose from, which shows no marks: its title and its time where it was scheduled."""
    return f"{local:%Y-%m-%d %H:%M} {scheduled.time_zone}: {scheduled.title}"


def signed_up_text(signed: SignedUp, user: UserId) -> str:
    """For someone who has answered: whether they have a place, and what is left to do."""
    roster, when = signed.roster, time_text(signed.scheduled.starts_at)
    if signed.answer is SignUpAnswer.ABSENT:
        return "Thank you for saying so. If your plans change, press another button."
    if user in roster.coming:
        told = f"You have a place: {when}. You are reminded by direct message."
    elif user in roster.waiting:
        told = f"All places are taken, so you are number {roster.on_standby.index(user) + 1} on standby: {when}. "
        told += "As soon as a place becomes free, it is yours, and you are told."
    else:
        told = f"You are number {roster.on_standby.index(user) + 1} on standby: {when}. You are asked if a place "
        told += f"becomes free. Press **{COME_BUTTON}** if you want one now."
    return told if signed.may_perform else f"{told} To be recorded, read and answer `/consent` before you play."


def notice_text(notice: Notice, scheduled: ScheduledSession, guild_name: str) -> str:
    """What one person is told about a scheduled session."""
    title = f"**{as_typed(scheduled.title)}** ({as_typed(guild_name)})"
    when, where = time_text(scheduled.starts_at), f"<#{scheduled.voice_channel_id}>"
    match notice:
        case Notice.REMINDER:
            return f"Reminder: {title} begins {when} in {where}. You have a place."
        case Notice.REMINDER_ON_STANDBY:
            return f"Reminder: {title} begins {when} in {where}. You are on standby."
        case Notice.MOVED_UP:
            return f"A place has become free, and it is yours: {title}, {when} in {where}."
        case Notice.PLACE_FREE:
            return f"A place has become free: {title}, {when} in {where}. Press **{COME_BUTTON}** if you want it."
        case Notice.MOVED:
            return f"{title} has been moved. It is {when} in {where} now. Your answer stays, unless you change it."
        case Notice.CANCELLED:
            return f"{title}, {when}, is cancelled."
        case Notice.EVENT_DELETED:
            return (
                f"Someone deleted the event of {title} in Discord. Sign-up and reminders go on. To cancel the session, "
                "use `/session cancel`; `/session reschedule` creates a new event."
            )


def mention_text(users: Sequence[UserId], told: str) -> str:
    """The same for people who accept no direct messages, where the session was announced."""
    return f"{mentions(users)}: {told}"


def roster_text(shown: Shown) -> str:
    """For everyone: who comes, who is on standby, and how often each performer was on stage."""
    rows: list[str] = []
    if shown.scheduled and shown.roster:
        scheduled = shown.scheduled
        rows = [f"### {as_typed(scheduled.title)}", time_text(scheduled.starts_at), *roster_rows(shown.roster)]
    else:
        rows = ["No session is scheduled. A coordinator schedules one with `/session schedule`."]
    if shown.played:
        rows += ["**Scenes played** (tonight, in all)", *(_played_row(one) for one in shown.played[:MOST_COUNTED])]
        if (more := len(shown.played) - MOST_COUNTED) > 0:
            rows.append(f"- and {more} more")
    return "\n".join(rows)


def _played_row(one: OnStage) -> str:
    return f"- <@{one.discord_user_id}>: {one.tonight}, {one.overall}"


def arrivals_text(arrivals: Arrivals | None) -> str:
    """For the coordinator who opens a scheduled session: who is not there yet; empty if no one is missing."""
    if arrivals is None or not arrivals.missing:
        return ""
    told = f"Signed up, but not in the channel: {in_order(arrivals.missing)}."
    if arrivals.on_standby_here:
        told += f" On standby, and here: {in_order(arrivals.on_standby_here)}."
    return told
