"""The rules for the fields of a scheduled event. The caller passes the time.

Sources: Discord's OpenAPI description and documentation, "Guild Scheduled Event".
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from bot.embedded.errors import Form
from bot.embedded.guild.payloads import VOICE_EVENT
from bot.embedded.guild.records import EventStatus, ScheduledEvent

NAME_LENGTH: Final = 100
DESCRIPTION_LENGTH: Final = 1000
GUILD_ONLY: Final = 2

NEXT: Final = {
    EventStatus.SCHEDULED: (EventStatus.SCHEDULED, EventStatus.ACTIVE, EventStatus.CANCELED),
    EventStatus.ACTIVE: (EventStatus.ACTIVE, EventStatus.COMPLETED),
}
"""What a status can become ("Valid Guild Scheduled Event Status Transitions")."""


def check_event(fields: dict[str, Any], event: ScheduledEvent | None, now: float) -> None:
    """Refuse fields of a new event (None), or changes of one, that break a rule; an absent field is not checked.

    `now` is Unix time. Raises DiscordError.
    """
    form = Form()
    if "name" in fields:
        form.text(("name",), fields["name"], 1, NAME_LENGTH)
    form.text(("description",), fields.get("description"), 0, DESCRIPTION_LENGTH)
    for name, only in (("privacy_level", GUILD_ONLY), ("entity_type", VOICE_EVENT)):
        if name in fields and fields[name] != only:
            form.choices((name,), (only,))
    following = NEXT[event.status] if event else ()
    if fields.get("status") is not None and fields["status"] not in following:
        form.choices(("status",), tuple(map(int, following)))
    if "channel_id" in fields and fields["channel_id"] is None:
        form.required(("channel_id",))
    _check_times(form, fields, event, now)
    form.settle()


def _check_times(form: Form, fields: dict[str, Any], event: ScheduledEvent | None, now: float) -> None:
    starts_at, ends_at = (_time(form, fields, name) for name in ("scheduled_start_time", "scheduled_end_time"))
    if starts_at is None and "scheduled_start_time" in fields and fields["scheduled_start_time"] is None:
        form.required(("scheduled_start_time",))
    if starts_at and starts_at.timestamp() <= now:
        message = "Cannot schedule event in the past."
        form.refuse(("scheduled_start_time",), "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", message)
    begins = starts_at or (_aware(event.starts_at) if event else None)
    if begins and ends_at and ends_at <= begins:
        message = "Cannot schedule event end time before start time."
        form.refuse(("scheduled_end_time",), "GUILD_SCHEDULED_EVENT_END_TIME_BEFORE_START_TIME", message)


def _time(form: Form, fields: dict[str, Any], name: str) -> datetime | None:
    value = fields.get(name)
    if value is None:
        return None
    try:
        return _aware(value)
    except (TypeError, ValueError):
        form.refuse((name,), "DATE_TIME_TYPE_PARSE", f"Could not parse {value}. Should be ISO8601.")
        return None


def _aware(text: str) -> datetime:
    """Without an offset, a time is in UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
