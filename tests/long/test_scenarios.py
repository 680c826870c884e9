"""The scenarios of `make scenarios`, shortened: nothing that reached the bot, with a key for it, is missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.scenarios.library import SCENARIOS, Scenario
from tools.scenarios.play import StageProcess, opened
from tools.scenarios.rules import RULES

PACE = 0.2


@pytest.fixture(scope="module")
def stage_process() -> Iterator[StageProcess]:
    with StageProcess() as process:
        yield process


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.name)
async def test_nothing_is_missing(scenario: Scenario, stage_process: StageProcess, tmp_path: Path) -> None:
    async with opened(stage_process, tmp_path, PACE) as play:
        verdict = await scenario.run(play)
    assert verdict.problems == []
    assert verdict.due > 0


@pytest.mark.parametrize("name", ["padding_stripped", "clear_silence"])
async def test_a_rule_taken_out_is_noticed(
    name: str, stage_process: StageProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    RULES[name].take_out(monkeypatch)
    async with opened(stage_process, tmp_path, PACE) as play:
        verdict = await SCENARIOS[RULES[name].scenario].run(play)
    assert verdict.problems


def test_every_rule_names_a_scenario_and_finds_its_code() -> None:
    for rule in RULES.values():
        assert rule.scenario in SCENARIOS
        with pytest.MonkeyPatch.context() as patch:
            rule.take_out(patch)
