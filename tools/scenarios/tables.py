"""Both tables as Markdown, and their section of docs/benchmarks.md."""

from __future__ import annotations

import datetime
import importlib.metadata
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.scenarios.library import SCENARIOS
from tools.scenarios.rules import RULES
from tools.scenarios.truth import Verdict

PAGE = Path(__file__).parent.parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- make scenarios: begin -->", "<!-- make scenarios: end -->"

METHOD = """\
Written by `make scenarios`. The cast (libdave) and the voice server run in a process of their own; the bot's side is
discord.py's voice client with `CaptureClient` (davey); sound goes over loopback UDP in real time. What should be in a
track is known from journals: the cast notes every frame it sends with the MLS transition whose key it used, the server
notes whom each transition reached and every packet it dropped on purpose. *Due* frames are those with sound that were
not dropped and were sent in the clear or under a key that the bot had been given, while it was in the channel; each
must be in its speaker's track, byte for byte, once and in order.
"""


@dataclass(frozen=True)
class Run:
    """The result of one scenario, with all rules (`rule` None) or without one. `failure` is an exception's text."""

    scenario: str
    rule: str | None
    verdict: Verdict | None
    failure: str | None = None

    @property
    def passed(self) -> bool:
        return self.verdict is not None and self.verdict.passed

    @property
    def outcome(self) -> str:
        """What is wrong, in words; empty if nothing is."""
        if self.verdict is None:
            return self.failure or "it did not end"
        return "; ".join(self.verdict.problems)

    @property
    def is_as_wanted(self) -> bool:
        """With all rules: nothing is wrong. Without one: something is wrong, and it was counted."""
        return self.passed if self.rule is None else self.verdict is not None and not self.passed


def scenario_table(runs: Iterable[Run]) -> str:
    head = [
        "Scenario",
        "on the air",
        "dropped",
        "without key",
        "due",
        "**missing**",
        "wrong person",
        "twice or out of order",
        "worst spurt off by",
    ]
    return _table(head, [_scenario_row(run) for run in runs])


def rule_table(runs: Iterable[Run]) -> str:
    rows = [
        [RULES[run.rule].title, SCENARIOS[run.scenario].title, run.outcome or "**nothing**"]
        for run in runs
        if run.rule is not None
    ]
    return _table(["Rule removed", "Scenario that fails", "The fault"], rows)


def section(runs: Sequence[Run]) -> str:
    """Return the whole section between its marks."""
    whole = [run for run in runs if run.rule is None]
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("discord.py", "davey", "dave-py"))
    return "\n".join(
        [
            BEGIN,
            "## Scenarios",
            "",
            METHOD,
            f"{today}, Python {platform.python_version()}, {versions}.",
            "",
            scenario_table(whole),
            "",
            "### Each rule removed",
            "",
            "The same scenarios, each in a process in which one rule of receiving is removed.",
            "",
            rule_table(runs),
            END,
        ]
    )


def write(runs: Sequence[Run], page: Path = PAGE) -> None:
    """Write the section into the page, in place of the previous one."""
    text = page.read_text(encoding="utf-8") if page.exists() else "# Benchmarks\n"
    if BEGIN in text:
        before, rest = text.split(BEGIN, 1)
        after = rest.split(END, 1)[1]
    else:
        before, after = text.rstrip("\n") + "\n\n", "\n"
    page.parent.mkdir(exist_ok=True)
    page.write_text(before + section(runs) + after, encoding="utf-8")


def _scenario_row(run: Run) -> list[str]:
    title, verdict = SCENARIOS[run.scenario].title, run.verdict
    if verdict is None:
        return [title, run.outcome, *[""] * 7]
    counts = (verdict.on_air, verdict.dropped, verdict.keyless, verdict.due, verdict.missing, verdict.under_another)
    return [
        title,
        *map(str, counts),
        str(verdict.twice + verdict.out_of_order),
        f"{verdict.misplaced_ms:.0f} ms",
    ]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---", *["--:" if len(head) > 3 else "---"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *rows))
