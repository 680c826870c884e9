"""What stops, stops first: every stop during every fault, with a living and a killed bot; see `make stops`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.stops.__main__ import SESSIONS
from tools.stops.cells import CELLS, Cell
from tools.stops.judging import measure


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
async def test_what_stops_stops_first(tmp_path: Path, cell: Cell):
    figures = await measure(cell, tmp_path, SESSIONS)
    assert figures.wrong == []
