"""The report of a trial: answers for people, then everything that was seen, as Markdown without names."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Sequence
from importlib import metadata

from bot.trial.observations import Observation
from bot.trial.steps import Answer

_VERSIONS = ("promptbook", "discord.py", "davey")

NOT_TRIED = "not tried: nobody did what was asked, or not in time"


def report_of(answers: Sequence[Answer], seen: Iterable[Observation]) -> str:
    """Return the report as Markdown. The same observations give the same report."""
    lines = [
        "# What Discord did",
        "",
        ", ".join([f"Python {platform.python_version()}", *(f"{name} {metadata.version(name)}" for name in _VERSIONS)]),
        "",
        "| question | seen |",
        "|---|---|",
        *(f"| {answer.question} | {answer.found or NOT_TRIED} |" for answer in answers),
        "",
        "## Everything that was seen",
        "",
        "| seconds | where | what | said |",
        "|--:|---|---|---|",
        *(f"| {one.at_seconds:.3f} | {one.where} | {one.what} | {_said(one)} |" for one in seen),
    ]
    return "\n".join(lines) + "\n"


def _said(one: Observation) -> str:
    return ", ".join(f"{name}: {json.dumps(value)}" for name, value in one.detail.items())
