"""A press and its answers, without waiting: the cast's request is sent, and its answers are looked for later."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.embedded.client.person import Person
from bot.embedded.client.replies import Modal
from bot.embedded.client.screen import Message
from bot.rehearsal.panel import NOTHING_DONE, panel_with


@dataclass(frozen=True, slots=True)
class Press:
    """A person's action: `at` is monotonic, `wall` the same moment in seconds since 1970."""

    person: Person
    at: float
    wall: float
    interaction_id: int

    def is_answered_by(self, message: Message) -> bool:
        """Whether a message is the answer to this press, filled in or not."""
        return message.interaction_id == self.interaction_id

    async def answer(self, within_seconds: float) -> Message | None:
        """Return the bot's answer once it is no longer "thinking", or None if it does not come in time."""
        try:
            return await self.person.wait_for_message(self.is_answered_by, within_seconds)
        except TimeoutError:
            return None

    def was_overtaken(self) -> bool:
        """Whether the bot answered that the panel was out of date, so that the press had no effect."""
        return any(NOTHING_DONE in one.text for one in self.person.messages.values() if self.is_answered_by(one))

    def acknowledged_ms(self, discord_log: Iterable[dict[str, Any]]) -> float | None:
        """Return the time from the request to the first answer that Discord took, by its journal; None if none came."""
        for entry in discord_log:
            if entry["kind"] == "interaction_answered" and entry["interaction_id"] == self.interaction_id:
                return (entry["t"] - self.at) * 1000
        return None


async def press_button(person: Person, label: str) -> Press:
    """Press a button of the panel as it is on the screen now."""
    panel = await panel_with(person, label, within=1.0)
    return await _do(person, "click", message_id=str(panel.message_id), custom_id=panel.button(label).custom_id)


async def send_form(person: Person, form: Modal, values: dict[str, Any]) -> Press:
    """Submit an open form."""
    return await _do(person, "submit", interaction_id=str(form.interaction_id), values=form.custom_ids(values))


async def give_command(person: Person, channel_id: int, command: str, **options: Any) -> Press:
    """Send a slash command."""
    return await _do(person, "slash", channel_id=str(channel_id), command=command, options=options)


async def _do(person: Person, verb: str, **fields: Any) -> Press:
    at, wall = time.monotonic(), time.time()
    told = await person.ask(verb, **fields)
    return Press(person, at, wall, int(told["interaction_id"]))
