"""The figures of many troupes as tables, and their place in docs/casting.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from bot.domain.families import Relation
from tools.casting import measures
from tools.casting.evenings import Dealt, Record
from tools.casting.troupes import Troupe

PAGE = Path(__file__).parents[2] / "docs" / "casting.md"
SMALL = 6
"""Brute force can decide nearly all troupes up to this size."""

Measure = Callable[[Troupe, Record], float]

SPANS: tuple[tuple[str, Measure], ...] = (
    ("one performer's emotions", measures.emotion_span),
    ("one performer's intensities", measures.intensity_span),
    ("scenes on stage, of people who were always present", measures.stage_span),
    ("partner pairs that were present for the same scenes", measures.pair_span),
    ("uses of prompts", measures.prompt_span),
    ("relations of partners' emotions", measures.relation_span),
    ("from even: emotion and pull", measures.pull_distance),
)
TIMES: tuple[tuple[str, Measure], ...] = (
    ("the target of the performer's previous scene, though another was due", measures.emotions_again),
    ("a prompt the performer had played before", measures.known_prompts),
)


@dataclass(frozen=True, slots=True)
class Run:
    """One troupe, dealt by the design, by the design a second time, and at random.

    `hindsight` says whether the pairs of its first session could have ended within one; None is undecided.
    """

    troupe: Troupe
    designed: Record
    is_same_again: bool
    drawn: Record
    hindsight: bool | None

    @property
    def first_session(self) -> list[Dealt]:
        """Its scenes, as designed."""
        return [scene for scene in self.designed.scenes if scene.session == 0]


def tables(runs: Sequence[Run]) -> str:
    """Return all results of these troupes."""
    tables = [_summary(runs), _span_table(runs), _times_table(runs), _relation_table(runs), _hindsight(runs)]
    return "\n\n".join(tables)


def write(text: str, page: Path = PAGE) -> None:
    """Write the tables between their marks."""
    marked = re.sub(
        r"(<!-- make casting: begin -->\n).*?(<!-- make casting: end -->)",
        lambda found: f"{found[1]}{text}\n{found[2]}",
        page.read_text("utf-8"),
        flags=re.DOTALL,
    )
    page.write_text(marked, "utf-8")


def _summary(runs: Sequence[Run]) -> str:
    troupes = [run.troupe for run in runs]
    sessions = sum(len(one.sessions) for one in troupes)
    scenes = [scene for run in runs for scene in run.designed.scenes]
    shares = [
        f"{sum(map(has, troupes)) / len(troupes):.0%} {what}"
        for what, has in (
            ("with lines", lambda one: bool(one.lines)),
            ("with vetoes", lambda one: bool(one.vetoes)),
            ("with an opt-in that someone lacks", lambda one: any(one.closed.values())),
            ("with latecomers", lambda one: one.has_latecomer),
            ("with people who leave", lambda one: one.has_leaver),
        )
    ]
    crossed = sum(measures.crossed_lines(run.troupe, run.designed) for run in runs)
    limits = Counter[str]()
    for run in runs:
        limits.update(measures.crossed_limits(run.troupe, run.designed))
    same = all(run.is_same_again for run in runs)
    return (
        f"{len(runs)} troupes of 2 to 12 ({', '.join(shares)}), {sessions} sessions of 4 to 20 scenes, {len(scenes)} "
        f"scenes dealt. Scenes that crossed a line: {crossed}. "
        f"Emotions dealt against a veto: {limits['veto']}; without an "
        f"opt-in: {limits['opt-in']}; against a prompt's `not_emotions`: {limits['not_emotions']}. "
        f"The same seeds and history dealt the same scenes: "
        f"{'yes' if same else 'NO'}. The slowest deal took {max(one.seconds for one in scenes) * 1000:.0f} ms."
    )


def _span_table(runs: Sequence[Run]) -> str:
    lines = [
        "| largest difference between two counts | design: within one | mean | most "
        "| random: within one | mean | most |",
        "| --- | --: | --: | --: | --: | --: | --: |",
    ]
    for name, measure in SPANS:
        cells: list[str] = []
        for records in ([run.designed for run in runs], [run.drawn for run in runs]):
            found = [measure(run.troupe, record) for run, record in zip(runs, records, strict=True)]
            cells += [f"{mean(one <= 1 for one in found):.1%}", f"{mean(found):.2f}", f"{max(found):.3g}"]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _times_table(runs: Sequence[Run]) -> str:
    lines = ["| castings with | design | random |", "| --- | --: | --: |"]
    parts = [sum(1 for run in runs for _ in record(run).parts()) for record in (_designed, _drawn)]
    for name, measure in TIMES:
        found = [sum(measure(run.troupe, record(run)) for run in runs) for record in (_designed, _drawn)]
        shares = [f"{times / of:.1%}" for times, of in zip(found, parts, strict=True)]
        lines.append(f"| {name} | {' | '.join(shares)} |")
    guesses = [
        [sum(measures.guessed_from_pull(run.troupe, record(run))[guess] for run in runs) for guess in (0, 1)]
        for record in (_designed, _drawn)
    ]
    names = "an emotion that a guess by the situation's pull finds", "an emotion that a blind guess finds"
    for guess, name in enumerate(names):
        shares = [f"{found[guess] / of:.1%}" for found, of in zip(guesses, parts, strict=True)]
        lines.append(f"| {name} | {' | '.join(shares)} |")
    return "\n".join(lines)


def _relation_table(runs: Sequence[Run]) -> str:
    """Return what the emotions of casts with at least so many to choose from were like; few leave no choice."""
    lines = [
        "| casts can always be dealt at least | troupes | same | opposite | unrelated | relations within one | random "
        "| pull within one | random |",
        "| --- | --: | --: | --: | --: | --: | --: | --: | --: |",
    ]
    fewest = [
        min((len(measures.allowed_in(run.troupe, scene)) for scene in run.designed.scenes), default=0) for run in runs
    ]
    for least in (1, 4, 6, 8):
        those = [run for run, there in zip(runs, fewest, strict=True) if there >= least]
        if those:
            lines.append(f"| {least} emotions | {len(those)} | {' | '.join(_relation_cells(those))} |")
    return "\n".join(lines)


def _relation_cells(runs: Sequence[Run]) -> list[str]:
    counts = Counter[Relation]()
    for run in runs:
        counts.update(measures.relations_of(run.troupe, run.designed))
    shares = [f"{counts[one] / max(counts.total(), 1):.1%}" for one in Relation]
    even = [
        f"{mean(measure(run.troupe, record(run)) <= 1 for run in runs):.1%}"
        for measure in (measures.relation_span, measures.pull_distance)
        for record in (_designed, _drawn)
    ]
    return shares + even


def _hindsight(runs: Sequence[Run]) -> str:
    """Return a table of first sessions: what was possible with knowledge of who comes and goes, and the result."""
    found = Counter(
        (len(run.troupe.people) <= SMALL, run.hindsight, measures.span_within_kinds(run.first_session) <= 1)
        for run in runs
        if run.first_session
    )
    lines = [
        "| first sessions of | pairs could have ended within one | did | could not | undecided | of these within one |",
        "| --- | --: | --: | --: | --: | --: |",
    ]
    for is_small, name in ((True, f"troupes of up to {SMALL}"), (False, "larger troupes")):
        cells = [
            found[is_small, True, True] + found[is_small, True, False],
            found[is_small, True, True],
            found[is_small, False, True] + found[is_small, False, False],
            found[is_small, None, True] + found[is_small, None, False],
            found[is_small, None, True],
        ]
        lines.append(f"| {name} | {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def _designed(run: Run) -> Record:
    return run.designed


def _drawn(run: Run) -> Record:
    return run.drawn
