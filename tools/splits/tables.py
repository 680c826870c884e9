"""The figures as tables, and their place in docs/data.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean

from bot.domain.splits import TEST_PERCENT, Split
from tools.splits.company import AN_EVENING, PEOPLE, SOMETIMES
from tools.splits.measures import Followed, Measured

PAGE = Path(__file__).parents[2] / "docs" / "data.md"
MOMENTS = (2, 3, 5, 10, 20, 30)
SHARED = (Split.TEST, Split.VALIDATION)


def tables(runs: Mapping[str, Sequence[Followed]], troupes: Mapping[str, Sequence[Measured]]) -> str:
    """Return all results. `runs` has the companies of each rule by its name, the rule of this version first."""
    return "\n\n".join([_moves(runs), _over_time(next(iter(runs.values()))), _troupes(troupes)])


def write(text: str, page: Path = PAGE) -> None:
    """Write the tables between their marks."""
    marked = re.sub(
        r"(<!-- make splits: begin -->\n).*?(<!-- make splits: end -->)",
        lambda found: f"{found[1]}{text}\n{found[2]}",
        page.read_text("utf-8"),
        flags=re.DOTALL,
    )
    page.write_text(marked, "utf-8")


def _moves(runs: Mapping[str, Sequence[Followed]]) -> str:
    ours = next(iter(runs.values()))
    lines = [
        f"{len(ours)} companies of {PEOPLE}, {AN_EVENING} an evening, with a cumulative release after each: "
        f"{sum(len(one.measured) for one in ours)} releases. Where people withdraw, {SOMETIMES.withdraws:.0%} do so "
        f"between two evenings, and {SOMETIMES.returns:.0%} of those who are away consent again.",
        "",
        "| rule | moves | test to train | test within 5 points | furthest | validation within 5 points |",
        "| --- | --: | --: | --: | --: | --: |",
    ]
    lines += [f"| {name} | {' | '.join(_cells(followed))} |" for name, followed in runs.items()]
    counted = [one for company in ours for one in company.counted]
    outside = [one for one in counted if not one.is_within(*SHARED)]
    missed = [one for company in ours for one in company.chances if one in outside]
    lines += [
        "",
        f"In the first row, {len(outside)} of {len(counted)} releases with at least ten speakers are outside for "
        f"testing or validation. In {len(missed)} of them, a different assignment of the new speakers would have been "
        "within.",
    ]
    return "\n".join(lines)


def _cells(followed: Sequence[Followed]) -> list[str]:
    moves = sum((one.moves for one in followed), Counter[tuple[str, str]]())
    counted = [one for company in followed for one in company.counted]
    furthest = max(abs(one.shares[Split.TEST] - TEST_PERCENT) for one in counted)
    test, validation = (f"{mean(one.is_within(split) for one in counted):.1%}" for split in SHARED)
    return [str(moves.total()), str(moves["test", "train"]), test, f"{furthest:.1f} points", validation]


def _over_time(companies: Sequence[Followed]) -> str:
    lines = [
        "| release | speakers | test speakers: lowest | mean | highest | sessions across splits |",
        "| --: | --: | --: | --: | --: | --: |",
    ]
    for moment in MOMENTS:
        found = [one.measured[moment - 1] for one in companies if len(one.measured) >= moment]
        if found:
            shares = [one.shares[Split.TEST] for one in found]
            cells = [f"{share:.0f} %" for share in (min(shares), mean(shares), max(shares))]
            across = mean(one.sessions_across for one in found)
            speakers = mean(one.speakers for one in found)
            lines.append(f"| {moment} | {speakers:.0f} | {' | '.join(cells)} | {across:.0f} % |")
    return "\n".join(lines)


def _troupes(troupes: Mapping[str, Sequence[Measured]]) -> str:
    lines = [
        f"| {PEOPLE} people who never mix, one evening each | train | test | validation | sessions across splits |",
        "| --- | --: | --: | --: | --: |",
    ]
    for name, found in troupes.items():
        cells = [f"{mean(one.shares[split] for one in found):.0f} %" for split in Split]
        lines.append(f"| {name} | {' | '.join(cells)} | {mean(one.sessions_across for one in found):.0f} % |")
    return "\n".join(lines)
