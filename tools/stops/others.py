"""Other people meanwhile: one presses on the panel, one looks at their card, and both wait for their answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.embedded.client.person import Person
from bot.embedded.client.screen import Message
from bot.rehearsal.cast.cards import is_card
from tools.stops.cells import ANSWERED_WITHIN_SECONDS
from tools.stops.presses import Press, press_button
from tools.stops.troupe import Troupe

DEFECT = "Something went wrong"
"""How the bot begins the answer to a press that failed in a way it did not foresee."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How long somebody waited for the acknowledgement and for the final answer, in ms; None is no answer in time."""

    acknowledged_ms: float | None
    final_ms: float | None


@dataclass(frozen=True, slots=True)
class Tried:
    """A press of somebody else, and the final answer if it came in time."""

    what: str
    press: Press
    answer: Message | None
    wants_card: bool = False

    def answered(self, discord_log: Iterable[dict[str, Any]]) -> Answered:
        """How long it took."""
        final = self.answer and (self.answer.seen_at - self.press.at) * 1000
        return Answered(self.press.acknowledged_ms(discord_log), final)

    def faults(self, answered: Answered) -> Iterator[str]:
        """What is wrong with the answer."""
        if answered.acknowledged_ms is None:
            yield f"{self.what} of somebody else is not acknowledged"
        elif self.answer is None:
            yield f"{self.what} of somebody else is not answered within {ANSWERED_WITHIN_SECONDS:g} s"
        elif self.answer.text.startswith(DEFECT) or (self.wants_card and not is_card(self.answer.text)):
            yield f"{self.what} of somebody else is answered with: {self.answer.text}"


@dataclass(frozen=True, slots=True)
class Others:
    """What others tried while a stop was under way."""

    panel: Tried
    card: Tried


async def try_others(troupe: Troupe, *, has_scene: bool) -> Others:
    """The rater presses Rate on the panel, a performer My card, at the same time; with a scene on there is a card."""
    panel, card = await asyncio.gather(
        _try(troupe.rater.person, "Rate", "a panel press"),
        _try(troupe.partner.person, "My card", "My card", wants_card=has_scene),
    )
    return Others(panel, card)


async def _try(person: Person, label: str, what: str, *, wants_card: bool = False) -> Tried:
    press = await press_button(person, label)
    return Tried(what, press, await press.answer(ANSWERED_WITHIN_SECONDS), wants_card)
