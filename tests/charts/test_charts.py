"""Charts as a phone shows them: their size, what is where, and words that no font can write."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.charts.canvas import FIGURES, STRONG, WIDTH, WORDS
from bot.charts.charts import Bar, Bars, Chart, Grid, Range, Ranges
from bot.charts.drawing import draw
from bot.charts.fonts import font_with

BARS = Bars("Clips", (Bar("0 ratings", 1), Bar("1 rating", 4, "80 %")))
RANGES = Ranges("Agreement", (Range("emotion", 0.4, 0.2, 0.6, ""), Range("valence", None, None, None, "")), "undefined")
GRID = Grid("Heard", "columns", "rows", ("Joy", "Fear"), ("Joy", "Fear"), ((9, 1), (0, 5)), (0, 1))


def picture(chart: Chart) -> Image.Image:
    png = draw(chart)
    assert png is not None
    return Image.open(io.BytesIO(png)).convert("RGB")


def colored(image: Image.Image, color: tuple[int, int, int]) -> list[tuple[int, int]]:
    """Where a picture has about this color: quantizing moves it a little."""
    pixels = image.load()
    assert pixels is not None
    return [
        (x, y)
        for y in range(image.height)
        for x in range(image.width)
        if sum(abs(a - b) for a, b in zip(pixels[x, y], color, strict=True)) < 12  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize("chart", [BARS, RANGES, GRID], ids=["bars", "ranges", "grid"])
def test_a_chart_is_as_wide_as_a_phone_and_can_be_read_on_its_own_background(chart: Chart):
    image = picture(chart)
    assert image.width == WIDTH
    assert image.height < 2 * WIDTH
    assert colored(image, WORDS), "words are bright"
    assert sum(image.getpixel((0, 0))) < 150, "the background is dark, and not left to the chat"  # type: ignore[arg-type]


def test_a_bar_is_as_long_as_its_number():
    found = colored(picture(BARS), FIGURES)
    rows = sorted({y for _, y in found})
    first, last = rows[len(rows) // 4], rows[-len(rows) // 4]
    lengths = [sum(y == row for _, y in found) for row in (first, last)]
    assert lengths[1] == pytest.approx(4 * lengths[0], rel=0.1)


def test_a_value_lies_in_the_middle_of_its_interval():
    image = picture(RANGES)
    interval, value = colored(image, FIGURES), colored(image, STRONG)
    left, right = min(x for x, _ in interval), max(x for x, _ in interval)
    across = sum(x for x, _ in value) / len(value)
    assert across == pytest.approx((left + right) / 2, abs=4)


def test_words_without_a_font_are_not_drawn_as_boxes():
    assert font_with("Clips 0.42") == ""
    assert font_with("\U0010fffd") is None
    assert draw(Bars("\U0010fffd", (Bar("0", 1),))) is None
