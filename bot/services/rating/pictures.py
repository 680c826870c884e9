"""Draws charts without holding up whatever else is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.charts.charts import Chart
from bot.charts.drawing import draw
from bot.live.workers import Lane, Workers


@dataclass(frozen=True, slots=True)
class Pictures:
    """Draws charts in a thread of their own."""

    workers: Workers

    async def draw(self, charts: Sequence[Chart]) -> list[bytes | None]:
        """Return a PNG for each chart; None for one with words that no font of this machine can write."""
        return await self.workers.run(Lane.FIGURES, _draw_all, charts)


def _draw_all(charts: Sequence[Chart]) -> list[bytes | None]:
    return [draw(chart) for chart in charts]
