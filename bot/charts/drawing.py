"""Draws charts: a PNG for each, or None for one with words that no font of this machine can write."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor
from typing import Final

from bot.charts.canvas import (
    BACKGROUND,
    FIGURES,
    HINTS,
    LINES,
    MARGIN,
    PANE,
    SMALL,
    STRONG,
    TEXT,
    TOP,
    WIDTH,
    WORDS,
    Canvas,
    between,
)
from bot.charts.charts import Bars, Chart, Grid, Range, Ranges
from bot.charts.fonts import font_with

_WRITTEN_ANYWAY: Final = "0123456789.-"
"""What is written in every chart beside its words."""

_BAR, _RANGE, _CELL, _LABELS, _HEADS = 62, 104, 54, 210, 190
"""Heights of a bar, a range and a cell, and the room for labels left of cells and above them."""

_BAR_LABELS: Final = 320
"""The most room for labels left of bars."""


_Place = Callable[[float], float]
"""Says where on the axis a number is."""


def draw(chart: Chart) -> bytes | None:
    """Draw a chart. It blocks for some hundredths of a second."""
    font_name = font_with(chart.words + _WRITTEN_ANYWAY)
    if font_name is None:
        return None
    match chart:
        case Bars():
            return _bars(chart, font_name)
        case Ranges():
            return _ranges(chart, font_name)
        case Grid():
            return _grid(chart, font_name)


def _bars(chart: Bars, font_name: str) -> bytes:
    canvas = Canvas.begin(chart.title, TOP + _BAR * len(chart.bars) + MARGIN, font_name)
    widest = max((canvas.font(TEXT).getlength(bar.label) for bar in chart.bars), default=0)
    left, right = MARGIN + 16 + min(ceil(widest), _BAR_LABELS), WIDTH - MARGIN - 150
    most = max((bar.number for bar in chart.bars), default=0) or 1
    for place, bar in enumerate(chart.bars):
        top = TOP + place * _BAR
        middle, end = top + _BAR // 2, left + (right - left) * bar.number / most
        canvas.write((MARGIN, middle), bar.label, TEXT, left - MARGIN - 16, anchor="lm")
        canvas.draw.rounded_rectangle((left, top + 10, right, top + _BAR - 10), 6, PANE)
        if bar.number:
            canvas.draw.rounded_rectangle((left, top + 10, max(end, left + 6), top + _BAR - 10), 6, FIGURES)
        number = str(bar.number)
        canvas.write((right + 16, middle), number, TEXT, 134, anchor="lm")
        beside = right + 28 + canvas.font(TEXT).getlength(number)
        canvas.write((beside, middle), bar.hint, SMALL, WIDTH - MARGIN / 2 - beside, HINTS, "lm")
    return canvas.png()


def _ranges(chart: Ranges, font_name: str) -> bytes:
    bottom = TOP + _RANGE * len(chart.ranges)
    canvas = Canvas.begin(chart.title, bottom + 40 + MARGIN, font_name)
    # Agreement can be less than that of chance: the axis begins at the fifth below the least number.
    first = floor(min([0.0, *(number for one in chart.ranges for number in one.numbers)]) * 5) / 5
    left, right = MARGIN + 16, WIDTH - MARGIN - 110

    def place(number: float) -> float:
        return left + (right - left) * (number - first) / (1 - first)

    for fifth in range(round(first * 5), 6):
        across, color = place(fifth / 5), WORDS if fifth == 0 else LINES
        canvas.draw.line((across, TOP, across, bottom), color, 2)
        canvas.write((across, bottom + 12), f"{fifth / 5:.1f}", SMALL, 80, HINTS, "ma")
    for number, one in enumerate(chart.ranges):
        _range(canvas, one, place, TOP + number * _RANGE, chart.undefined)
    return canvas.png()


def _range(canvas: Canvas, one: Range, place: _Place, top: int, undefined: str) -> None:
    room = WIDTH - 2 * MARGIN - 110
    label = canvas.fitting(one.label, TEXT, room)
    _plate(canvas, top + 4, label, TEXT)
    canvas.write((MARGIN + 16, top + 4), label, TEXT, room)
    if one.hint:
        beside = MARGIN + 32 + canvas.font(TEXT).getlength(label)
        hint = canvas.fitting(one.hint, SMALL, WIDTH - MARGIN - 110 - beside)
        canvas.draw.rectangle(
            (beside - 6, top + 2, beside + canvas.font(SMALL).getlength(hint) + 6, top + 36), BACKGROUND
        )
        canvas.write((beside, top + 7), hint, SMALL, room, HINTS)
    middle = top + 68
    if one.value is None:
        _plate(canvas, middle - 14, undefined, SMALL)
        canvas.write((MARGIN + 16, middle), undefined, SMALL, room, HINTS, "lm")
        return
    if one.low is not None and one.high is not None:
        canvas.draw.line((place(one.low), middle, place(one.high), middle), FIGURES, 8)
        for end in (one.low, one.high):
            canvas.draw.line((place(end), middle - 14, place(end), middle + 14), FIGURES, 4)
    across = place(one.value)
    canvas.draw.ellipse((across - 11, middle - 11, across + 11, middle + 11), STRONG)
    canvas.write((WIDTH - MARGIN, middle), f"{one.value:.2f}", TEXT, 100, anchor="rm")


def _plate(canvas: Canvas, top: int, words: str, size: int) -> None:
    """Clear the lines of the axis behind words."""
    right = MARGIN + 22 + canvas.font(size).getlength(words)
    canvas.draw.rectangle((MARGIN + 10, top - 2, right, top + size + 6), BACKGROUND)


def _grid(chart: Grid, font_name: str) -> bytes:
    wide = min((WIDTH - 2 * MARGIN - _LABELS) // max(len(chart.columns), 1), 110)
    top = TOP + _HEADS + 16
    canvas = Canvas.begin(chart.title, top + _CELL * len(chart.rows) + MARGIN, font_name)
    left = MARGIN + _LABELS
    canvas.write((MARGIN, TOP + 4), chart.across, SMALL, _LABELS - 12, HINTS)
    canvas.write((MARGIN, top - 12), chart.down, SMALL, _LABELS - 12, HINTS, "ld")
    for number, column in enumerate(chart.columns):
        canvas.write_upwards((left + number * wide + wide // 2, top - 8), column, SMALL, _HEADS - 8)
    for number, row in enumerate(chart.rows):
        above = top + number * _CELL
        canvas.write((MARGIN, above + _CELL // 2), row, TEXT, _LABELS - 12, anchor="lm")
        _row(canvas, chart, number, (left, above), wide)
    return canvas.png()


def _row(canvas: Canvas, chart: Grid, number: int, corner: tuple[int, int], wide: int) -> None:
    counts = chart.counts[number]
    total = sum(counts) or 1
    for column, count in enumerate(counts):
        left, top = corner[0] + column * wide, corner[1]
        cell = (left + 2, top + 2, left + wide - 2, top + _CELL - 2)
        outline = STRONG if chart.same[number] == column else None
        canvas.draw.rectangle(cell, between(PANE, (40, 104, 190), count / total), outline, 4)
        if count:
            canvas.write((left + wide / 2, top + _CELL / 2), str(count), SMALL, wide, anchor="mm")
