"""The table of stops: what goes wrong, what is pressed, and whether the bot lives on. One cell is one short evening.

Promised is: what stops, stops first. Whatever else is the matter, nothing said after a stop is recorded, and what the
stop means is in the store once the trouble is over, restarts included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

FAULTS = {
    "none": "nothing is wrong",
    "locked": "another process holds the database's write lock for 8 s, and something of the bot waits to write",
    "unknown": "Discord answers the press's first callback with 404, Unknown interaction (10062)",
    "unavailable": "Discord answers every callback with 503 for 10 s",
    "full": "the disk of the home folder is full",
    "export": "an export of all earlier sessions is running",
}
STOPS = {
    "x_card": "somebody in the channel presses the X-card",
    "withdrawal": "a performer sends the consent form with nothing ticked",
    "pause": "a coordinator presses Pause",
    "cut": "a coordinator presses Cut",
}
ENDINGS = {
    "lived": "the bot lives on",
    "killed": "the bot is killed shortly after the press and started again",
}

STOPPED_WITHIN_SECONDS = 0.1
"""The last frame that may be kept was sent so long after the press."""

ACKNOWLEDGED_WITHIN_SECONDS = 1.0
"""A stop is acknowledged so fast where Discord takes the answer."""

ANSWERED_WITHIN_SECONDS = 3.0
"""What others press meanwhile has its final answer in the time that Discord gives for a first one."""

AGREES_WITHIN_SECONDS = 15.0
"""So long after the end of the fault the store has come to agree."""

KILLED_AFTER_SECONDS = {"none": 0.15, "unknown": 0.15, "export": 0.15, "locked": 0.3, "unavailable": 0.3, "full": 0.3}
"""When the kill comes after the press. Where a fault keeps the store from taking the stop, well within it; where none
does, so soon that most bots have not finished what the press began.
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One evening: a fault, a stop, and what becomes of the bot."""

    fault: str
    stop: str
    ending: str

    @property
    def name(self) -> str:
        """As it is written on the command line."""
        return f"{self.fault}/{self.stop}/{self.ending}"

    @property
    def is_killed(self) -> bool:
        """Whether the bot is ended by force."""
        return self.ending == "killed"

    @property
    def seed(self) -> int:
        """A world of its own for each cell."""
        return 5_200 + CELLS.index(self)


CELLS = tuple(Cell(*parts) for parts in product(FAULTS, STOPS, ENDINGS))


def chosen(selections: Sequence[str]) -> list[Cell]:
    """The cells that match one of the selections, all without any; a selection is parts of a name: `locked/killed`.

    ValueError for a part that no cell has, or for parts that no cell has together.
    """
    wanted = [frozenset(selection.split("/")) for selection in selections]
    for parts in wanted:
        if unknown := parts - {*FAULTS, *STOPS, *ENDINGS}:
            raise ValueError(f"No cell has {', '.join(sorted(unknown))}: choose from {', '.join(_all_parts())}.")
    found = [cell for cell in CELLS if not wanted or any(parts <= set(cell.name.split("/")) for parts in wanted)]
    if not found:
        raise ValueError(f"No cell is all of {', '.join(selections)}: name at most one fault, stop and ending each.")
    return found


def _all_parts() -> list[str]:
    return [*FAULTS, *STOPS, *ENDINGS]
