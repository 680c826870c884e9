"""The bench of exports measures an export of a home folder that it builds itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dataset.verifying.verify import verify
from tools.exports.floor import floor_of
from tools.exports.homes import PERFORMERS, build, talks
from tools.exports.measuring import measure


@pytest.mark.slow
async def test_it_exports_what_it_builds_and_the_floor_is_below_it(tmp_path: Path):
    spoken = talks(tmp_path / "talks", 20.0)
    assert [len(talk.turns) > 1 for talk in spoken] == [True] * PERFORMERS
    await build(tmp_path / "home", 2, spoken)
    cost = measure(tmp_path / "home", tmp_path / "out", 2)
    (tmp_path / "floor").mkdir()
    floor = floor_of(2, [talk.path for talk in spoken], [talk.clips for talk in spoken], tmp_path / "floor")
    assert 0 < floor < cost.cpu_seconds
    assert cost.peak_megabytes > 50
    findings = verify(tmp_path / "out")
    assert findings.wrong == []
    assert f"All {2 * sum(len(talk.turns) for talk in spoken)} clips decode." in findings.done
    assert list((tmp_path / "floor").iterdir()) == []
