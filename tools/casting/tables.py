"""The figures of many troupes as tables, and their place in docs/casting.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from tools.casting import measures
from tools.casting.evenings import Dealt, Record
from tools.casting.troupes import Troupe

PAGE = Path(__file__).parents[2] / "docs" / "casting.md"
SMALL = 6
"""Brute force can decide nearly all troupes up to this size."""

Measure = Callable[[Troupe, Record], int]

SPANS: tuple[tuple[str, Measure], ...] = (
    ("one performer's emotions", measures.emotion_span),
    ("one performer's intensities", measures.intensity_span),
    ("scenes on stage, of people who were always present", measures.stage_span),
    ("partner pairs that were present for the same scenes", measures.pair_span),
    ("uses of prompts", measures.prompt_span),
)
TIMES: tuple[tuple[str, Measure], ...] = (
    ("the target of another performer on stage, with enough emotions", measures.shared_emotions),
    ("the target of the performer's previous scene", measures.emotions_again),
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
    return "\n\n".join([_summary(runs), _span_table(runs), _times_table(runs), _hindsight(runs)])


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
            ("with latecomers", lambda one: one.has_latecomer),
            ("with people who leave", lambda one: one.has_leaver),
        )
    ]
    crossed = sum(measures.crossed_lines(run.troupe, run.designed) for run in runs)
    same = all(run.is_same_again for run in runs)
    return (
        f"{len(runs)} troupes of 2 to 12 ({', '.join(shares)}), {sessions} sessions of 4 to 20 scenes, {len(scenes)} "
        f"scenes dealt. Scenes that crossed a line: {crossed}. The same seeds and history dealt the same scenes: "
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
            cells += [f"{mean(one <= 1 for one in found):.1%}", f"{mean(found):.2f}", str(max(found))]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _times_table(runs: Sequence[Run]) -> str:
    lines = ["| castings with | design | random |", "| --- | --: | --: |"]
    parts = [sum(1 for run in runs for _ in record(run).parts()) for record in (_designed, _drawn)]
    for name, measure in TIMES:
        found = [sum(measure(run.troupe, record(run)) for run in runs) for record in (_designed, _drawn)]
        shares = [f"{times / of:.1%}" for times, of in zip(found, parts, strict=True)]
        lines.append(f"| {name} | {' | '.join(shares)} |")
    return "\n".join(lines)


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
