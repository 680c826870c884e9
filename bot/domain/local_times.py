"""Dates and times as people type them, in a time zone: which instant they mean. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from difflib import get_close_matches

from bot.domain.errors import DateUnreadable, TimeSkipped, TimeTooFar, TimeTwice, TimeUnreadable

LONGEST_AHEAD_DAYS = 366
"""Someone who schedules further ahead has most probably mistyped the year."""

MOST_CLOSE = 5
_LIKENESS = 0.6
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})")


def read_date(typed: str) -> date:
    """Read year-month-day. Raises DateUnreadable."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise DateUnreadable(typed) from None


def read_time(typed: str) -> time:
    """Read hours and minutes of a day of 24 hours. Raises TimeUnreadable."""
    match = _TIME.fullmatch(typed.strip())
    try:
        if match is None:
            raise ValueError
        return time(int(match[1]), int(match[2]))
    except ValueError:
        raise TimeUnreadable(typed) from None


def instant_of(day: date, at: time, zone: tzinfo, zone_name: str) -> datetime:
    """The instant, in UTC, at which clocks in a zone show a date and time.

    Raises TimeSkipped or TimeTwice if clocks there are set forward over it, or back to it.
    """
    earlier, later = (datetime.combine(day, at.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))
    if earlier == later:
        return earlier
    if earlier.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, at):
        raise TimeTwice(
            f"{at:%H:%M}", zone_name, *(f"date:{one:%Y-%m-%d} time:{one:%H:%M}" for one in (earlier, later))
        )
    # An offset from before the change shows, after it, the same distance behind it.
    raise TimeSkipped(f"{at:%H:%M}", zone_name, f"{earlier.astimezone(zone):%H:%M}")


def require_ahead(moment: datetime, now: datetime) -> None:
    """Raise TimeTooFar if an instant is not in the future, or too far in it."""
    if not now < moment <= now + timedelta(days=LONGEST_AHEAD_DAYS):
        raise TimeTooFar(int(moment.timestamp()), is_past=moment <= now)


def named_like(typed: str, zones: Iterable[str]) -> Sequence[str]:
    """Names of zones that someone may have meant: those with such a place in them, then those written much alike."""
    names = {name.casefold(): name for name in zones}
    wanted = typed.strip().casefold().replace(" ", "_")
    containing = sorted((key for key in names if wanted and wanted in key), key=len)
    places = {key.rpartition("/")[2]: key for key in names}
    alike = [places[place] for place in get_close_matches(wanted, places, MOST_CLOSE, _LIKENESS)]
    alike += get_close_matches(wanted, names, MOST_CLOSE, _LIKENESS)
    return [names[key] for key in dict.fromkeys([*containing, *alike])][:MOST_CLOSE]
