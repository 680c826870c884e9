"""What a person can do. Everything is checked as Discord's client checks it before it sends anything.

Verbs and their fields: `slash` and `autocomplete` (channel_id, command, options, focused), `click` (message_id,
custom_id), `select` (message_id, custom_id, values), `submit` (values by custom id), `close_modal`, `dismiss`
(message_id), `say` (channel_id, content), `open_dm`, `join_voice` (channel_id), `leave_voice`, `mute_self` (mute,
deaf), `leave_guild`, and what moderators do (see `moderation`). A command's option that is a file has a `filename` and
`data` in base64.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.embedded.guild.permissions import may
from bot.embedded.guild.records import Message
from bot.embedded.guild.state import State
from bot.embedded.guild.visibility import sees_channel
from bot.embedded.guild.world import Permission
from bot.embedded.interactions.interaction import Interaction, InteractionKind
from bot.embedded.interactions.interactions import Interactions
from bot.embedded.limits import components
from bot.embedded.limits.kinds import SELECTS, Kind
from bot.embedded.limits.messages import CONTENT_LENGTH, UPLOAD_BYTES, kept_filename
from bot.embedded.people import forms, offers, sent_commands
from bot.embedded.people.clients import ActionRefused, Client
from bot.embedded.people.forms import NotSubmittable
from bot.embedded.people.moderation import Moderation
from bot.embedded.people.people import People
from bot.embedded.people.sent_commands import NotSendable
from bot.embedded.voice.entry import VoiceEntry, VoiceWish

Asked = dict[str, Any]


class PersonActions:
    """Carries out the actions that people request."""

    def __init__(self, state: State, people: People, interactions: Interactions, voice: VoiceEntry) -> None:
        self._state = state
        self._people = people
        self._interactions = interactions
        self._voice = voice
        self._verbs: dict[str, Callable[[Client, Asked], dict[str, Any]]] = {
            "slash": self._slash,
            "autocomplete": self._autocomplete,
            "click": self._click,
            "select": self._select,
            "submit": self._submit,
            "close_modal": self._close_modal,
            "dismiss": self._dismiss,
            "say": self._say,
            "open_dm": self._open_dm,
            "join_voice": self._join_voice,
            "leave_voice": self._leave_voice,
            "leave_guild": self._leave_guild,
            "mute_self": self._mute_self,
            **Moderation(state, voice).verbs,
        }

    def perform(self, client: Client, asked: Asked) -> dict[str, Any]:
        """Carry out a client's request and return the fields of the reply."""
        verb = self._verbs.get(str(asked.get("do")))
        if verb is None:
            raise ActionRefused(f"There is no action {asked.get('do')!r}.")
        try:
            return verb(client, asked)
        except (NotSendable, NotSubmittable) as refused:
            raise ActionRefused(str(refused)) from None

    def disconnected(self, client: Client) -> None:
        """Remove a person from voice when their last client disconnects."""
        if not self._people.has_client(client.user_id):
            self._voice.leave(client.user_id)

    def _slash(self, client: Client, asked: Asked, focused: str | None = None) -> dict[str, Any]:
        channel_id = self._channel_of(client, asked, Permission.USE_APPLICATION_COMMANDS)
        available = offers.commands_for(self._state, client.user_id, channel_id)
        command, chain = sent_commands.find_command(available, str(asked["command"]))
        values = {name: self._filed(value) for name, value in (asked.get("options") or {}).items()}
        options = sent_commands.sent_options(command, chain, values, focused)
        data: dict[str, Any] = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        if resolved := offers.resolved(self._state, options, self._people.base_url):
            data["resolved"] = resolved
        kind = InteractionKind.COMMAND if focused is None else InteractionKind.AUTOCOMPLETE
        return _told(self._interactions.create(kind, client.user_id, channel_id, data))

    def _filed(self, value: Any) -> Any:
        """Send a file among a command's options to the CDN first."""
        if not isinstance(value, dict):
            return value
        data = base64.b64decode(value["data"])
        if len(data) > UPLOAD_BYTES:
            raise ActionRefused(f"Files over {UPLOAD_BYTES >> 20} MiB cannot be sent here.")
        return self._state.add_upload(kept_filename(str(value["filename"])), data)

    def _autocomplete(self, client: Client, asked: Asked) -> dict[str, Any]:
        return self._slash(client, asked, focused=str(asked["focused"]))

    def _click(self, client: Client, asked: Asked) -> dict[str, Any]:
        message, component = self._component(client, asked)
        if component["type"] != Kind.BUTTON:
            raise ActionRefused(f"{asked['custom_id']!r} is not a button.")
        data = {"custom_id": component["custom_id"], "component_type": 2, "id": component["id"]}
        return self._use(client, message, data)

    def _select(self, client: Client, asked: Asked) -> dict[str, Any]:
        message, component = self._component(client, asked)
        kind = component["type"]
        if kind not in SELECTS:
            raise ActionRefused(f"{asked['custom_id']!r} is not a select menu.")
        data = {"custom_id": component["custom_id"], "component_type": kind, "id": component["id"]}
        values = forms.chosen_in({**component, "required": True}, list(asked["values"]))
        resolved = offers.resolved_choice(self._state, client.user_id, component, values)
        return self._use(client, message, data | {"values": values} | ({"resolved": resolved} if resolved else {}))

    def _use(self, client: Client, message: Message, data: dict[str, Any]) -> dict[str, Any]:
        kind = InteractionKind.COMPONENT
        return _told(self._interactions.create(kind, client.user_id, message.channel_id, data, message))

    def _component(self, client: Client, asked: Asked) -> tuple[Message, dict[str, Any]]:
        message = self._message(client, asked)
        for component in components.walk(message.components):
            if component.get("custom_id") == asked["custom_id"]:
                if component.get("disabled"):
                    raise ActionRefused(f"{asked['custom_id']!r} is disabled.")
                return message, component
        raise ActionRefused(f"The message has no component {asked['custom_id']!r}.")

    def _message(self, client: Client, asked: Asked) -> Message:
        message = self._state.messages.get(int(asked["message_id"]))
        if message is None or not self._people.sees(client.user_id, message):
            raise ActionRefused("This person does not see that message.")
        return message

    def _submit(self, client: Client, asked: Asked) -> dict[str, Any]:
        modal = self._people.modals.get(client.user_id)
        if modal is None or str(modal.source.interaction_id) != str(asked["interaction_id"]):
            raise ActionRefused("This person does not have that form open.")
        filled = forms.fill_in(modal.data, asked["values"])
        resolved = offers.resolved_form(self._state, client.user_id, modal.data, filled)
        data = {"custom_id": modal.data["custom_id"], "components": filled, "resolved": resolved}
        source = modal.source
        kind = InteractionKind.MODAL_SUBMIT
        interaction = self._interactions.create(
            kind, client.user_id, source.channel_id, data, source.message, modal.data
        )
        return _told(interaction)

    def _close_modal(self, client: Client, asked: Asked) -> dict[str, Any]:
        self._people.modals.pop(client.user_id, None)
        return {}

    def _dismiss(self, client: Client, asked: Asked) -> dict[str, Any]:
        message = self._message(client, asked)
        if not message.is_ephemeral:
            raise ActionRefused("Only a message that no one else sees can be dismissed.")
        self._people.dismissed.add((client.user_id, message.message_id))
        return {}

    def _say(self, client: Client, asked: Asked) -> dict[str, Any]:
        channel_id = self._channel_of(client, asked, Permission.SEND_MESSAGES)
        content = str(asked["content"])
        if not 1 <= len(content) <= CONTENT_LENGTH:
            raise ActionRefused(f"A message has 1 to {CONTENT_LENGTH} characters.")
        message = Message(self._state.new_id(), channel_id, client.user_id, content)
        self._state.add_message(message)
        return {"message_id": str(message.message_id)}

    def _open_dm(self, client: Client, asked: Asked) -> dict[str, Any]:
        return {"channel_id": str(self._state.open_dm(client.user_id))}

    def _join_voice(self, client: Client, asked: Asked) -> dict[str, Any]:
        channel_id = self._channel_of(client, asked, Permission.CONNECT)
        wish = VoiceWish(client.user_id, client.session_id, channel_id)
        if not self._voice.request(wish, lambda data: self._tell_server(client, data)):
            raise ActionRefused("This person cannot join that channel.")
        return {}

    def _tell_server(self, client: Client, data: dict[str, Any]) -> None:
        # Read only now: a moderator's move comes with another channel than the one that the person had asked for.
        channel_id = str(self._state.voice_states[client.user_id].channel_id)
        ids = {"user_id": str(client.user_id), "channel_id": channel_id, "session_id": client.session_id}
        client.tell("voice_server", **data, **ids)

    def _leave_voice(self, client: Client, asked: Asked) -> dict[str, Any]:
        self._voice.request(VoiceWish(client.user_id, client.session_id, None), lambda data: None)
        return {}

    def _mute_self(self, client: Client, asked: Asked) -> dict[str, Any]:
        present = self._state.voice_states.get(client.user_id)
        if present is None:
            raise ActionRefused("This person is not in voice.")
        is_deaf = bool(asked.get("deaf"))
        # Discord's clients mute who deafens themselves.
        after = replace(present, self_mute=is_deaf or bool(asked.get("mute")), self_deaf=is_deaf)
        self._state.set_voice(client.user_id, after)
        return {}

    def _leave_guild(self, client: Client, asked: Asked) -> dict[str, Any]:
        self._voice.leave(client.user_id)
        self._state.leave_guild(client.user_id)
        return {}

    def _channel_of(self, client: Client, asked: Asked, needed: Permission) -> int:
        channel_id = int(asked["channel_id"])
        if not sees_channel(self._state, client.user_id, channel_id):
            raise ActionRefused(f"This person sees no channel {channel_id}.")
        channel = self._state.channels.get(channel_id)
        if channel is not None and not may(self._state.world, channel, client.user_id, needed):
            raise ActionRefused(f"This person lacks {needed.name} there.")
        return channel_id


def _told(interaction: Interaction) -> dict[str, Any]:
    return {"interaction_id": str(interaction.interaction_id)}
