"""Pressing on the panel as people do: they wait for the button, and press again if the session had changed."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot.embedded.client.person import Person, Refused
from bot.embedded.client.replies import Reply
from bot.embedded.client.screen import Message, NotOnScreen
from bot.rehearsal.errors import RehearsalFailed

PATIENCE_SECONDS = 15.0
"""How long a person waits for a button. The panel is edited at most five times in five seconds."""

TRIES = 5
NOTHING_DONE = "so your press changed nothing"
"""Part of the answer to a press on an outdated panel."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press that took effect: the button, the monotonic time, and the answer."""

    label: str
    at: float
    reply: Reply


async def panel_with(person: Person, *labels: str, since: float = 0.0, within: float = PATIENCE_SECONDS) -> Message:
    """Return the panel as this person sees it, once one of these buttons is enabled. Without labels, any panel counts.

    Only what is on the screen of the person's phone counts.

    Only a version that came after `since` counts. Raises RehearsalFailed if none comes.
    """

    def find() -> Message | None:
        panels = [one for one in person.on_screen() if not one.is_ephemeral and len(one.buttons) > 1]
        # For a moment there can be two: the lower one is the new one.
        newest = panels[-1] if panels else None
        fits = newest is not None and newest.seen_at > since and (not labels or _label(newest, labels) is not None)
        return newest if fits else None

    try:
        return await person.wait(find, within, "the panel")
    except TimeoutError as error:
        raise RehearsalFailed(f"The panel never had an enabled button {' or '.join(labels)}".rstrip() + ".") from error


async def press(person: Person, *labels: str) -> Pressed:
    """Press one of these buttons, whichever the panel has. Press again if someone else changed the session first."""
    since = 0.0
    for _ in range(TRIES):
        panel = await panel_with(person, *labels, since=since)
        label = _label(panel, labels)
        assert label is not None
        since, pressed_at = panel.seen_at, time.monotonic()
        try:
            reply = await person.click(panel, label)
        except (Refused, NotOnScreen):
            continue  # the panel changed before the press arrived
        if NOTHING_DONE not in reply.text:
            return Pressed(label, pressed_at, reply)
    raise RehearsalFailed(f"{' or '.join(labels)} could not be pressed: the panel was outdated {TRIES} times.")


def _label(panel: Message, labels: tuple[str, ...]) -> str | None:
    pressable = [button.label for button in panel.buttons if not button.is_disabled]
    return next((label for label in labels if label in pressable), None)
