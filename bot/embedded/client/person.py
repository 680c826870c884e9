"""A person of the cast at their Discord client: they see messages and forms, press, submit and join voice.

    async with Person.connect(url, key, user_id, ssl_context) as person:
        reply = await person.slash(channel_id, "session start", deck="everyday")
        await person.click(reply.message, "My card")

Anything that a real client would not let a person do raises `Refused` with the reason. Times are `time.monotonic()`
seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

import aiohttp

from bot.embedded.client.link import REPLY_TIMEOUT_S, Link, Refused
from bot.embedded.client.phone import Phone
from bot.embedded.client.replies import Modal, Reply, SentFile, VoiceCredentials
from bot.embedded.client.screen import Attachment, Message

__all__ = ("Person", "Refused")


class Person(Link):
    """One connected client. Create it with `Person.connect`."""

    def __init__(self, user_id: int, http: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse) -> None:
        super().__init__(socket)
        self.user_id = user_id
        self.nicks: dict[int, str] = {}
        self.voice_channels: dict[int, int] = {}
        self.messages: dict[int, Message] = {}
        self.on_event: Callable[[dict[str, Any]], None] = lambda event: None
        self.phone: Phone | None = None
        self.rung: list[Message] = []
        self._http = http
        self._answers: dict[str, dict[str, Any]] = {}
        self._credentials: VoiceCredentials | None = None
        self._is_welcome = False

    @classmethod
    @asynccontextmanager
    async def connect(
        cls,
        url: str,
        key: str,
        user_id: int,
        ssl_context: ssl.SSLContext,
        on_event: Callable[[dict[str, Any]], None] = lambda event: None,
        phone: Phone | None = None,
    ) -> AsyncIterator[Self]:
        """Open the client at `url` (the server's `cast` address). It leaves voice when it is closed.

        `on_event` is called with each event, the welcome first, after the screen shows it. With a `phone`, the person
        can use only what is on its screen, and `rung` has the messages that made it sound; without, they are at a desk
        and see everything.
        Raises aiohttp.WSServerHandshakeError with status 403 for a wrong key and 404 for a stranger.
        """
        connector = aiohttp.TCPConnector(ssl=ssl_context)
        async with (
            aiohttp.ClientSession(connector=connector) as http,
            http.ws_connect(f"{url}/{user_id}", params={"key": key}, max_msg_size=0) as socket,
        ):
            person = cls(user_id, http, socket)
            person.on_event = on_event
            person.phone = phone
            reader = asyncio.create_task(person.read())
            try:
                await person.wait(lambda: person._is_welcome or None, REPLY_TIMEOUT_S, "the welcome")
                yield person
            finally:
                reader.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await reader

    def on_screen(self) -> list[Message]:
        """Return the messages that this person can see now without scrolling, the oldest first."""
        if self.phone is None:
            return sorted(self.messages.values(), key=lambda each: each.message_id)
        return self.phone.on_screen(self.messages.values())

    async def slash(self, channel_id: int, command: str, **options: Any) -> Reply:
        """Send a command such as "session start" and wait for the bot's answer. A file is passed as a `SentFile`."""
        sent = {name: value.as_json() if isinstance(value, SentFile) else value for name, value in options.items()}
        return await self._interact("slash", channel_id=str(channel_id), command=command, options=sent)

    async def autocomplete(self, channel_id: int, command: str, focused: str, **options: Any) -> list[dict[str, Any]]:
        """Return the choices (`name`, `value`) that the bot offers for the option being typed."""
        fields = {"channel_id": str(channel_id), "command": command, "focused": focused, "options": options}
        return (await self._interact("autocomplete", **fields)).choices

    async def click(self, message: Message | None, label_or_custom_id: str) -> Reply:
        """Press a button of a message and wait for the bot's answer."""
        current = self._current(message)
        custom_id = current.button(label_or_custom_id).custom_id
        return await self._interact("click", message_id=str(current.message_id), custom_id=custom_id)

    async def select(self, message: Message | None, custom_id: str, *values: str) -> Reply:
        """Choose in a select menu of a message, by values or labels, and wait for the bot's answer."""
        current = self._current(message)
        field = current.select(custom_id)
        chosen = [field.value_of(value) for value in values]
        return await self._interact(
            "select", message_id=str(current.message_id), custom_id=field.custom_id, values=chosen
        )

    async def submit(self, modal: Modal | None, values: dict[str, Any]) -> Reply:
        """Fill in a form by label or custom id, send it and wait for the bot's answer.

        A choice can be given by its value or its label. Fields left out keep what the form shows by default.
        """
        if modal is None:
            raise Refused("No form is open.")
        filled = modal.custom_ids(values)
        return await self._interact("submit", interaction_id=str(modal.interaction_id), values=filled)

    async def close_modal(self) -> None:
        """Close the open form without sending it: the input is lost."""
        await self.ask("close_modal")

    async def dismiss(self, message: Message) -> None:
        """Remove a message that only this person sees from the screen."""
        await self.ask("dismiss", message_id=str(message.message_id))
        self.messages.pop(message.message_id, None)

    async def say(self, channel_id: int, content: str) -> int:
        """Write into a channel and return the message's id."""
        return int((await self.ask("say", channel_id=str(channel_id), content=content))["message_id"])

    async def open_dm(self) -> int:
        """Return the id of the channel of direct messages with the bot."""
        return int((await self.ask("open_dm"))["channel_id"])

    async def join_voice(self, channel_id: int, timeout: float = 5.0) -> VoiceCredentials:
        """Join a voice channel and return what its voice server asks for. Raises TimeoutError if no answer arrives."""
        self._credentials = None
        await self.ask("join_voice", channel_id=str(channel_id))
        return await self.wait(lambda: self._credentials, timeout, "the voice server's address")

    async def leave_voice(self) -> None:
        """Leave the voice channel."""
        await self.ask("leave_voice")

    async def mute_self(self, *, mute: bool = True, deaf: bool = False) -> None:
        """Switch this person's own microphone and speakers off or on."""
        await self.ask("mute_self", mute=mute, deaf=deaf)

    async def leave_guild(self) -> None:
        """Leave the server; what is left are the direct messages with the bot."""
        await self.ask("leave_guild")

    async def wait_for_message(
        self, predicate: Callable[[Message], bool], timeout: float = 10.0, *, since: float = 0.0
    ) -> Message:
        """Return the newest matching message written or changed after `since`, or else the next one that arrives.

        Raises TimeoutError after `timeout` seconds.
        """

        def find() -> Message | None:
            for message in sorted(self.on_screen(), key=lambda each: each.seen_at, reverse=True):
                if message.seen_at >= since and not message.is_loading and predicate(message):
                    return message
            return None

        return await self.wait(find, timeout, "a message")

    async def wait_until(self, condition: Callable[[], bool], timeout: float = 10.0) -> None:
        """Wait until `condition` holds. It is checked at every event. Raises TimeoutError after `timeout` seconds."""
        await self.wait(lambda: condition() or None, timeout, "a change")

    async def download(self, attachment: Attachment) -> bytes:
        """Return the bytes of a file. Raises aiohttp.ClientResponseError if it is gone."""
        async with self._http.get(attachment.url, raise_for_status=True) as response:
            return await response.read()

    def _current(self, message: Message | None) -> Message:
        if message is None:
            raise Refused("There is no message to use.")
        current = self.messages.get(message.message_id, message)
        if self.phone is not None and all(one.message_id != message.message_id for one in self.on_screen()):
            raise Refused("That message is not on this phone's screen.")
        return current

    async def _interact(self, verb: str, **fields: Any) -> Reply:
        started = time.monotonic()
        interaction_id: str = (await self.ask(verb, **fields))["interaction_id"]
        answer = await self.wait(lambda: self._answers.get(interaction_id), REPLY_TIMEOUT_S, "an answer")
        message = None
        if answer.get("message_id") and answer["answer"] != "deferred_update":
            message = await self._filled_in(int(answer["message_id"]))
        modal = Modal.of(answer["modal"], int(interaction_id)) if answer.get("modal") else None
        return Reply(
            interaction_id=int(interaction_id),
            answer=answer.get("answer", "failed"),
            message=message,
            modal=modal,
            choices=answer.get("choices") or [],
            failure=answer.get("failure"),
            asked_at=started,
            answered_at=answer["t"],
        )

    async def _filled_in(self, message_id: int) -> Message | None:
        """Return an answer's message once it is no longer "thinking", or None if it was deleted in the meantime."""

        def is_settled() -> bool:
            message = self.messages.get(message_id)
            return message is None or not message.is_loading

        await self.wait(lambda: is_settled() or None, REPLY_TIMEOUT_S, "a deferred answer")
        return self.messages.get(message_id)

    def take(self, data: dict[str, Any]) -> None:
        """Update the screen after an event."""
        match data["event"]:
            case "welcome":
                self._welcome(data)
            case "message_created" | "message_updated":
                message = Message.of(data["message"], data["t"])
                self.messages[message.message_id] = message
                self._ring(data["event"], message)
            case "message_deleted":
                self.messages.pop(int(data["message"]["id"]), None)
            case "interaction_answered":
                self._answers[data["interaction_id"]] = data
            case "interaction_failed":
                failure = "The application did not respond."
                self._answers[data["interaction_id"]] = {"failure": failure, "t": data["t"]}
            case "voice_server":
                self._credentials = VoiceCredentials.of(data)
            case "voice_state":
                self._place(int(data["user_id"]), data["channel_id"])
            case "channel_deleted":
                left = [one for one in self.messages.values() if str(one.channel_id) != data["channel_id"]]
                self.messages = {message.message_id: message for message in left}
            case "member_updated":
                self.nicks.pop(int(data["user_id"]), None)
                if data["nick"]:
                    self.nicks[int(data["user_id"])] = data["nick"]
        self.on_event(data)

    def _ring(self, event: str, message: Message) -> None:
        if self.phone is not None and event == "message_created" and self.phone.rings(message, self.user_id):
            self.rung.append(message)

    def _welcome(self, data: dict[str, Any]) -> None:
        for shown in data["messages"]:
            message = Message.of(shown, data["t"])
            self.messages[message.message_id] = message
        for user_id, channel_id in data["voice_states"].items():
            self._place(int(user_id), channel_id)
        self.nicks = {int(user_id): nick for user_id, nick in data["nicks"].items()}
        self._is_welcome = True

    def _place(self, user_id: int, channel_id: str | None) -> None:
        if channel_id is None:
            self.voice_channels.pop(user_id, None)
        else:
            self.voice_channels[user_id] = int(channel_id)
