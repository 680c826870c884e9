"""The table of stops: the fault, the stop, and whether the bot is killed. One cell is one short evening.

The promise: what stops, stops first. Whatever else is wrong, nothing said after a stop is recorded, and the store has
the stop's effect once the trouble is over, even after a restart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

FAULTS = {
    "none": "nothing is wrong",
    "locked": "another process holds the database's write lock for 8 s, and the bot waits to write",
    "unknown": "Discord answers the press's first callback with 404, Unknown interaction (10062)",
    "unavailable": "Discord answers every callback with 503 for 10 s",
    "full": "the disk of the home folder is full",
    "export": "an export of all earlier sessions is running",
}
STOPS = {
    "x_card": "a person in the channel presses the X-card",
    "withdrawal": "a performer sends the consent form with nothing ticked",
    "pause": "a coordinator presses Pause",
    "cut": "a coordinator presses Cut",
}
ENDINGS = {
    "lived": "the bot lives on",
    "killed": "the bot is killed shortly after the press and started again",
}

STOPPED_WITHIN_SECONDS = 0.1
"""The longest time after the press at which a kept frame may have been sent."""

ACKNOWLEDGED_WITHIN_SECONDS = 1.0
"""A stop is acknowledged within this time if Discord takes the answer."""

ANSWERED_WITHIN_SECONDS = 3.0
"""Other people's presses get their final answers within the time that Discord gives for a first one."""

AGREES_WITHIN_SECONDS = 15.0
"""The store must agree within this time after the end of the fault."""

KILLED_AFTER_SECONDS = {"none": 0.15, "unknown": 0.15, "export": 0.15, "locked": 0.3, "unavailable": 0.3, "full": 0.3}
"""When the kill comes after the press. If a fault keeps the store from taking the stop, it comes well within the
fault. If none does, it comes so soon that most bots have not finished what the press began.
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One evening: a fault, a stop, and what happens to the bot."""

    fault: str
    stop: str
    ending: str

    @property
    def name(self) -> str:
        """Its name on the command line."""
        return f"{self.fault}/{self.stop}/{self.ending}"

    @property
    def is_killed(self) -> bool:
        """Whether the bot is killed."""
        return self.ending == "killed"

    @property
    def seed(self) -> int:
        """The seed of the cell's own world."""
        return 5_200 + CELLS.index(self)


CELLS = tuple(Cell(*parts) for parts in product(FAULTS, STOPS, ENDINGS))


def chosen(selections: Sequence[str]) -> list[Cell]:
    """Return the cells that match a selection, all if there is none. A selection is parts of a name: `locked/killed`.

    Raises ValueError for a part that no cell has, or for parts that no cell has together.
    """
    wanted = [frozenset(selection.split("/")) for selection in selections]
    for parts in wanted:
        if unknown := parts - {*FAULTS, *STOPS, *ENDINGS}:
            raise ValueError(f"No cell has {', '.join(sorted(unknown))}. Choose from {', '.join(_all_parts())}.")
    found = [cell for cell in CELLS if not wanted or any(parts <= set(cell.name.split("/")) for parts in wanted)]
    if not found:
        raise ValueError(f"No cell matches {', '.join(selections)}. Name at most one fault, stop and ending each.")
    return found


def _all_parts() -> list[str]:
    return [*FAULTS, *STOPS, *ENDINGS]
