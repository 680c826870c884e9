"""The people's side: one websocket per client, on which a person sees what Discord's client would show them.

Frames are JSON objects. A client sends `{"id": n, "do": verb, ...}` and gets `{"reply": n, "ok": true, ...}`, or
`{"reply": n, "ok": false, "refused": sentence}` if a real client would not allow it (see `actions`). Events come
without a request, as `{"event": name, "t": seconds, ...}`:

- `welcome` with all `messages` visible so far, `voice_states`, `nicks`;
- `message_created`, `message_updated`, `message_deleted` with `message`, as far as this person may see it;
- `interaction_answered` with `interaction_id`, `answer` (an `AnswerKind` in lower case) and `message_id`, `modal` or
  `choices`; `interaction_failed` if no answer came within 3 seconds;
- `voice_server` with what the voice gateway asks for; `voice_state` of anyone; `member_updated` with a nickname;
  `channel_deleted` with a `channel_id`.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from bot.embedded.guild import message_payloads
from bot.embedded.guild.records import (
    BotRemoved,
    ChannelDeleted,
    Event,
    Message,
    MessageCreated,
    MessageDeleted,
    MessageEdited,
    NickChanged,
    VoiceStateChanged,
)
from bot.embedded.guild.state import State
from bot.embedded.guild.visibility import sees_message, shown_attachments
from bot.embedded.interactions.interaction import AnswerKind, Interaction, InteractionKind
from bot.embedded.journal import Journal
from bot.embedded.limits.messages import EPHEMERAL
from bot.embedded.people.clients import ActionRefused, Actions, Client, OpenModal

_VOICE_FLAGS = ("mute", "deaf", "self_mute", "self_deaf", "suppress")


class People:
    """All connected people, what is on their screens, and the events they get."""

    def __init__(self, state: State, journal: Journal, base_url: str) -> None:
        self.key = secrets.token_urlsafe(24)
        self.modals: dict[int, OpenModal] = {}
        self.dismissed: set[tuple[int, int]] = set()
        self._state = state
        self._journal = journal
        self.base_url = base_url
        self._clients: set[Client] = set()
        self._actions: Actions | None = None
        state.listen(self._on_event)

    def use(self, actions: Actions) -> None:
        """Set the object that handles people's requests. Needed before the first person connects."""
        self._actions = actions

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one client until it leaves: 403 with a wrong key, 404 for a stranger."""
        user_id = int(request.match_info["user_id"])
        if request.query.get("key") != self.key:
            return web.Response(status=403)
        if user_id not in self._state.people or self._actions is None:
            return web.Response(status=404)
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        client = Client(user_id)
        self._clients.add(client)
        self._journal.write("person_connected", user_id=user_id)
        self._welcome(client)
        writer = asyncio.create_task(self._write(socket, client))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._serve(client, json.loads(message.data))
        finally:
            writer.cancel()
            self._clients.discard(client)
            self._journal.write("person_disconnected", user_id=user_id)
            self._actions.disconnected(client)
        return socket

    def shown(self, message: Message) -> dict[str, Any]:
        """Return a message as a person's client shows it."""
        data = message_payloads.message(self._state, message, self.base_url)
        files = shown_attachments(message)
        return data | {
            "attachments": [message_payloads.attachment(file, message.channel_id, self.base_url) for file in files],
            "flags": message.flags | (EPHEMERAL if message.is_ephemeral else 0),
            "is_direct": self._dm_partner(message) is not None,
        }

    def sees(self, user_id: int, message: Message) -> bool:
        """Whether a message is on a person's screen."""
        is_dismissed = (user_id, message.message_id) in self.dismissed
        return not is_dismissed and sees_message(self._state, user_id, message)

    def interaction_answered(
        self, interaction: Interaction, answer: AnswerKind, message: Message | None, data: dict[str, Any]
    ) -> None:
        """Send a person the bot's first answer."""
        fields: dict[str, Any] = {"message_id": str(message.message_id) if message else None}
        if interaction.kind is InteractionKind.MODAL_SUBMIT:
            self.modals.pop(interaction.user_id, None)
        if answer is AnswerKind.MODAL:
            self.modals[interaction.user_id] = OpenModal(data, interaction)
            fields["modal"] = data
        elif answer is AnswerKind.CHOICES:
            fields["choices"] = data.get("choices")
        self.tell(
            interaction.user_id,
            "interaction_answered",
            interaction_id=str(interaction.interaction_id),
            answer=answer.name.lower(),
            **fields,
        )

    def interaction_failed(self, interaction: Interaction) -> None:
        """Tell a person that the application did not respond."""
        self.tell(interaction.user_id, "interaction_failed", interaction_id=str(interaction.interaction_id))

    def tell(self, user_id: int, event: str, **fields: Any) -> None:
        """Send an event to every client of one person."""
        for client in self._clients:
            if client.user_id == user_id:
                client.tell(event, **fields)

    def has_client(self, user_id: int) -> bool:
        """Whether a person is connected."""
        return any(client.user_id == user_id for client in self._clients)

    def _welcome(self, client: Client) -> None:
        visible = [each for each in self._state.messages.values() if self.sees(client.user_id, each)]
        client.tell(
            "welcome",
            messages=[self.shown(message) for message in visible],
            voice_states={str(each.user_id): str(each.channel_id) for each in self._state.voice_states.values()},
            nicks={str(user_id): nick for user_id, nick in self._state.nicks.items()},
        )

    async def _write(self, socket: web.WebSocketResponse, client: Client) -> None:
        while True:
            frame = await client.outgoing.get()
            try:
                await socket.send_str(frame)
            except ConnectionError:
                return

    def _serve(self, client: Client, asked: dict[str, Any]) -> None:
        assert self._actions is not None
        reply: dict[str, Any] = {"reply": asked.get("id")}
        try:
            reply |= {"ok": True, **self._actions.perform(client, asked)}
        except ActionRefused as refused:
            self._journal.write("action_refused", user_id=client.user_id, verb=asked.get("do"), sentence=str(refused))
            reply |= {"ok": False, "refused": str(refused)}
        client.outgoing.put_nowait(json.dumps(reply))

    def _on_event(self, event: Event) -> None:
        if isinstance(event, VoiceStateChanged):
            channel_id = str(event.after.channel_id) if event.after else None
            flags = {name: bool(event.after and getattr(event.after, name)) for name in _VOICE_FLAGS}
            self._journal.write("voice_state_changed", user_id=event.user_id, channel_id=channel_id, **flags)
            for client in self._clients:
                client.tell("voice_state", user_id=str(event.user_id), channel_id=channel_id, **flags)
        elif isinstance(event, NickChanged):
            self._journal.write("nick_changed", user_id=event.user_id, nick=event.nick)
            for client in self._clients:
                client.tell("member_updated", user_id=str(event.user_id), nick=event.nick)
        elif isinstance(event, ChannelDeleted):
            for client in self._clients:
                client.tell("channel_deleted", channel_id=str(event.channel.channel_id))
        elif isinstance(event, BotRemoved):
            self._journal.write("bot_removed")
        elif isinstance(event, MessageCreated | MessageEdited | MessageDeleted):
            self._on_message(event)

    def _dm_partner(self, message: Message) -> int | None:
        partner = self._state.dm_partner(message.channel_id)
        return partner.user_id if partner else None

    def _on_message(self, event: MessageCreated | MessageEdited | MessageDeleted) -> None:
        message = event.message
        name = (
            "message_created"
            if isinstance(event, MessageCreated)
            else "message_deleted"
            if isinstance(event, MessageDeleted)
            else "message_updated"
        )
        self._journal.write(
            name,
            message_id=message.message_id,
            channel_id=message.channel_id,
            author_id=message.author_id,
            viewer_id=message.viewer_id or self._dm_partner(message),
            interaction_id=message.mark.interaction_id if message.mark else None,
        )
        shown = self.shown(message)
        for client in self._clients:
            if self.sees(client.user_id, message):
                client.tell(name, message=shown)
