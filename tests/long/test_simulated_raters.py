"""The simulation of raters on a small scale: no target is missed, and its tables go into the page that is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.simulation.evening import BUDGET, play
from tools.simulation.measures import Checked, Served, check, serve
from tools.simulation.raters import PERFORMERS
from tools.simulation.serving import SERVINGS, WANTED
from tools.simulation.tables import alpha_table, checks_words, serving_table, voices_table, write
from tools.simulation.targets import missed
from tools.simulation.voices import Held, hold

RUNS = 4


@pytest.fixture(scope="module")
def served() -> dict[str, list[Served]]:
    return {name: [serve((name, run)) for run in range(RUNS)] for name in SERVINGS}


@pytest.fixture(scope="module")
def checked() -> list[Checked]:
    return [check(run) for run in range(RUNS)]


@pytest.fixture(scope="module")
def held() -> list[Held]:
    return [hold((run, 0.0)) for run in range(20 * RUNS)]


def test_no_one_rates_twice_or_their_own_turns_and_late_answers_are_one_too_many_at_most():
    evening = play("this queue", 3, has_checks=True)
    assert all(turn % PERFORMERS not in given for turn, given in evening.given.items())
    assert len({(turn, rater) for turn, rater, _ in evening.order}) == len(evening.order) >= BUDGET
    assert evening.most <= WANTED + 1
    assert len(evening.checks) == pytest.approx(evening.trials / 5, rel=0.1)


def test_few_runs_miss_no_target_that_many_must_reach(served: dict[str, list[Served]], held: list[Held]):
    # α of six runs says little: one that is not covered is already a sixth.
    assert [one for one in missed(served["this queue"], held) if "α" not in one] == []
    at_random, ours = served["at random"], served["this queue"]
    assert all(ours[run].parts[0].too_few < at_random[run].parts[0].too_few for run in range(RUNS))


def test_a_miss_is_said(served: dict[str, list[Served]], held: list[Held]):
    said = missed(served["at random"], held)
    assert "more than 5% of answers are waste" in said
    assert f"a turn has more than {WANTED + 1} answers" in said


def test_the_tables_have_a_row_for_each_and_replace_the_ones_before(
    served: dict[str, list[Served]], checked: list[Checked], held: list[Held], tmp_path: Path
):
    page = tmp_path / "page.md"
    page.write_text("Above.\n<!-- make simulation: begin -->\nold\n<!-- make simulation: end -->\nBelow.\n", "utf-8")
    parts = [
        serving_table(served),
        alpha_table(served),
        checks_words(checked, (0.0, 1.0), 6, 6),
        voices_table({"all": held}),
    ]
    write("\n\n".join(parts), page)
    text = page.read_text("utf-8")
    assert text.startswith("Above.\n")
    assert text.endswith("Below.\n")
    assert "old" not in text
    assert all(text.count(f"| {name} |") == 2 for name in SERVINGS)
