"""Scheduled events of the guild in voice channels.

Sources: Discord's OpenAPI description and documentation, "Guild Scheduled Event". Events elsewhere, images and
recurrence are not known here. An event that was cancelled or is over can still be fetched, but is not listed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from aiohttp import web

from bot.embedded import errors
from bot.embedded.errors import Form
from bot.embedded.guild.payloads import VOICE_EVENT, scheduled_event
from bot.embedded.guild.permissions import may
from bot.embedded.guild.records import EventStatus, ScheduledEvent
from bot.embedded.guild.state import State
from bot.embedded.guild.world import Permission
from bot.embedded.hub import Hub
from bot.embedded.rest.bodies import answer, body_of, nothing
from bot.embedded.rest.drafts import UnknownFeature
from bot.embedded.rest.event_rules import check_event
from bot.embedded.rest.guilds import hub_of
from bot.embedded.rest.messages import check_access

_BASE: Final = "/guilds/{guild_id}/scheduled-events"
_ONE: Final = _BASE + "/{guild_scheduled_event_id}"
MOST_EVENTS: Final = 100

_NEEDED = Permission.VIEW_CHANNEL | Permission.CONNECT
_UNFINISHED = (EventStatus.SCHEDULED, EventStatus.ACTIVE)

_FIELDS: Final = frozenset(
    {
        "name",
        "description",
        "scheduled_start_time",
        "scheduled_end_time",
        "privacy_level",
        "entity_type",
        "channel_id",
        "status",
    }
)


async def get_events(request: web.Request) -> web.Response:
    """GET guilds/{guild_id}/scheduled-events: those that are not over."""
    state = hub_of(request).state
    listed = [each for each in state.scheduled_events.values() if each.status in _UNFINISHED]
    return answer([scheduled_event(state, each, with_count=_with_count(request)) for each in listed])


async def get_event(request: web.Request) -> web.Response:
    """GET guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}."""
    state = hub_of(request).state
    return answer(scheduled_event(state, _event(request, state), with_count=_with_count(request)))


async def post_event(request: web.Request) -> web.Response:
    """POST guilds/{guild_id}/scheduled-events: schedule an event; needs Create Events in its channel."""
    hub = hub_of(request)
    fields = _fields_of(request, without={"status"})
    for name in ("name", "scheduled_start_time", "privacy_level", "entity_type", "channel_id"):
        # Discord's description lets a voice event have no channel, its documentation requires one.
        fields.setdefault(name, None)
    _check(hub, fields)
    if sum(each.status in _UNFINISHED for each in hub.state.scheduled_events.values()) >= MOST_EVENTS:
        raise errors.too_many_scheduled_events()
    event = ScheduledEvent(
        hub.state.new_id(),
        fields["name"],
        int(fields["channel_id"]),
        fields["scheduled_start_time"],
        fields.get("description"),
        fields.get("scheduled_end_time"),
    )
    hub.state.set_scheduled_event(event)
    return answer(scheduled_event(hub.state, event))


async def patch_event(request: web.Request) -> web.Response:
    """PATCH guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}: change, begin, end or cancel an event."""
    hub = hub_of(request)
    fields, event = _fields_of(request), _event(request, hub.state)
    if event.status not in _UNFINISHED:
        raise errors.finished_event()
    _require_rights(hub, event.channel_id)
    _check(hub, fields, event)
    changed = replace(
        event,
        name=fields.get("name", event.name),
        channel_id=int(fields.get("channel_id", event.channel_id)),
        starts_at=fields.get("scheduled_start_time", event.starts_at),
        description=fields.get("description", event.description),
        ends_at=fields.get("scheduled_end_time", event.ends_at),
        status=EventStatus(fields.get("status") or event.status),
    )
    hub.state.set_scheduled_event(changed)
    return answer(scheduled_event(hub.state, changed))


async def delete_event(request: web.Request) -> web.Response:
    """DELETE guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}."""
    hub = hub_of(request)
    event = _event(request, hub.state)
    _require_rights(hub, event.channel_id)
    hub.state.delete_scheduled_event(event.event_id)
    return nothing()


def _with_count(request: web.Request) -> bool:
    return request.query.get("with_user_count") in ("1", "true", "True")


def _event(request: web.Request, state: State) -> ScheduledEvent:
    event = state.scheduled_events.get(int(request.match_info["guild_scheduled_event_id"]))
    if event is None:
        raise errors.unknown_scheduled_event()
    return event


def _fields_of(request: web.Request, without: frozenset[str] | set[str] = frozenset()) -> dict[str, Any]:
    body = body_of(request).as_object()
    if unknown := {name for name, value in body.items() if value is not None} - (_FIELDS - without):
        raise UnknownFeature(f"scheduled event field {sorted(unknown)}")
    return {name: value for name, value in body.items() if name in _FIELDS}


def _check(hub: Hub, fields: dict[str, Any], event: ScheduledEvent | None = None) -> None:
    """Refuse fields of a new event, or changes of one, that break a rule."""
    if fields.get("entity_type") not in (None, VOICE_EVENT):
        raise UnknownFeature("scheduled event outside a voice channel")
    check_event(fields, event, hub.clock.wall())
    if fields.get("channel_id") is not None:
        _check_channel(hub, int(fields["channel_id"]))


def _check_channel(hub: Hub, channel_id: int) -> None:
    check_access(hub, channel_id)
    if hub.state.channels[channel_id].kind != "voice":
        form = Form()
        form.refuse(("channel_id",), "CHANNEL_INCORRECT_TYPE", "Incorrect channel type")
        form.settle()
    _require_rights(hub, channel_id)


def _require_rights(hub: Hub, channel_id: int) -> None:
    """Refuse the bot if it may neither create nor manage events in a channel, or not join it."""
    channel, bot_id = hub.state.channels.get(channel_id), hub.state.world.bot.user_id
    if channel is None:
        raise errors.unknown_channel()
    rights = (Permission.CREATE_EVENTS, Permission.MANAGE_EVENTS)
    if not any(may(hub.state.world, channel, bot_id, _NEEDED | one) for one in rights):
        raise errors.missing_permissions()


ROUTES = (
    ("GET", _BASE, get_events),
    ("POST", _BASE, post_event),
    ("GET", _ONE, get_event),
    ("PATCH", _ONE, patch_event),
    ("DELETE", _ONE, delete_event),
)
