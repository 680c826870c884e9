"""What goes wrong around a stop: the script begins it shortly before the press; it ends by itself or is removed."""

from __future__ import annotations

from typing import ClassVar

from tools.stops.troupe import Troupe


class Trouble:
    """No trouble; subclasses make some. `lead_seconds` is how long before the press it begins.

    `has_restarted`: the bot had to be restarted to end it, which ends a running take.
    """

    lead_seconds: ClassVar[float] = 0.1

    def __init__(self, troupe: Troupe) -> None:
        self.troupe = troupe
        self.house = troupe.house
        self.has_restarted = False

    async def prepare(self) -> None:
        """Do what takes time, before the take."""

    async def begin(self, presser_id: int) -> None:
        """Begin the trouble, before this account presses."""

    def at_the_press(self) -> None:
        """Do the last thing before the press, without waiting."""

    async def clear(self) -> None:
        """Between a kill and the restart: do what a person would repair before they start the bot again."""

    async def over(self) -> list[str]:
        """Wait until it is over. Returns what was wrong with it, so that the cell measured nothing."""
        return []

    async def close(self) -> None:
        """Leave nothing running."""
