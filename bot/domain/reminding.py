"""When people are reminded of a scheduled session, and until when its sign-ups are kept. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

LEADS = (timedelta(hours=24), timedelta(hours=1))
"""How long before the start people are reminded: the day before, and when it is time to come home."""

KEPT_AFTER = timedelta(days=1)
"""For how long after the planned end it is kept who signed up: an evening may go on longer."""

EARLIEST_START = timedelta(hours=1)
"""A session that is opened so long before the planned start can be the scheduled one."""


def due_lead(starts_at: datetime, now: datetime) -> timedelta | None:
    """The reminder that is due now: the last one whose moment has come. None before the first and from the start on.

    If a bot was not running at the moment of the first reminder, it is late; it is left out once the next one is due.
    """
    if now >= starts_at:
        return None
    return min((lead for lead in LEADS if starts_at - lead <= now), default=None)


def is_reminded(starts_at: datetime, lead: timedelta, known_since: datetime) -> bool:
    """Whether this reminder tells someone anything who has known the time, and their place, since a moment."""
    return known_since <= starts_at - lead


def next_moment(starts_at: datetime, ends_at: datetime, now: datetime) -> datetime | None:
    """The next moment at which there is something to do about a session; None once there is nothing any more."""
    moments = [*(starts_at - lead for lead in LEADS), ends_at, ends_at + KEPT_AFTER]
    return min((moment for moment in moments if moment > now), default=None)
