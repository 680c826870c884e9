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
from bot.ui.texts.language import phrase, say, say_count
from bot.ui.texts.words import as_typed, in_order, mentions

COME_BUTTON = phrase("I'll come")
ON_STANDBY_BUTTON = phrase("Standby")
ABSENT_BUTTON = phrase("Can't come")
NO_REMINDERS_BUTTON = phrase("No more reminders")
REMINDERS_BUTTON = phrase("Remind me again")

SIGN_UP_BUTTONS: Mapping[SignUpAnswer, str] = {
    SignUpAnswer.COMING: COME_BUTTON,
    SignUpAnswer.STANDBY: ON_STANDBY_BUTTON,
    SignUpAnswer.ABSENT: ABSENT_BUTTON,
}

MOST_COUNTED = 15
"""A message has 2,000 characters, and those who come have their share of it."""

NO_MORE_REMINDERS = phrase("You get no more reminders from this bot, on any server. Your sign-ups stay as they are.")
REMINDED_AGAIN = phrase("You are reminded again: a day and an hour before each session to which you have signed up.")


def time_text(iso: str) -> str:
    """A time as Discord shows it to each reader: date, time of day, and how far away it is."""
    seconds = int(datetime.fromisoformat(iso).timestamp())
    return f"<t:{seconds}:F> (<t:{seconds}:R>)"


def length_text(minutes: int) -> str:
    """How long a session takes: "2 hours", "90 minutes"."""
    if minutes % 60 == 0:
        return say_count("{number} hour", "{number} hours", minutes // 60)
    return say_count("{number} minute", "{number} minutes", minutes)


def event_text(scheduled: ScheduledSession) -> str:
    """What Discord's event says."""
    return say_count(
        "{number} place for performers. Sign up in {channel}: takes are recorded, only of people who consent.",
        "{number} places for performers. Sign up in {channel}: takes are recorded, only of people who consent.",
        scheduled.performers,
        channel=f"<#{scheduled.chat_channel_id}>",
    )


def sign_up_text(state: SignUpState) -> str:
    """The message in which people sign up."""
    scheduled, roster = state.scheduled, state.roster
    rows = [
        f"### {as_typed(scheduled.title)}",
        say(
            "{when} in {channel}, {length}",
            when=time_text(scheduled.starts_at),
            channel=f"<#{scheduled.voice_channel_id}>",
            length=length_text(scheduled.minutes),
        ),
        *roster_rows(roster),
    ]
    if scheduled.cancelled_at:
        rows.insert(1, say("**Cancelled.**"))
    elif scheduled.session_id is not None:
        rows.append(f"-# {say('The session has begun: join the voice channel.')}")
    elif not scheduled.is_open:
        rows.append(f"-# {say('Sign-up is closed.')}")
    else:
        told = say(
            "You see the time in your own time zone. If all places are taken, you are on standby and told as soon as "
            "one becomes free. **{standby}**: I come if you need me.",
            standby=say(ON_STANDBY_BUTTON),
        )
        rows.append(f"-# {told}")
    return "\n".join(rows)


def roster_rows(roster: Roster) -> list[str]:
    """Who comes, and who is on standby, one row each."""
    coming = in_order(roster.coming) or say("no one yet")
    rows = [say("**Coming ({taken} of {places})**: {who}", taken=len(roster.coming), places=roster.places, who=coming)]
    if roster.on_standby:
        rows.append(say("**Standby**: {who}", who=in_order(roster.on_standby)))
    return rows


def scheduled_text(planned: Planned) -> str:
    """For the coordinator who has scheduled a session."""
    scheduled = planned.scheduled
    told = say(
        "Scheduled: {session}, {when}, from `{zone}`. People sign up in {channel}. Change it with `/session "
        "reschedule` or `/session cancel`.",
        session=f"**{as_typed(scheduled.title)}**",
        when=time_text(scheduled.starts_at),
        zone=scheduled.time_zone,
        channel=f"<#{scheduled.chat_channel_id}>",
    )
    if not planned.is_first_zone:
        return told
    zone = say("This is the server's time zone from now on (`/settings`).")
    return f"{told} {zone}"


def moved_text(scheduled: ScheduledSession) -> str:
    """For the coordinator who has moved a session."""
    return say(
        "{session} begins {when} now. Everyone who answered is told.",
        session=f"**{as_typed(scheduled.title)}**",
        when=time_text(scheduled.starts_at),
    )


def cancelled_text(scheduled: ScheduledSession) -> str:
    """For the coordinator who has cancelled a session."""
    return say(
        "{session} is cancelled. Everyone who comes or is on standby is told.",
        session=f"**{as_typed(scheduled.title)}**",
    )


def choice_text(scheduled: ScheduledSession, local: datetime) -> str:
    """A session in a list to choose from, which shows no marks: its title and its time where it was scheduled."""
    return f"{local:%Y-%m-%d %H:%M} {scheduled.time_zone}: {scheduled.title}"


def signed_up_text(signed: SignedUp, user: UserId) -> str:
    """For someone who has answered: whether they have a place, and what is left to do."""
    roster, when = signed.roster, time_text(signed.scheduled.starts_at)
    if signed.answer is SignUpAnswer.ABSENT:
        return say("Thank you for saying so. If your plans change, press another button.")
    if user in roster.coming:
        told = say("You have a place: {when}. You are reminded by direct message.", when=when)
    else:
        told = _on_standby_text(roster.on_standby.index(user) + 1, when, is_waiting=user in roster.waiting)
    consent = say("To be recorded, read and answer `/consent` before you play.")
    return told if signed.may_perform else f"{told} {consent}"


def _on_standby_text(number: int, when: str, *, is_waiting: bool) -> str:
    if is_waiting:
        return say(
            "All places are taken, so you are number {number} on standby: {when}. As soon as a place becomes free, it "
            "is yours, and you are told.",
            number=number,
            when=when,
        )
    return say(
        "You are number {number} on standby: {when}. You are asked if a place becomes free. Press **{come}** if you "
        "want one now.",
        number=number,
        when=when,
        come=say(COME_BUTTON),
    )


_NOTICES: Mapping[Notice, str] = {
    Notice.REMINDER: phrase("Reminder: {session} begins {when} in {channel}. You have a place."),
    Notice.REMINDER_ON_STANDBY: phrase("Reminder: {session} begins {when} in {channel}. You are on standby."),
    Notice.MOVED_UP: phrase("A place has become free, and it is yours: {session}, {when} in {channel}."),
    Notice.PLACE_FREE: phrase(
        "A place has become free: {session}, {when} in {channel}. Press **{come}** if you want it."
    ),
    Notice.MOVED: phrase(
        "{session} has been moved. It is {when} in {channel} now. Your answer stays, unless you change it."
    ),
    Notice.CANCELLED: phrase("{session}, {when}, is cancelled."),
    Notice.EVENT_DELETED: phrase(
        "Someone deleted the event of {session} in Discord. Sign-up and reminders go on. To cancel the session, use "
        "`/session cancel`; `/session reschedule` creates a new event."
    ),
}


def notice_text(notice: Notice, scheduled: ScheduledSession, guild_name: str) -> str:
    """What one person is told about a scheduled session."""
    return say(
        _NOTICES[notice],
        session=f"**{as_typed(scheduled.title)}** ({as_typed(guild_name)})",
        when=time_text(scheduled.starts_at),
        channel=f"<#{scheduled.voice_channel_id}>",
        come=say(COME_BUTTON),
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
        rows = [say("No session is scheduled. A coordinator schedules one with `/session schedule`.")]
    if shown.played:
        rows += [say("**Scenes played** (tonight, in all)"), *(_played_row(one) for one in shown.played[:MOST_COUNTED])]
        if (more := len(shown.played) - MOST_COUNTED) > 0:
            rows.append(f"- {say('and {number} more', number=more)}")
    return "\n".join(rows)


def _played_row(one: OnStage) -> str:
    return f"- <@{one.discord_user_id}>: {one.tonight}, {one.overall}"


def arrivals_text(arrivals: Arrivals | None) -> str:
    """For the coordinator who opens a scheduled session: who is not there yet; empty if no one is missing."""
    if arrivals is None or not arrivals.missing:
        return ""
    told = say("Signed up, but not in the channel: {who}.", who=in_order(arrivals.missing))
    if not arrivals.on_standby_here:
        return told
    standby = say("On standby, and here: {who}.", who=in_order(arrivals.on_standby_here))
    return f"{told} {standby}"
