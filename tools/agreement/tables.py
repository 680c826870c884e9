"""The figures as tables, and their place in docs/rating.md."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bot.statistics.alpha import Level
from tools.agreement.coverage import OURS, Covered
from tools.agreement.listening import Found, Recovered
from tools.agreement.oracle import Compared
from tools.agreement.raters import A_TURN, RATERS, VARIANTS
from tools.agreement.rivals import REPLICATES, RIVALS

PAGE = Path(__file__).parents[2] / "docs" / "rating.md"


def write(text: str, page: Path = PAGE) -> None:
    """Write the tables between their marks."""
    marked = re.sub(
        r"(<!-- make agreement: begin -->\n).*?(<!-- make agreement: end -->)",
        lambda found: f"{found[1]}{text}\n{found[2]}",
        page.read_text("utf-8"),
        flags=re.DOTALL,
    )
    page.write_text(marked, "utf-8")


def compared_words(found: Compared) -> str:
    """Return the comparison with the package as a sentence."""
    return (
        f"On {found.tables} random tables with missing answers, α at the {len(Level)} levels differs from that of the "
        f"`krippendorff` package by at most {found.greatest:.0e}."
    )


def coverage_table(alphas: Sequence[Covered], rates: Sequence[Covered]) -> str:
    """Return how often the intervals contain what is known."""
    runs = alphas[0].case.runs
    lines = [
        f"{runs} runs a row, each with {RATERS} new raters of known bias, noise and carelessness, of whom {A_TURN} "
        "rate each turn. *Known* is the mean of what endlessly many turns would give, *covered* how often the 95 % "
        "interval contains it.",
        "",
        "| figure | turns | careless raters | known | covered |",
        "| --- | --: | --: | --: | --: |",
    ]
    lines += [_covered(f"α, {one.case.level}", one) for one in alphas]
    lines += [_covered("hit rate", one) for one in rates]
    return "\n".join(lines)


def _covered(name: str, found: Covered) -> str:
    careless = "1 in 8" if found.case.careless else "none"
    return f"| {name} | {found.case.turns} | {careless} | {found.known:.2f} | {found.share():.1%} |"


def rivals_table(found: Sequence[Covered]) -> str:
    """Return the coverage of this interval beside others."""
    lines = [
        f"Intervals of α by other methods, on the same answers ({found[0].case.runs} runs a row; bootstraps with "
        f"{REPLICATES} replicates):",
        "",
        f"| level | turns | {OURS} | {' | '.join(RIVALS)} |",
        f"| --- | --: | --: | {' | '.join('--:' for _ in RIVALS)} |",
    ]
    for one in found:
        shares = (f"{one.share(name):.1%}" for name in (OURS, *RIVALS))
        lines.append(f"| {one.case.level} | {one.case.turns} | {' | '.join(shares)} |")
    return "\n".join(lines)


def alike_table(found: Sequence[Covered]) -> str:
    """Return the coverage where turns of a performer are alike, first of α, then of the hit rate."""
    lines = [
        f"Turns that are not independent: so many performers share {found[0].case.turns} turns, and each has a "
        f"preference among {VARIANTS} ways to play, of which one sounds like another emotion and one like none. The "
        "known figure is that of endlessly many performers:",
        "",
        "| figure | performers | known | covered |",
        "| --- | --: | --: | --: |",
    ]
    names = ("α, nominal", "hit rate")
    lines += [
        f"| {names[number * 2 // len(found)]} | {one.case.performers} | {one.known:.2f} | {one.share():.1%} |"
        for number, one in enumerate(found)
    ]
    return "\n".join(lines)


def careless_table(troupes: int, found: Sequence[Found]) -> str:
    """Return how well careless raters are found."""
    lines = [
        f"Careless raters in {troupes} troupes of {RATERS}, in each of which about one in five is. *Precision* is the "
        "share of those who are called careless who are, *recall* the share of the careless who are found.",
        "",
        "| careless in | repeats | references | precision | recall |",
        "| --: | --: | --: | --: | --: |",
    ]
    lines += [
        f"| {100 * one.least:.0f}-{100 * one.least + 20:.0f} % of answers | {one.checks} | {one.checks} "
        f"| {one.precision:.1%} | {one.recall:.1%} |"
        for one in found
    ]
    return "\n".join(lines)


def sensitivity_table(runs: int, found: Sequence[Recovered]) -> str:
    """Return how often the intervals contain the known d′ and criterion."""
    lines = [
        f"Known d′ and criterion in {runs} runs a row, with so many trials of each kind:",
        "",
        "| d′ | criterion | trials | mean of d′ found | d′ covered | criterion covered |",
        "| --: | --: | --: | --: | --: | --: |",
    ]
    lines += [
        f"| {one.d_prime:g} | {one.criterion:g} | {one.trials} | {one.mean:.2f} | {one.d_prime_inside:.1%} "
        f"| {one.criterion_inside:.1%} |"
        for one in found
    ]
    return "\n".join(lines)
