"""The table of stops as Markdown, one row per cell."""

from __future__ import annotations

from collections.abc import Iterable

from tools.stops.judging import Figures
from tools.stops.others import Answered

HEAD = (
    "| fault / stop / bot | last frame kept, ms | frames later than 100 ms | acknowledged, ms | killed, ms "
    "| panel press: first, final, ms | My card: first, final, ms | store agrees, ms | the take | wrong |\n"
    "| --- | --: | --: | --: | --: | --: | --: | --: | --- | --- |"
)
"""Times of stops count from the press, those of others from theirs, and the store's from the end of the fault."""


def row(figures: Figures) -> str:
    """Return one cell. A dash stands for what does not apply or never came."""
    columns = (
        figures.cell.replace("/", " / "),
        _ms(figures.latest_ms),
        str(figures.late_frames),
        _ms(figures.acknowledged_ms),
        _ms(figures.killed_ms),
        _both(figures.panel),
        _both(figures.card),
        _ms(figures.agreed_ms),
        figures.take or "–",
        "; ".join(figures.wrong) or "nothing",
    )
    return f"| {' | '.join(columns)} |"


def summary(rows: Iterable[Figures]) -> str:
    """Return a summary of all cells in one line."""
    rows = list(rows)
    wrong = sum(bool(one.wrong) for one in rows)
    longest = max((one.seconds for one in rows), default=0.0)
    return f"{len(rows)} cells, {wrong} wrong; the longest took {longest:.0f} s."


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _both(answered: Answered | None) -> str:
    return "–" if answered is None else f"{_ms(answered.acknowledged_ms)}, {_ms(answered.final_ms)}"
