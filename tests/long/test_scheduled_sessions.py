"""From sign-up to reminder, with people in two time zones, across changes of clocks and restarts of the bot."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain import errors
from bot.domain.ids import UserId
from bot.domain.states import SignUpAnswer
from bot.services.ports.board import Notice, SignUpState
from bot.services.schedule import reminders
from bot.services.schedule.scheduled_changes import NewTime
from bot.services.schedule.schedules import Plan
from bot.store.records import ScheduledSession
from bot.ui.texts.schedule import arrivals_text, roster_text, sign_up_text
from tests.dated_clock import DatedClock
from tests.evening import (
    AUDIENCE,
    BYSTANDER,
    CHANNEL,
    COORDINATOR,
    GUILD,
    PERFORMERS,
    Evening,
    an_evening,
    refuse_for_full_disk,
)

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
ROOT = Path(__file__).parents[2]
TABLES = ("scheduled_sessions", "sign_ups", "reminders", "unreminded")
CHAT = 999_999_999_999_999_999
ANNA, BEN, CARLA = PERFORMERS
COMING, STANDBY, ABSENT = SignUpAnswer
NIGHT = datetime(2026, 10, 25, 18, 30, tzinfo=UTC)
"""19:30 in Berlin, on the day on which clocks are set back there; a week before they are in New York."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PLAN = Plan("The quiet house", "2026-10-25", "19:30", "Europe/Berlin", 120, 2, CHANNEL, CHAT)


class Calendar(Evening):
    """An evening whose clock shows a date."""

    dated: DatedClock

    async def schedule(self, plan: Plan = PLAN) -> ScheduledSession:
        return (await self.services.schedules.schedule(GUILD, COORDINATOR, plan)).scheduled

    async def answer(self, scheduled: ScheduledSession, user: UserId, answer: SignUpAnswer = COMING) -> None:
        await self.services.sign_ups.answer(scheduled.scheduled_id, user, answer)
        await self.dated.rest()

    def shown(self) -> SignUpState:
        return self.stage.board.states[-1]

    async def sign_ups(self) -> int:
        return await self.value("SELECT count(*) FROM sign_ups")


@asynccontextmanager
async def a_calendar(home: Path, at: datetime) -> AsyncGenerator[Calendar]:
    """A process of the bot at a date."""
    async with an_evening(home) as evening:
        calendar = Calendar(evening.services, evening.stage, evening.database, evening.settings, evening._clock)
        calendar.dated = DatedClock(at)
        calendar.clock = calendar.dated
        yield calendar


@pytest.fixture
async def calendar(tmp_path: Path) -> AsyncGenerator[Calendar]:
    async with a_calendar(tmp_path, NIGHT - 3 * DAY) as found:
        yield found


def remembered(calendar: Calendar) -> list[tuple[UserId, Notice, datetime]]:
    """From now on, every notice with the moment at which it was sent."""
    found: list[tuple[UserId, Notice, datetime]] = []
    board, real_tell = calendar.stage.board, calendar.stage.board.tell

    async def tell(user: UserId, notice: Notice, scheduled: ScheduledSession) -> bool:
        found.append((user, notice, calendar.dated.wall()))
        return await real_tell(user, notice, scheduled)

    board.tell = tell  # type: ignore[method-assign]
    return found


async def test_two_zones_from_sign_up_to_reminder_across_a_change_of_clocks(calendar: Calendar):
    scheduled, told = await calendar.schedule(), remembered(calendar)
    for user in (ANNA, BEN):
        await calendar.answer(scheduled, user)
    # Discord shows the mark in each reader's own zone.
    (mark,) = {part.split(":")[1] for part in sign_up_text(calendar.shown()).split("<t")[1:]}
    seen = datetime.fromtimestamp(int(mark), UTC)
    assert f"{seen.astimezone(BERLIN):%d.%m. %H:%M}" == "25.10. 19:30"
    assert f"{seen.astimezone(NEW_YORK):%d.%m. %H:%M}" == "25.10. 14:30"
    await calendar.dated.pass_to(NIGHT + 3 * DAY)
    assert told == [
        (ANNA, Notice.REMINDER, NIGHT - DAY),
        (BEN, Notice.REMINDER, NIGHT - DAY),
        (ANNA, Notice.REMINDER, NIGHT - HOUR),
        (BEN, Notice.REMINDER, NIGHT - HOUR),
    ]
    # A day of 24 hours before: in Berlin, where the night has 25, clocks show an hour later than on the evening.
    assert f"{told[0][2].astimezone(BERLIN):%d.%m. %H:%M}" == "24.10. 20:30"
    assert f"{told[0][2].astimezone(NEW_YORK):%d.%m. %H:%M}" == "24.10. 14:30"


async def test_a_coordinator_in_another_zone_moves_it_and_everyone_is_reminded_of_the_new_time(tmp_path: Path):
    async with a_calendar(tmp_path, datetime(2026, 10, 31, 12, tzinfo=UTC)) as calendar:
        scheduled = await calendar.schedule(replace(PLAN, date="2026-11-01"))
        await calendar.answer(scheduled, ANNA)
        told, moved_at = remembered(calendar), datetime(2026, 10, 31, 19, 30, tzinfo=UTC)
        await calendar.dated.pass_to(moved_at)
        moved = await calendar.services.scheduled_changes.move(
            scheduled, NewTime(time="20:00", zone="America/New_York")
        )
        begins = datetime(2026, 11, 2, 1, tzinfo=UTC)  # standard time there since that morning
        assert datetime.fromisoformat(moved.starts_at) == begins
        assert list(calendar.stage.board.events.values()) == [moved]
        await calendar.dated.pass_to(begins)
        assert told == [
            (ANNA, Notice.REMINDER, datetime(2026, 10, 31, 18, 30, tzinfo=UTC)),
            (ANNA, Notice.MOVED, moved_at),
            (ANNA, Notice.REMINDER, begins - DAY),
            (ANNA, Notice.REMINDER, begins - HOUR),
        ]


async def test_only_the_time_is_changed_if_only_the_time_is_named(calendar: Calendar):
    moved = await calendar.services.scheduled_changes.move(await calendar.schedule(), NewTime(time="20:15"))
    assert datetime.fromisoformat(moved.starts_at) == NIGHT + timedelta(minutes=45)


async def test_a_reminder_comes_in_time_even_if_the_session_is_moved_close_to_it(calendar: Calendar):
    scheduled = await calendar.schedule()
    await calendar.answer(scheduled, ANNA)
    told, soon = remembered(calendar), calendar.dated.wall() + HOUR + timedelta(minutes=5)
    new = NewTime(date=f"{soon:%Y-%m-%d}", time=f"{soon:%H:%M}", zone="UTC")
    await calendar.services.scheduled_changes.move(scheduled, new)
    await calendar.dated.pass_to(soon)
    assert told[1:] == [(ANNA, Notice.REMINDER, soon - HOUR)]


async def test_no_one_is_reminded_twice_by_a_bot_that_was_restarted(tmp_path: Path):
    async with a_calendar(tmp_path, NIGHT - 2 * DAY) as first:
        scheduled = await first.schedule()
        await first.answer(scheduled, ANNA)
        await first.answer(scheduled, BEN)
        told = remembered(first)

        async def killed(user: UserId, notice: Notice, _: ScheduledSession) -> bool:
            raise RuntimeError("killed while Anna was told")

        first.stage.board.tell = killed  # type: ignore[method-assign]
        await first.dated.pass_to(NIGHT - DAY)
        assert told == []
    async with a_calendar(tmp_path, NIGHT - DAY + timedelta(minutes=5)) as second:
        second.stage.board.events[scheduled.event_id or 0] = scheduled
        told = remembered(second)
        await second.services.schedules.take_up()
        await second.dated.rest()
        # Whether Anna got hers is not known, so she gets none; Ben's is late.
        assert told == [(BEN, Notice.REMINDER, NIGHT - DAY + timedelta(minutes=5))]
        await second.dated.pass_to(NIGHT - HOUR)
    async with a_calendar(tmp_path, NIGHT - timedelta(minutes=30)) as third:
        told = remembered(third)
        await third.services.schedules.take_up()
        await third.dated.pass_to(NIGHT)
        assert [one for one in told if one[1] is Notice.REMINDER] == []


async def test_a_bot_that_was_away_leaves_out_what_it_missed_but_the_last(tmp_path: Path):
    async with a_calendar(tmp_path, NIGHT - 2 * DAY) as first:
        scheduled = await first.schedule()
        await first.answer(scheduled, ANNA)
    async with a_calendar(tmp_path, NIGHT - timedelta(minutes=50)) as second:
        second.stage.board.events[scheduled.event_id or 0] = scheduled
        told = remembered(second)
        await second.services.schedules.take_up()
        await second.dated.pass_to(NIGHT)
        assert told == [(ANNA, Notice.REMINDER, NIGHT - timedelta(minutes=50))]


async def test_who_signs_up_late_declines_or_opts_out_is_not_reminded(calendar: Calendar):
    scheduled = await calendar.schedule(replace(PLAN, performers=4))
    await calendar.answer(scheduled, ANNA)
    await calendar.answer(scheduled, BEN, ABSENT)
    await calendar.answer(scheduled, CARLA)
    await calendar.services.reminders.want(CARLA, wanted=False)
    await calendar.dated.pass_to(NIGHT - DAY + HOUR)
    await calendar.answer(scheduled, AUDIENCE)
    await calendar.dated.pass_to(NIGHT - 2 * HOUR)
    assert calendar.stage.board.told == [(ANNA, Notice.REMINDER)]
    await calendar.services.reminders.want(CARLA, wanted=True)
    await calendar.dated.pass_to(NIGHT)
    assert [user for user, _ in calendar.stage.board.told[1:]] == [ANNA, CARLA, AUDIENCE]


async def test_who_cancels_frees_a_place_for_the_next_and_closed_messages_become_a_mention(calendar: Calendar):
    scheduled, board = await calendar.schedule(), calendar.stage.board
    for user in (ANNA, BEN, CARLA, AUDIENCE):
        await calendar.answer(scheduled, user)
    await calendar.answer(scheduled, BYSTANDER, STANDBY)
    assert calendar.shown().roster.on_standby == [CARLA, AUDIENCE, BYSTANDER]
    await calendar.answer(scheduled, ANNA, ABSENT)
    assert board.told == [(CARLA, Notice.MOVED_UP)]
    board.deaf.add(AUDIENCE)
    await calendar.answer(scheduled, BEN, ABSENT)
    assert board.mentioned == [((AUDIENCE,), Notice.MOVED_UP)]
    await calendar.answer(scheduled, CARLA, ABSENT)
    assert board.told[1:] == [(BYSTANDER, Notice.PLACE_FREE)]
    await calendar.answer(scheduled, BYSTANDER)
    assert calendar.shown().roster.coming == [AUDIENCE, BYSTANDER]
    # An answer that is repeated changes nothing; one that is taken back goes to the end.
    await calendar.answer(scheduled, ANNA)
    await calendar.answer(scheduled, AUDIENCE)
    assert (calendar.shown().roster.coming, calendar.shown().roster.waiting) == ([AUDIENCE, BYSTANDER], [ANNA])


async def test_people_who_accept_no_messages_are_reminded_by_one_mention_together(calendar: Calendar):
    scheduled, board = await calendar.schedule(), calendar.stage.board
    for user in (ANNA, BEN):
        await calendar.answer(scheduled, user)
    await calendar.answer(scheduled, CARLA, STANDBY)
    board.deaf |= {ANNA, BEN}
    await calendar.dated.pass_to(NIGHT - 2 * HOUR)
    assert board.told == [(CARLA, Notice.REMINDER_ON_STANDBY)]
    assert board.mentioned == [((ANNA, BEN), Notice.REMINDER)]


async def test_a_cancelled_session_is_told_and_forgotten(calendar: Calendar):
    scheduled, board = await calendar.schedule(), calendar.stage.board
    await calendar.answer(scheduled, ANNA)
    await calendar.answer(scheduled, BEN, STANDBY)
    await calendar.answer(scheduled, CARLA, ABSENT)
    await calendar.services.scheduled_changes.cancel(scheduled)
    await calendar.dated.rest()
    assert board.told == [(ANNA, Notice.CANCELLED), (BEN, Notice.CANCELLED)]
    assert board.events == {}
    assert "Cancelled" in sign_up_text(calendar.shown())
    assert await calendar.sign_ups() == 0
    with pytest.raises(errors.ScheduledOver):
        await calendar.answer(scheduled, ANNA)
    with pytest.raises(errors.NothingScheduled):
        await calendar.services.schedules.meant(GUILD, None)


async def test_sign_ups_are_kept_until_a_day_after_the_session(calendar: Calendar):
    scheduled = await calendar.schedule()
    await calendar.answer(scheduled, ANNA)
    await calendar.dated.pass_to(NIGHT + 2 * HOUR + DAY - timedelta(seconds=1))
    assert await calendar.sign_ups() == 1
    assert "Sign-up is closed" in sign_up_text(calendar.shown())
    await calendar.dated.pass_to(NIGHT + 2 * HOUR + DAY)
    assert await calendar.sign_ups() == 0
    assert await calendar.value("SELECT count(*) FROM reminders") == 0


async def test_an_event_that_someone_deletes_is_noticed_and_created_again_by_a_move(calendar: Calendar):
    scheduled, board = await calendar.schedule(), calendar.stage.board
    await calendar.answer(scheduled, ANNA)
    board.events.clear()
    await calendar.services.scheduled_changes.event_deleted(GUILD, scheduled.event_id or 0)
    await calendar.dated.rest()
    assert board.told == [(COORDINATOR, Notice.EVENT_DELETED)]
    (current,) = await calendar.services.schedules.in_guild(GUILD)
    assert current.event_id is None
    moved = await calendar.services.scheduled_changes.move(current, NewTime(time="21:00"))
    assert list(board.events) == [moved.event_id]
    # Once more, with a bot that has not been told.
    board.events.clear()
    again = await calendar.services.scheduled_changes.move(moved, NewTime(time="22:00"))
    assert list(board.events) == [again.event_id]


async def test_an_event_that_was_deleted_while_the_bot_was_away_is_noticed(tmp_path: Path):
    async with a_calendar(tmp_path, NIGHT - 2 * DAY) as first:
        await first.schedule()
    async with a_calendar(tmp_path, NIGHT - DAY) as second:
        await second.services.schedules.take_up()
        await second.dated.rest()
        assert second.stage.board.told == [(COORDINATOR, Notice.EVENT_DELETED)]


async def test_nothing_is_left_if_the_message_cannot_be_posted(calendar: Calendar):
    calendar.stage.board.refuses_messages = True
    with pytest.raises(errors.BoardUnreachable):
        await calendar.schedule()
    assert calendar.stage.board.events == {}
    assert await calendar.services.schedules.in_guild(GUILD) == []


async def test_a_message_that_cannot_be_edited_is_edited_later(calendar: Calendar):
    scheduled, board = await calendar.schedule(), calendar.stage.board
    board.refuses_messages = True
    await calendar.answer(scheduled, ANNA)
    assert calendar.shown().roster.coming == []
    board.refuses_messages = False
    await calendar.dated.pass_to(calendar.dated.wall() + timedelta(minutes=2))
    assert calendar.shown().roster.coming == [ANNA]


async def test_the_first_zone_that_is_named_becomes_the_servers(calendar: Calendar):
    await calendar.schedule()
    assert (await calendar.services.guilds.settings_of(GUILD)).time_zone == "Europe/Berlin"
    later = await calendar.schedule(replace(PLAN, date="2026-11-08", zone=None))
    assert later.starts_at == "2026-11-08T18:30:00.000Z"
    await calendar.schedule(replace(PLAN, date="2026-11-09", zone="america/new york"))
    assert (await calendar.services.guilds.settings_of(GUILD)).time_zone == "Europe/Berlin"


async def test_a_disk_that_is_full_for_a_while_costs_no_one_a_reminder(
    calendar: Calendar, monkeypatch: pytest.MonkeyPatch
):
    await calendar.answer(await calendar.schedule(), ANNA)
    with monkeypatch.context() as patch:
        patch.setattr(reminders, "remind_once", refuse_for_full_disk)
        await calendar.dated.pass_to(NIGHT - DAY + timedelta(minutes=5))
    assert calendar.stage.board.told == []
    await calendar.dated.pass_to(NIGHT - DAY + timedelta(minutes=7))
    assert calendar.stage.board.told == [(ANNA, Notice.REMINDER)]


def test_no_export_reads_who_signed_up():
    for room in ("dataset", "store/exporting.py", "store/snapshot.py"):
        path = ROOT / "bot" / room
        for module in path.rglob("*.py") if path.is_dir() else [path]:
            source = module.read_text("utf-8")
            assert not [table for table in TABLES if table in source], module


async def test_of_several_sessions_one_must_be_named(calendar: Calendar):
    first, second = await calendar.schedule(), await calendar.schedule(replace(PLAN, date="2026-11-08"))
    with pytest.raises(errors.SeveralScheduled):
        await calendar.services.schedules.meant(GUILD, None)
    assert await calendar.services.schedules.meant(GUILD, second.scheduled_id) == second
    assert await calendar.services.schedules.in_guild(GUILD) == [first, second]


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        (replace(PLAN, date="2026-10-20"), errors.TimeTooFar),
        (replace(PLAN, date="2028-10-20"), errors.TimeTooFar),
        (replace(PLAN, zone="Berlin"), errors.ZoneUnknown),
        (replace(PLAN, zone="../../etc/passwd"), errors.ZoneUnknown),
        (replace(PLAN, time="02:30"), errors.TimeTwice),
        (replace(PLAN, date="2027-03-28", time="02:30"), errors.TimeSkipped),
        (replace(PLAN, voice_channel_id=None), errors.NoVoiceChannel),
    ],
)
async def test_a_wrong_time_schedules_nothing(calendar: Calendar, plan: Plan, error: type[errors.PromptbookError]):
    with pytest.raises(error):
        await calendar.schedule(plan)
    assert calendar.stage.board.events == {}


async def test_who_signed_up_and_is_missing_is_named_when_the_session_begins(calendar: Calendar):
    calendar.dated = DatedClock(datetime.now(UTC))
    calendar.clock = calendar.dated
    soon = calendar.dated.wall() + HOUR
    plan = replace(PLAN, date=f"{soon:%Y-%m-%d}", time=f"{soon:%H:%M}", zone="UTC")
    scheduled = await calendar.schedule(plan)
    away = UserId(777_777_777_777_777_777)
    await calendar.answer(scheduled, away)
    await calendar.answer(scheduled, ANNA)
    await calendar.answer(scheduled, BEN)
    session = await calendar.open()
    told = arrivals_text(await calendar.services.rosters.begun(session))
    assert told == f"Signed up, but not in the channel: <@{away}>. On standby, and here: <@{BEN}>."
    await calendar.services.rosters.ended(session.session_id)
    await calendar.dated.rest()
    assert calendar.stage.board.started == calendar.stage.board.ended == [scheduled.event_id]
    assert "has begun" in sign_up_text(calendar.shown())
    assert await calendar.services.rosters.begun(session) is None


async def test_the_roster_counts_scenes_of_those_who_come_and_consent(evening: Evening):
    session = await evening.open()
    for _ in range(2):
        await evening.play(session)
    await evening.services.sessions.end(session)
    session = await evening.open()
    await evening.play(session)
    await evening.services.scenes.deal(session)
    await evening.consent(CARLA, frozenset())
    rows = roster_text(await evening.services.rosters.show(GUILD)).splitlines()
    assert rows[0].startswith("No session is scheduled.")
    assert sorted(rows[2:]) == [f"- <@{ANNA}>: 1, 3", f"- <@{BEN}>: 1, 3"]
