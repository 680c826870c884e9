"""First answers to interactions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.embedded.errors import Form
from bot.embedded.guild import message_payloads
from bot.embedded.guild.records import Message
from bot.embedded.hub import HUB, Hub
from bot.embedded.interactions.interaction import AnswerKind, Interaction
from bot.embedded.limits import components
from bot.embedded.limits.commands import check_choices
from bot.embedded.limits.messages import COMPONENTS_V2, EPHEMERAL, LOADING
from bot.embedded.limits.modals import check_modal
from bot.embedded.rest.bodies import Body, answer, body_of, nothing
from bot.embedded.rest.drafts import Draft

_AT = ("data",)


async def post_callback(request: web.Request) -> web.Response:
    """POST interactions/{id}/{token}/callback."""
    hub, body = request.app[HUB], body_of(request)
    parts = request.match_info
    hub.callback_faults.refuse_all(int(parts["interaction_id"]))
    interaction = hub.interactions.for_answer(int(parts["interaction_id"]), parts["interaction_token"])
    hub.callback_faults.refuse_one(interaction)
    kind = _kind(interaction, body.as_object().get("type"))
    message = _ANSWERS[kind](hub, interaction, body)
    hub.interactions.settle(interaction, kind)
    hub.people.interaction_answered(interaction, kind, message, body.as_object().get("data") or {})
    if request.query.get("with_response", "").lower() not in ("1", "true"):
        return nothing()
    return answer(_response(hub, interaction, kind, message))


def _kind(interaction: Interaction, value: Any) -> AnswerKind:
    if value not in interaction.allowed_answers:
        form = Form()
        form.choices(("type",), tuple(map(int, interaction.allowed_answers)))
        form.settle()
    return AnswerKind(value)


def _new_message(hub: Hub, interaction: Interaction, message: Message) -> Message:
    # The answer's viewer gets the message as it appears, so the interaction must be known before the message is sent.
    if message.flags & EPHEMERAL:
        message.viewer_id = interaction.user_id
    message.mark = interaction.mark
    interaction.original_id = message.message_id
    return hub.state.add_message(message)


def _draft(hub: Hub, body: Body) -> Draft:
    return Draft.of(body, body.as_object().get("data") or {}, _AT, hub.state.world.interaction_upload_bytes)


def _answer_message(hub: Hub, interaction: Interaction, body: Body) -> Message:
    draft = _draft(hub, body)
    draft.check_new()
    return _new_message(hub, interaction, draft.new_message(hub.state, interaction.channel_id))


def _answer_deferred(hub: Hub, interaction: Interaction, body: Body) -> Message:
    # The flag of Components V2 can be given only with the components themselves.
    flags = _draft(hub, body).flags & ~COMPONENTS_V2
    state = hub.state
    message = Message(state.new_id(), interaction.channel_id, state.world.bot.user_id, flags=flags | LOADING)
    interaction.awaits_first_follow_up = True
    return _new_message(hub, interaction, message)


def _answer_deferred_update(hub: Hub, interaction: Interaction, body: Body) -> Message | None:
    interaction.original_id = interaction.message.message_id if interaction.message else None
    return interaction.message


def _answer_update(hub: Hub, interaction: Interaction, body: Body) -> Message | None:
    message = _answer_deferred_update(hub, interaction, body)
    if message is not None:
        draft = _draft(hub, body)
        hub.state.edit_message(message, **draft.changes(hub.state, message))
    return message


def _answer_choices(hub: Hub, interaction: Interaction, body: Body) -> None:
    form = Form()
    data = body.as_object().get("data") or {}
    check_choices(form, (*_AT, "choices"), data.get("choices"))
    form.settle()


def _answer_modal(hub: Hub, interaction: Interaction, body: Body) -> None:
    data = body.as_object().get("data") or {}
    check_modal(data)
    components.assign_ids(data["components"])


_ANSWERS: dict[AnswerKind, Callable[[Hub, Interaction, Body], Message | None]] = {
    AnswerKind.MESSAGE: _answer_message,
    AnswerKind.DEFERRED_MESSAGE: _answer_deferred,
    AnswerKind.DEFERRED_UPDATE: _answer_deferred_update,
    AnswerKind.UPDATE: _answer_update,
    AnswerKind.CHOICES: _answer_choices,
    AnswerKind.MODAL: _answer_modal,
}


def _response(hub: Hub, interaction: Interaction, kind: AnswerKind, message: Message | None) -> dict[str, Any]:
    told: dict[str, Any] = {"id": str(interaction.interaction_id), "type": int(interaction.kind)}
    resource: dict[str, Any] = {"type": int(kind)}
    if message is not None:
        told |= {
            "response_message_id": str(message.message_id),
            "response_message_loading": bool(message.flags & LOADING),
            "response_message_ephemeral": message.is_ephemeral,
        }
        resource["message"] = message_payloads.message(hub.state, message, hub.base_url)
    return {"interaction": told, "resource": resource}


ROUTES = (("POST", "/interactions/{interaction_id}/{interaction_token}/callback", post_callback),)
