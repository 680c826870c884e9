"""How long people waited for the bot's first answer, from the embedded Discord's journal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Latency:
    """First answers to what people did, in milliseconds. `unanswered` had none within Discord's three seconds."""

    answered: int
    unanswered: int
    median_ms: float
    p99_ms: float
    worst_ms: float

    @property
    def sentence(self) -> str:
        """The figures in words."""
        return (
            f"{self.answered} presses and commands were answered: 50 % within {self.median_ms:.0f} ms, "
            f"99 % within {self.p99_ms:.0f} ms."
        )


def latency_of(log: Iterable[dict[str, Any]], *types: str) -> Latency:
    """Return the latency in a journal (`discord.jsonl`), of all interactions or of these types ("command" etc.).

    Raises ValueError if there was no answer at all.
    """
    created: dict[int, str] = {}
    answered: dict[int, float] = {}
    for entry in log:
        if entry["kind"] == "interaction_created" and (not types or entry["type"] in types):
            created[entry["interaction_id"]] = entry["type"]
        elif entry["kind"] == "interaction_answered" and entry["interaction_id"] in created:
            answered[entry["interaction_id"]] = entry["ms"]
    waits = sorted(answered.values())
    if not waits:
        raise ValueError("There was no answer, so there is no latency.")
    return Latency(len(waits), len(created) - len(waits), percentile(waits, 50), percentile(waits, 99), waits[-1])


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Return the smallest of these values (in ascending order) that at least `percent` percent do not exceed."""
    return ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)]
