"""Records in the cast's journal what a person sees and hears, with the moment at which it arrived.

`message_seen` has user_id, message_id, text, is_ephemeral, interaction_id (the interaction that it answers) and
`buttons`, the labels of the enabled buttons; an edit is another entry. `form_seen` has user_id, title and text.
`x_card_seen` has user_id, `is_in_sight` (whether the person's screen has an X-card that they can press; an entry is
written when that changes) and `is_own` (whether the newest message on the screen is for this person only).
`bot_heard` has user_id and is written at the first frame of each sound that the bot plays.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from bot.embedded.client.person import Person
from bot.embedded.client.replies import Modal
from bot.embedded.client.screen import Message
from bot.embedded.journal import Journal

X_CARD_LABEL = "Stop (X-card)"
PAUSE_SECONDS = 0.5
"""After a pause of this length, the bot plays a new sound."""


def noting_sight(user_id: int, journal: Journal) -> Callable[[dict[str, Any]], None]:
    """Return a listener for `Person.on_event` that records what this person is shown."""

    def note(event: dict[str, Any]) -> None:
        match event["event"]:
            case "welcome":
                for shown in event["messages"]:
                    _note_message(journal, user_id, Message.of(shown, event["t"]))
            case "message_created" | "message_updated":
                _note_message(journal, user_id, Message.of(event["message"], event["t"]))
            case "interaction_answered" if event.get("modal"):
                form = Modal.of(event["modal"], int(event["interaction_id"]))
                journal.write("form_seen", t=event["t"], user_id=user_id, title=form.title, text=form.text)
            case _:
                pass

    return note


def noting_x_card(person: Person, journal: Journal) -> Callable[[], None]:
    """Return what notes whether an X-card is on this person's screen, to be called after each event."""
    was: bool | None = None

    def note() -> None:
        nonlocal was
        screen = person.on_screen()
        is_in_sight = any(_has_x_card(message) for message in screen)
        if is_in_sight != was and (is_in_sight or was is not None):
            is_own = bool(screen) and screen[-1].is_ephemeral
            journal.write("x_card_seen", user_id=person.user_id, is_in_sight=is_in_sight, is_own=is_own)
            was = is_in_sight

    return note


def _has_x_card(message: Message) -> bool:
    return any(button.label == X_CARD_LABEL and not button.is_disabled for button in message.buttons)


def noting_sound(user_id: int, bot_id: int, journal: Journal) -> Callable[[int, bytes], None]:
    """Return a listener for `Hearing.on_frame` that records when this person begins to hear the bot."""
    last = float("-inf")

    def note(speaker_id: int, frame: bytes) -> None:
        nonlocal last
        if speaker_id != bot_id:
            return
        now = time.monotonic()
        if now - last > PAUSE_SECONDS:
            journal.write("bot_heard", t=now, user_id=user_id)
        last = now

    return note


def _note_message(journal: Journal, user_id: int, message: Message) -> None:
    journal.write(
        "message_seen",
        t=message.seen_at,
        user_id=user_id,
        message_id=message.message_id,
        text=message.text,
        is_ephemeral=message.is_ephemeral,
        interaction_id=message.interaction_id,
        buttons=[button.label for button in message.buttons if not button.is_disabled],
    )
