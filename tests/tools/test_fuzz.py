"""A short run; `make fuzz` sends a million packets."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.wire.transport import MODES
from tools.fuzz.wire import torn_files, under_fire


@pytest.mark.parametrize("forged", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_hostile_packets_raise_nothing_and_get_into_no_track(mode: str, forged: bool, tmp_path: Path):
    fire = under_fire(mode, 6_000, 1, tmp_path, forged=forged)
    assert fire.faults == []
    assert fire.packets["mutated"] >= fire.packets.total() / 2
    assert fire.heard >= 0.98 * fire.said


def test_torn_files_are_read_as_far_as_they_are_whole(tmp_path: Path):
    assert torn_files(300, 1, tmp_path) == []
