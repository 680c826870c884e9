"""Dates and times as people type them, places in the order of the answers, and when people are reminded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import DateUnreadable, TimeSkipped, TimeTooFar, TimeTwice, TimeUnreadable
from bot.domain.ids import UserId
from bot.domain.local_times import instant_of, named_like, read_date, read_time, require_ahead
from bot.domain.reminding import LEADS, due_lead, is_reminded, next_moment
from bot.domain.sign_ups import Roster, moved_up, roster_of, to_ask
from bot.domain.states import SignUpAnswer

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
ZONES = (BERLIN, NEW_YORK, "America/Los_Angeles", "Asia/Kolkata", "Australia/Sydney", "UTC")
START = datetime(2027, 3, 9, 18, 30, tzinfo=UTC)
DAY, HOUR = LEADS


def instant(day: str, at: str, zone: str) -> str:
    return f"{instant_of(read_date(day), read_time(at), ZoneInfo(zone), zone):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("day", "at", "zone", "utc"),
    [
        ("2027-01-09", "19:30", BERLIN, "2027-01-09 18:30"),
        ("2027-07-09", "19:30", BERLIN, "2027-07-09 17:30"),
        ("2027-01-09", "19:30", NEW_YORK, "2027-01-10 00:30"),
        # Between the two changes of clocks, the zones are an hour closer.
        ("2027-03-20", "20:00", BERLIN, "2027-03-20 19:00"),
        ("2027-03-20", "15:00", NEW_YORK, "2027-03-20 19:00"),
        ("2026-10-25", "01:59", BERLIN, "2026-10-24 23:59"),
        ("2026-10-25", "03:00", BERLIN, "2026-10-25 02:00"),
        ("2027-03-28", "03:00", BERLIN, "2027-03-28 01:00"),
        ("2027-01-09", "9.05", "Asia/Kolkata", "2027-01-09 03:35"),
    ],
)
def test_a_time_means_one_instant(day: str, at: str, zone: str, utc: str):
    assert instant(day, at, zone) == utc


@pytest.mark.parametrize(
    ("day", "at", "zone", "instead"),
    [
        ("2027-03-28", "02:00", BERLIN, "03:00"),
        ("2027-03-28", "02:30", BERLIN, "03:30"),
        ("2027-03-14", "02:59", NEW_YORK, "03:59"),
        ("2026-10-04", "02:10", "Australia/Lord_Howe", "02:40"),
    ],
)
def test_a_time_that_does_not_exist_is_refused_with_one_that_does(day: str, at: str, zone: str, instead: str):
    with pytest.raises(TimeSkipped) as refused:
        instant(day, at, zone)
    assert refused.value.instead == instead
    assert instant(day, refused.value.instead, zone)


@pytest.mark.parametrize(
    ("day", "at", "zone"),
    [("2026-10-25", "02:00", BERLIN), ("2026-10-25", "02:59", BERLIN), ("2026-11-01", "01:30", NEW_YORK)],
)
def test_a_time_that_exists_twice_is_refused_with_both_in_utc(day: str, at: str, zone: str):
    with pytest.raises(TimeTwice) as refused:
        instant(day, at, zone)
    both = [dict(option.split(":", 1) for option in one.split()) for one in (refused.value.first, refused.value.second)]
    instants = [datetime.fromisoformat(f"{one['date']}T{one['time']}+00:00") for one in both]
    assert instants[1] - instants[0] == timedelta(hours=1)
    assert {f"{one.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" for one in instants} == {f"{day} {at}"}


@pytest.mark.parametrize("typed", ["", "tomorrow", "9.3.2027", "2027-02-29", "2027-13-01", "27-03-09"])
def test_what_is_not_a_date_is_refused(typed: str):
    with pytest.raises(DateUnreadable):
        read_date(typed)


@pytest.mark.parametrize("typed", ["", "24:00", "7pm", "19", "19:60", "19:5", "1930"])
def test_what_is_not_a_time_is_refused(typed: str):
    with pytest.raises(TimeUnreadable):
        read_time(typed)


@pytest.mark.parametrize(("away", "is_past"), [(timedelta(0), True), (-HOUR, True), (timedelta(days=367), False)])
def test_only_the_coming_year_can_be_chosen(away: timedelta, is_past: bool):
    with pytest.raises(TimeTooFar) as refused:
        require_ahead(START + away, START)
    assert refused.value.is_past == is_past
    require_ahead(START + timedelta(minutes=1), START)


@pytest.mark.parametrize(
    ("typed", "first"),
    [("Berlin", BERLIN), ("berln", BERLIN), ("new york", NEW_YORK), ("Europe/Berlni", BERLIN), ("sidney", ZONES[4])],
)
def test_a_zone_that_may_be_meant_is_offered_first(typed: str, first: str):
    assert named_like(typed, ZONES)[0] == first


def test_nothing_is_offered_for_what_is_like_no_zone():
    assert named_like("CET+1", ZONES) == []


# Places


def roster(*answers: tuple[int, SignUpAnswer], places: int = 2) -> Roster:
    return roster_of([(UserId(user), answer) for user, answer in answers], places)


def coming(*users: int) -> list[tuple[int, SignUpAnswer]]:
    return [(user, SignUpAnswer.COMING) for user in users]


def standby(*users: int) -> list[tuple[int, SignUpAnswer]]:
    return [(user, SignUpAnswer.STANDBY) for user in users]


def absent(*users: int) -> list[tuple[int, SignUpAnswer]]:
    return [(user, SignUpAnswer.ABSENT) for user in users]


def test_places_go_to_the_first_answers_and_standby_comes_last():
    found = roster(*standby(9), *coming(1, 2, 3), *absent(8), *coming(4))
    assert (found.coming, found.waiting, found.standby, found.absent) == ([1, 2], [3, 4], [9], [8])
    assert found.on_standby == [3, 4, 9]


@pytest.mark.parametrize(
    ("before", "after", "up", "asked"),
    [
        # Who waits moves up, in order; nobody is asked.
        ([*coming(1, 2, 3, 4), *standby(9)], [*coming(2, 3, 4), *standby(9), *absent(1)], [3], None),
        # Nobody waits: the first on standby is asked.
        ([*coming(1, 2), *standby(9, 8)], [*coming(2), *standby(9, 8), *absent(1)], [], 9),
        # The one who was asked declines: the next is.
        ([*coming(2), *standby(9, 8)], [*coming(2), *standby(8), *absent(9)], [], 8),
        # The one who was asked takes the place.
        ([*coming(2), *standby(9, 8)], [*coming(2), *standby(8), *coming(9)], [], None),
        # Someone gives up their own place for standby: they are not asked.
        ([*coming(1, 2)], [*coming(2), *standby(1)], [], None),
        ([*coming(1, 2), *standby(9)], [*coming(2), *standby(9, 1)], [], 9),
        # A place is free all the time: nobody is asked because others sign up.
        ([*coming(1), *standby(9)], [*coming(1), *standby(9, 8)], [], None),
        # Someone on standby leaves a full stage.
        ([*coming(1, 2), *standby(9, 8)], [*coming(1, 2), *standby(8), *absent(9)], [], None),
    ],
)
def test_who_is_next(
    before: Sequence[tuple[int, SignUpAnswer]],
    after: Sequence[tuple[int, SignUpAnswer]],
    up: list[int],
    asked: int | None,
):
    assert moved_up(roster(*before), roster(*after)) == up
    assert to_ask(roster(*before), roster(*after)) == asked


# Reminders


@pytest.mark.parametrize(
    ("left", "lead"),
    [
        (DAY + timedelta(seconds=1), None),
        (DAY, DAY),
        (timedelta(hours=20), DAY),
        (HOUR, HOUR),
        (timedelta(seconds=1), HOUR),
        (timedelta(0), None),
    ],
)
def test_the_last_reminder_whose_moment_has_come_is_due(left: timedelta, lead: timedelta | None):
    assert due_lead(START, START - left) == lead


def test_who_signs_up_late_is_not_reminded_at_once():
    assert is_reminded(START, DAY, START - DAY)
    assert not is_reminded(START, DAY, START - DAY + timedelta(seconds=1))
    assert is_reminded(START, HOUR, START - timedelta(hours=2))


def test_something_is_done_at_each_reminder_at_the_end_and_a_day_later():
    end = START + timedelta(hours=2)
    moments, now = list[datetime](), START - timedelta(days=9)
    while (moment := next_moment(START, end, now)) is not None:
        moments.append(moment)
        now = moment
    assert moments == [START - DAY, START - HOUR, end, end + timedelta(days=1)]


def test_dates_of_the_tests_are_those_of_the_zones():
    """The changes of clocks that the cases above mean: another edition of the zones would make them say nothing."""
    assert datetime.combine(date(2026, 10, 24), time(12), ZoneInfo(BERLIN)).utcoffset() == timedelta(hours=2)
    assert datetime.combine(date(2026, 10, 25), time(12), ZoneInfo(BERLIN)).utcoffset() == timedelta(hours=1)
