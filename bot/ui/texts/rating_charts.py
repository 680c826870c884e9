"""Pictures of how the rating of a session stands: what is drawn, and what a screen reader says instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.charts.charts import Bar, Bars, Chart, Grid, Range, Ranges
from bot.services.rating.agreement import Agreement, Confusion
from bot.services.rating.status import Status
from bot.ui.texts.language import say, say_count
from bot.ui.texts.rating_progress import progress_text, steps_of
from bot.ui.texts.rating_status import (
    alpha_text,
    counted_text,
    label_of,
    place_of,
)
from bot.ui.texts.words import scale_name, shortened

MOST_COLUMNS = 9
MOST_ROWS = 14
"""More would be too small for a phone. The text beside the picture has all."""

LONGEST_DESCRIPTION = 1024
"""What Discord takes as the description of a file."""


@dataclass(frozen=True, slots=True)
class Described:
    """A chart, the name of its file, and its description."""

    chart: Chart
    filename: str
    description: str


def status_charts(status: Status) -> list[Described]:
    """The pictures of a status: progress, agreement, and what was heard where what was dealt, as far as it is shown."""
    return [
        Described(chart, filename, shortened(description, LONGEST_DESCRIPTION))
        for chart, filename, description in _charts(status)
    ]


def _charts(status: Status) -> Iterator[tuple[Chart, str, str]]:
    if status.waiting.rated:
        yield _progress(status), "progress.png", say("Bars: {text}", text=progress_text(status.waiting))
    if any(one.everyone.answers for one in status.figures.agreement):
        told = "; ".join(alpha_text(one) for one in status.figures.agreement)
        yield _agreement(status), "agreement.png", say("Agreement with its intervals: {text}.", text=told)
    if found := status.figures.confusion:
        described = say_count(
            "A table of {number} answer: a row for what was dealt, a column for what was heard. The message has all of "
            "its numbers.",
            "A table of {number} answers: rows for what was dealt, columns for what was heard. The message has all of "
            "its numbers.",
            found.rate.answers,
        )
        yield _confusion(status, found), "dealt-and-heard.png", described


def _progress(status: Status) -> Bars:
    clips = sum(status.waiting.rated.values())
    bars = [Bar(label, number, f"{100 * number / clips:.0f} %") for label, number in steps_of(status.waiting)]
    return Bars(say("Clips by number of ratings"), tuple(bars))


def _agreement(status: Status) -> Ranges:
    # Pillow's own font has no Greek letters.
    title = say("Agreement (alpha), 95 % intervals")
    return Ranges(title, tuple(_range(one) for one in status.figures.agreement), say("undefined"))


def _range(found: Agreement) -> Range:
    alpha = found.everyone
    if alpha.alpha is None:
        # The reason is a sentence, which does not fit here; the text has it.
        return Range(scale_name(found.item), None, None, None, "")
    low, high = (alpha.interval.low, alpha.interval.high) if alpha.interval else (None, None)
    counted = counted_text(alpha)
    if alpha.interval is None:
        counted = say("{counted}; no interval", counted=counted)
    return Range(scale_name(found.item), alpha.alpha, low, high, counted)


def _confusion(status: Status, found: Confusion) -> Grid:
    answers_to, answers_with = Counter[str](), Counter[str]()
    for (target, perceived), times in found.counts.items():
        answers_to[target] += times
        answers_with[perceived] += times
    rows = sorted(_most(answers_to, MOST_ROWS), key=lambda one: place_of(status, one))
    is_whole = len(answers_with) <= MOST_COLUMNS
    named = _most(answers_with, MOST_COLUMNS if is_whole else MOST_COLUMNS - 1)
    columns = sorted(named, key=lambda one: place_of(status, one))
    counts = [[found.counts.get((row, column), 0) for column in columns] for row in rows]
    labels = [label_of(status, column) for column in columns]
    if not is_whole:
        labels.append(say("all others"))
        counts = [[*of_row, answers_to[row] - sum(of_row)] for row, of_row in zip(rows, counts, strict=True)]
    return Grid(
        say("Dealt and heard: answers"),
        say("columns: heard"),
        say("rows: dealt"),
        tuple(label_of(status, row) for row in rows),
        tuple(labels),
        tuple(tuple(of_row) for of_row in counts),
        tuple(columns.index(row) if row in columns else None for row in rows),
    )


def _most(counts: Counter[str], number: int) -> list[str]:
    return [key for key, _ in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:number]]
