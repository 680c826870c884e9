"""What goes wrong around a stop: begun by the script shortly before the press, over by itself or taken away."""

from __future__ import annotations

from typing import ClassVar

from tools.stops.troupe import Troupe


class Trouble:
    """Nothing is wrong; derived classes let something be. `lead_seconds` is how long before the press it begins.

    `has_restarted`: the bot had to be restarted for it to be over, which ends a running take.
    """

    lead_seconds: ClassVar[float] = 0.1

    def __init__(self, troupe: Troupe) -> None:
        self.troupe = troupe
        self.house = troupe.house
        self.has_restarted = False

    async def prepare(self) -> None:
        """What takes a while, before the take."""

    async def begin(self, presser_id: int) -> None:
        """Let it begin, before this account presses."""

    def at_the_press(self) -> None:
        """The last thing before the press, without waiting."""

    async def clear(self) -> None:
        """Between a kill and the restart: what a person would put right before they start the bot again."""

    async def over(self) -> list[str]:
        """Wait until it is over; what was wrong with it, so that the cell measured nothing."""
        return []

    async def close(self) -> None:
        """Leave nothing running."""
