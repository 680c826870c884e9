"""The bot is killed in each state of a session; `make states` prints the figures. Other kills are in test_kills.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.evenings.states import STATES, kill_in

GENEROUS_SECONDS = 20.0
"""Machines that run tests are busy; the figure that counts is that of `make states`."""


@pytest.mark.parametrize("state", STATES)
async def test_after_a_kill_the_panel_works_again_and_the_evening_goes_on(tmp_path: Path, state: str):
    run = await kill_in(state, tmp_path)
    assert run.faults == []
    assert run.found == state
    assert run.back_seconds <= GENEROUS_SECONDS
