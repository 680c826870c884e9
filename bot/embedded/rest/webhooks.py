"""Requests after a first answer, for 15 minutes: new follow-ups, and reading, changing and deleting messages."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.embedded import errors
from bot.embedded.guild import message_payloads
from bot.embedded.guild.records import Message
from bot.embedded.hub import HUB, Hub
from bot.embedded.interactions.interaction import Interaction
from bot.embedded.limits.messages import EPHEMERAL, LOADING
from bot.embedded.rest.bodies import answer, body_of, nothing
from bot.embedded.rest.drafts import Draft

_BASE = "/webhooks/{webhook_id}/{webhook_token}"


def _interaction(request: web.Request) -> Interaction:
    hub = request.app[HUB]
    if request.match_info["webhook_id"] != str(hub.state.world.bot.application_id):
        raise errors.unknown_webhook()
    return hub.interactions.for_follow_up(request.match_info["webhook_token"])


def _message(request: web.Request, interaction: Interaction) -> Message:
    named = request.match_info.get("message_id", "@original")
    message_id = interaction.original_id if named == "@original" else int(named)
    message = request.app[HUB].state.messages.get(message_id or 0)
    belongs = message is not None and (
        message.message_id == interaction.original_id
        or (message.mark is not None and message.mark.interaction_id == interaction.interaction_id)
    )
    if message is None or not belongs:
        raise errors.unknown_message()
    return message


def _shown(hub: Hub, message: Message) -> web.Response:
    return answer(message_payloads.message(hub.state, message, hub.base_url))


async def post_follow_up(request: web.Request) -> web.Response:
    """POST: a follow-up. The first one after a deferred answer fills in that answer."""
    hub, interaction = request.app[HUB], _interaction(request)
    draft = Draft.of(body_of(request), upload_bytes=hub.state.world.interaction_upload_bytes)
    draft.check_new()
    original = hub.state.messages.get(interaction.original_id or 0)
    if interaction.awaits_first_follow_up and original is not None:
        message = _fill_in(hub, interaction, original, draft)
    else:
        viewer_id = interaction.user_id if draft.flags & EPHEMERAL else None
        message = draft.new_message(hub.state, interaction.channel_id, viewer_id=viewer_id, mark=interaction.mark)
        hub.state.add_message(message)
    if request.query.get("wait", "").lower() not in ("1", "true"):
        return nothing()
    return _shown(hub, message)


def _fill_in(hub: Hub, interaction: Interaction, message: Message, draft: Draft) -> Message:
    interaction.awaits_first_follow_up = False
    changes: dict[str, Any] = draft.changes(hub.state, message)
    return hub.state.edit_message(message, **changes | {"flags": changes["flags"] & ~LOADING})


async def get_message(request: web.Request) -> web.Response:
    """GET: the original or a follow-up."""
    return _shown(request.app[HUB], _message(request, _interaction(request)))


async def patch_message(request: web.Request) -> web.Response:
    """PATCH: change the original or a follow-up."""
    hub, interaction = request.app[HUB], _interaction(request)
    message = _message(request, interaction)
    draft = Draft.of(body_of(request), upload_bytes=hub.state.world.interaction_upload_bytes)
    if message.flags & LOADING:
        return _shown(hub, _fill_in(hub, interaction, message, draft))
    return _shown(hub, hub.state.edit_message(message, **draft.changes(hub.state, message)))


async def delete_message(request: web.Request) -> web.Response:
    """DELETE: the original or a follow-up."""
    interaction = _interaction(request)
    request.app[HUB].state.delete_message(_message(request, interaction))
    return nothing()


ROUTES = (
    ("POST", _BASE, post_follow_up),
    *(
        (method, f"{_BASE}/messages/{which}", handler)
        for which in ("@original", "{message_id}")
        for method, handler in (("GET", get_message), ("PATCH", patch_message), ("DELETE", delete_message))
    ),
)
