"""`promptbook listening`: the result of a listening test of the characters."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.console import ExitCode, JsonOption, fail
from bot.domain.listening import Discrimination, Trial, discriminations

_COLUMNS = ("character_1", "character_2", "answer")
_ANSWERS = {"same": False, "different": True}


def listening(
    answers: Annotated[
        Path,
        typer.Argument(help="A CSV file with the columns character_1, character_2 and answer (same or different)."),
    ],
    as_json: JsonOption = False,
) -> None:
    """Show how well listeners tell the characters apart: hits, false alarms, d' and its 95 % interval for each pair.

    Each row is one listener's answer about two clips. The protocol is in docs/holding-a-voice.md.
    """
    found = discriminations(_trials(answers))
    typer.echo(json.dumps({"pairs": [_fields(one) for one in found]})) if as_json else _print(found)


def _trials(file: Path) -> list[Trial]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            if missing := [name for name in _COLUMNS if name not in (rows.fieldnames or ())]:
                fail(ExitCode.FAILED, f"{file} has no column {missing[0]}. The columns are {', '.join(_COLUMNS)}.")
            trials = [_trial(file, rows.line_num, row) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        fail(ExitCode.FAILED, f"{file} cannot be read as CSV in UTF-8: {error}.")
    if not {True, False} <= {trial.one == trial.other for trial in trials}:
        fail(
            ExitCode.FAILED, f"{file} needs answers about one character and about two, or there is nothing to compare."
        )
    return trials


def _trial(file: Path, line: int, row: dict[str, str]) -> Trial:
    one, other, answer = ((row[name] or "").strip() for name in _COLUMNS)
    if answer not in _ANSWERS or not one or not other:
        fail(ExitCode.FAILED, f"{file}, line {line}: name two characters, and answer with 'same' or 'different'.")
    return Trial(one, other, _ANSWERS[answer])


def _fields(one: Discrimination) -> dict[str, Any]:
    low, high = one.interval
    return {
        "characters": one.names,
        "hits": one.hits.times,
        "of_different": one.hits.trials,
        "false_alarms": one.false_alarms.times,
        "of_same": one.false_alarms.trials,
        "d_prime": round(one.d_prime, 3),
        "d_prime_low": round(low, 3),
        "d_prime_high": round(high, 3),
    }


def _print(found: list[Discrimination]) -> None:
    table = Table("characters", "hits", "false alarms", "d'", "95 % interval")
    for number, one in enumerate(found, 1):
        low, high = one.interval
        names = "all of them" if number == len(found) else " / ".join(one.names)
        rates = [f"{rate.times} of {rate.trials} ({rate.share or 0:.0%})" for rate in (one.hits, one.false_alarms)]
        table.add_row(names, *rates, f"{one.d_prime:.2f}", f"{low:.2f} to {high:.2f}")
    Console().print(table)
