"""The figures of takes as a table, each with what is demanded of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tools.turns.score import Tally

KINDS: Final = ("whisper", "laugh", "sob", "scream")


@dataclass(frozen=True, slots=True)
class Figure:
    """One column: what it is called, how it is read from a tally and shown, and what it must be."""

    name: str
    read: Callable[[Tally], float]
    show: Callable[[float], str]
    is_met: Callable[[float], bool] | None = None


def _percent(value: float) -> str:
    return f"{value * 100:.1f} %"


def _ms(value: float) -> str:
    return f"{value:.0f} ms"


def _count(value: float) -> str:
    return f"{value:.0f}"


def _recall(kind: str) -> Figure:
    return Figure(f"{kind}: >= 95 %", lambda tally: tally.recall(kind), _percent, lambda share: share >= 0.95)


FIGURES: Final[tuple[Figure, ...]] = (
    Figure("turns", lambda tally: tally.turns, _count),
    Figure("in clips: >= 98 %", lambda tally: tally.coverage, _percent, lambda share: share >= 0.98),
    Figure("precision: >= 97 %", lambda tally: tally.precision, _percent, lambda share: share >= 0.97),
    Figure("bounds, median: <= 60 ms", lambda tally: tally.error_ms(0.5), _ms, lambda error: error <= 60),
    Figure("95 %: <= 150 ms", lambda tally: tally.error_ms(0.95), _ms, lambda error: error <= 150),
    Figure("starts 95 %", lambda tally: tally.error_ms(0.95, tally.starts), _ms),
    Figure("ends 95 %", lambda tally: tally.error_ms(0.95, tally.ends), _ms),
    Figure("joined", lambda tally: tally.joined, _count),
    Figure("missed", lambda tally: tally.missed, _count),
    Figure("invented", lambda tally: tally.invented, _count),
    Figure("divisions", lambda tally: tally.divisions, _count),
    Figure("in a word: <= 2 %", lambda tally: tally.cut_share, _percent, lambda share: share <= 0.02),
    *map(_recall, KINDS),
    Figure("opened by a leak: 0", lambda tally: tally.opened_by_leak, _count, lambda count: count == 0),
)


def table(rows: Mapping[str, Tally]) -> str:
    """Return the rows as Markdown. `(!)` marks what is not as demanded; a figure that a take cannot have is empty."""
    head = ["take", *(figure.name for figure in FIGURES)]
    lines = [_line(head), _line(["---", *("--:" for _ in FIGURES)])]
    lines += [_line([name, *(_cell(figure, tally) for figure in FIGURES)]) for name, tally in rows.items()]
    return "\n".join(lines)


def unmet(tally: Tally) -> list[str]:
    """Return the names of the figures that are not as demanded."""
    return [figure.name for figure in FIGURES if not _is_met(figure, figure.read(tally))]


def _is_met(figure: Figure, value: float) -> bool:
    return figure.is_met is None or math.isnan(value) or figure.is_met(value)


def _cell(figure: Figure, tally: Tally) -> str:
    value = figure.read(tally)
    if math.isnan(value):
        return ""
    return figure.show(value) + ("" if _is_met(figure, value) else " (!)")


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
