"""The time zones that this machine knows, by their IANA names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.errors import ZoneUnknown
from bot.domain.local_times import instant_of, named_like, read_date, read_time

UTC_NAME = "UTC"


@cache
def _known() -> Mapping[str, str]:
    """Every name by its lower case. Reading the list takes some 20 ms, which no take should wait for."""
    return {name.casefold(): name for name in (*available_timezones(), UTC_NAME)}


@cache
def zone_names() -> Sequence[str]:
    """Return the names that people can choose from, sorted: places, and UTC. Only UTC if the machine has no zones."""
    places = (name for name in _known().values() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return [*sorted(places), UTC_NAME]


def zone_of(typed: str) -> tuple[str, tzinfo]:
    """Return a zone and its name, however it is capitalised. Raises ZoneUnknown with names that may be meant."""
    name = _known().get(typed.strip().casefold().replace(" ", "_"))
    if name is None:
        raise ZoneUnknown(typed, named_like(typed, zone_names()))
    return name, UTC if name == UTC_NAME else ZoneInfo(name)


def instant(date: str, time: str, zone: str) -> datetime:
    """The instant that was typed, in UTC.

    Raises DateUnreadable, TimeUnreadable, ZoneUnknown, TimeSkipped or TimeTwice.
    """
    name, found = zone_of(zone)
    return instant_of(read_date(date), read_time(time), found, name)


def local(moment: datetime, zone: str) -> datetime:
    """An instant as clocks in a zone show it. Raises ZoneUnknown."""
    return moment.astimezone(zone_of(zone)[1])
