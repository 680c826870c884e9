"""A small version of the evening on which everything happens; `make evening` plays all of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal.checking.checker import CHECKS
from tools.evenings.watched import MOST_MS, TOO_LONG

ROOT = Path(__file__).parents[2]
PERFORMERS = 8
AROUND = 4
"""How many claims are about what is around the scenes."""

pytestmark = pytest.mark.xdist_group("evening")
"""One process for all tests: the evening is played once."""

HAPPENED = (
    *("track", "casting", "cue", "turn", "note", "another performer's card", "Latecomers", "dropout", "countdown"),
    *("rate after the end", "sign-up", "Half a minute", "Ease off", "Side-coaching", "Suggestions"),
    *("part of a calibration", "Every replay", "dataset with its kind", "warm-up, voice try-out and debrief"),
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("evening")
    words = ("--seed", "7", "--performers", str(PERFORMERS), "--scenes", "2", "--json", str(folder / "told.json"))
    done = subprocess.run(
        [sys.executable, "-m", "tools.evenings.watched", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode in (0, TOO_LONG), done.stderr
    return json.loads((folder / "told.json").read_text("utf-8"))


def test_nothing_holds_the_bots_loop_for_as_long_as_three_frames(told: dict[str, Any]):
    too_long = [one for one in told["held"] if one["ms"] > MOST_MS]
    assert too_long == []


def test_the_store_and_the_cast_agree_on_everything_that_happened(told: dict[str, Any]):
    assert [claim["faults"] for claim in told["claims"]] == [[] for _ in range(len(CHECKS) + 1 + AROUND)]
    assert all(claim["is_true"] for claim in told["claims"])
    for what in HAPPENED:
        found = [claim for claim in told["claims"] if what in claim["claim"]]
        assert found, what
        assert all(claim["checked"] > 0 for claim in found), what


def test_cues_are_where_they_were_told_within_a_tenth_of_a_second(told: dict[str, Any]):
    [claim] = [claim for claim in told["claims"] if claim["claim"].startswith("Every cue")]
    assert claim["checked"] >= 2 * 4, "one cue in each scene"
    assert 0 < claim["worst_ms"] <= 100


def test_everyone_was_answered_in_time(told: dict[str, Any]):
    assert told["latency"]["unanswered"] == 0
    assert told["latency"]["p99_ms"] < 3000


def test_both_takes_of_the_second_scene_and_the_late_performer_are_in_the_dataset(told: dict[str, Any]):
    scenes, replays, calibrations = 3, 2, 7
    assert (told["counts"]["scenes"], told["counts"]["takes"]) == (2 + replays, scenes + replays + calibrations)
    consents = [person["consents"] for person in told["cast"]]
    assert [len(given) for given in consents] == [*[4] * PERFORMERS, 1, 0]
