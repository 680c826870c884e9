"""The figures as tables, and their place in docs/rating.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean

from tools.simulation.evening import BUDGET, NOISE, TURNS
from tools.simulation.measures import PARTS, Checked, Served
from tools.simulation.raters import PERFORMERS, RATERS
from tools.simulation.serving import WANTED
from tools.simulation.voices import CHARACTERS, PAIRS, SCENES, Held

PAGE = Path(__file__).parents[2] / "docs" / "rating.md"


def write(text: str, page: Path = PAGE) -> None:
    """Write the tables between their marks."""
    marked = re.sub(
        r"(<!-- make simulation: begin -->\n).*?(<!-- make simulation: end -->)",
        lambda found: f"{found[1]}{text}\n{found[2]}",
        page.read_text("utf-8"),
        flags=re.DOTALL,
    )
    page.write_text(marked, "utf-8")


def serving_table(found: Mapping[str, Sequence[Served]]) -> str:
    """Return what each way of serving reaches, and what is known on the way."""
    runs = len(next(iter(found.values())))
    lines = [
        f"{runs} runs of {TURNS} turns, {RATERS} raters of different pace, of whom {PERFORMERS} played the turns, and "
        f"{WANTED} ratings wanted. Raters miss about {NOISE:.0%} of clear turns; a quarter of the turns is unclear. "
        "One answer in a hundred never comes, and one comes late. *Waste* is the share of answers beyond the wanted "
        "number, or refused. *Width* is the mean width per turn of the interval for the share of its most frequent "
        f"label after so many of {BUDGET} answers; *under 3* the share of turns without a consensus by then.",
        "",
        "| turns are given by | reach 5 | most | waste | width at 60 % | under 3 | width at 80 % | under 3 |",
        "| --- | --: | --: | --: | --: | --: | --: | --: |",
    ]
    lines += [_served(name, served) for name, served in found.items()]
    return "\n".join(lines)


def _served(name: str, served: Sequence[Served]) -> str:
    reached, waste = mean(one.reached for one in served), mean(one.waste for one in served)
    cells = [name, f"{reached:.1%}", str(max(one.most for one in served)), f"{waste:.1%}"]
    for place in (0, 1):
        parts = [one.parts[place] for one in served]
        cells += [f"{mean(part.width for part in parts):.3f}", f"{mean(part.too_few for part in parts):.1%}"]
    return f"| {' | '.join(cells)} |"


def alpha_table(found: Mapping[str, Sequence[Served]]) -> str:
    """Return how often the interval of α contains what is known, also while turns have been served unequally."""
    lines = [
        "How often the 95 % interval of α contains the known α, although turns in doubt are given first:",
        "",
        "| turns are given by | known | at 60 % | at 80 % | at the end |",
        "| --- | --: | --: | --: | --: |",
    ]
    for name, served in found.items():
        known = f"{mean(one.parts[-1].known for one in served):.2f}"
        covered = [f"{mean(one.parts[place].is_covered for one in served):.1%}" for place in range(len(PARTS))]
        lines.append(f"| {' | '.join((name, known, *covered))} |")
    return "\n".join(lines)


def checks_words(found: Sequence[Checked], tired: tuple[float, float], before: int, after: int) -> str:
    """Return what hidden checks find."""
    counts, offers = Counter[tuple[bool, bool]](), Counter[bool]()
    for one in found:
        counts += one.counts
        offers += one.offers
    precision = counts[True, True] / max(1, counts[True, True] + counts[False, True])
    recall = counts[True, True] / max(1, counts[True, True] + counts[True, False])
    share = sum(one.checks for one in found) / sum(one.trials for one in found)
    each = sum(one.checks for one in found) / len(found) / RATERS
    return (
        f"With hidden checks in the same evenings ({each:.0f} per rater, {share:.0%} of all trials), {precision:.1%} "
        f"of the raters who are called careless are (precision), and {recall:.1%} of the careless ones, who answer at "
        f"random in 50 to 90 % of the clips, are found (recall); {counts.total()} raters in all. "
        f"{offers[True] / offers.total():.0%} of the attentive ones were offered a break. Of raters who keep 80 % of "
        f"their answers in {before} repeats and then 30 % in {after}, {tired[0]:.0%} are offered one before they tire "
        f"and {tired[1]:.0%} after."
    )


def voices_table(found: Mapping[str, Sequence[Held]]) -> str:
    """Return how often d′ is recovered, and a break found."""
    runs = len(next(iter(found.values())))
    lines = [
        f"The voice test in {runs} runs a row: {CHARACTERS} characters, of whom one breaks between two of {SCENES} "
        f"scenes, {PAIRS} pairs each of one character and of two, {RATERS} raters of different criteria. The known d′ "
        "is that of endlessly many trials of all raters together.",
        "",
        "| across the break | d′ in its interval | break found | within one scene | wrong alarms |",
        "| --- | --: | --: | --: | --: |",
    ]
    lines += [_held(name, held) for name, held in found.items()]
    return "\n".join(lines)


def _held(name: str, held: Sequence[Held]) -> str:
    others = len(held) * (CHARACTERS - 1)
    inside, alarms = sum(one.inside for one in held) / others, sum(one.is_alarmed for one in held) / others
    is_found, is_placed = mean(one.is_found for one in held), mean(one.is_placed for one in held)
    return f"| {name} | {inside:.1%} | {is_found:.1%} | {is_placed:.1%} | {alarms:.1%} |"
