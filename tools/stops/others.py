"""Other people during a stop: one presses on the panel, one opens their card, and both wait for their answers."""

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
"""The beginning of the bot's answer to a press that failed in an unforeseen way."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How long a person waited for the acknowledgement and the final answer, in ms; None if it was not in time."""

    acknowledged_ms: float | None
    final_ms: float | None


@dataclass(frozen=True, slots=True)
class Tried:
    """A press of another person, and the final answer if it came in time."""

    what: str
    press: Press
    answer: Message | None
    wants_card: bool = False

    def answered(self, discord_log: Iterable[dict[str, Any]]) -> Answered:
        """Return how long it took."""
        final = self.answer and (self.answer.seen_at - self.press.at) * 1000
        return Answered(self.press.acknowledged_ms(discord_log), final)

    def faults(self, answered: Answered) -> Iterator[str]:
        """Yield what is wrong with the answer."""
        if answered.acknowledged_ms is None:
            yield f"another person's {self.what} is not acknowledged"
        elif self.answer is None:
            yield f"another person's {self.what} is not answered within {ANSWERED_WITHIN_SECONDS:g} s"
        elif self.answer.text.startswith(DEFECT) or (self.wants_card and not is_card(self.answer.text)):
            yield f"another person's {self.what} is answered with: {self.answer.text}"


@dataclass(frozen=True, slots=True)
class Others:
    """What others tried during a stop."""

    panel: Tried
    card: Tried


async def try_others(troupe: Troupe, *, has_scene: bool) -> Others:
    """Let the rater press Rate on the panel and a performer My card, at the same time; in a scene there is a card."""
    panel, card = await asyncio.gather(
        _try(troupe.rater.person, "Rate", "panel press"),
        _try(troupe.partner.person, "My card", "My card", wants_card=has_scene),
    )
    return Others(panel, card)


async def _try(person: Person, label: str, what: str, *, wants_card: bool = False) -> Tried:
    press = await press_button(person, label)
    return Tried(what, press, await press.answer(ANSWERED_WITHIN_SECONDS), wants_card)
