"""Pressing on the panel as people do: they wait for the button, and press again when the session had moved on."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot.embedded.client.person import Person, Refused
from bot.embedded.client.replies import Reply
from bot.embedded.client.screen import Message, NotOnScreen
from bot.rehearsal.errors import RehearsalFailed

PATIENCE_SECONDS = 15.0
"""How long somebody waits for a button: the panel is edited at most five times in five seconds."""

TRIES = 5
NOTHING_DONE = "so your press changed nothing"
"""What a press on a panel that has been overtaken is answered with."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press that did something: which button, when on the monotonic clock, and what was answered."""

    label: str
    at: float
    reply: Reply


async def panel_with(person: Person, *labels: str, since: float = 0.0, within: float = PATIENCE_SECONDS) -> Message:
    """The panel as this person sees it, once it has one of these buttons to press; any panel without labels.

    Only a state of it that came after `since` counts. RehearsalFailed when none comes.
    """

    def find() -> Message | None:
        panels = [one for one in person.messages.values() if not one.is_ephemeral and len(one.buttons) > 1]
        newest = max(panels, key=lambda one: one.seen_at, default=None)
        fits = newest is not None and newest.seen_at > since and (not labels or _label(newest, labels) is not None)
        return newest if fits else None

    try:
        return await person.wait(find, within, "the panel")
    except TimeoutError as error:
        raise RehearsalFailed(f"The panel never had {' or '.join(labels) or 'any button'} to press.") from error


async def press(person: Person, *labels: str) -> Pressed:
    """Press whichever of these buttons the panel has; again, when the panel was overtaken by what others did."""
    since = 0.0
    for _ in range(TRIES):
        panel = await panel_with(person, *labels, since=since)
        label = _label(panel, labels)
        assert label is not None
        since, pressed_at = panel.seen_at, time.monotonic()
        try:
            reply = await person.click(panel, label)
        except (Refused, NotOnScreen):
            continue  # it changed under the finger
        if NOTHING_DONE not in reply.text:
            return Pressed(label, pressed_at, reply)
    raise RehearsalFailed(f"{' or '.join(labels)} could not be pressed: the panel was overtaken {TRIES} times.")


def _label(panel: Message, labels: tuple[str, ...]) -> str | None:
    pressable = [button.label for button in panel.buttons if not button.is_disabled]
    return next((label for label in labels if label in pressable), None)
