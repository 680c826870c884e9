"""A picture that is being drawn. Sizes are in pixels of a screen with two pixels per point, as phones have them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from bot.charts.fonts import Font, load_font

WIDTH: Final = 760
"""380 points: a phone shows it without making it smaller."""

MARGIN: Final = 28
BACKGROUND: Final = (30, 31, 34)
PANE: Final = (49, 51, 56)
WORDS: Final = (242, 243, 245)
HINTS: Final = (190, 194, 201)
LINES: Final = (98, 101, 109)
FIGURES: Final = (88, 157, 246)
STRONG: Final = (255, 184, 77)
"""The background is opaque, so that the picture is the same in a light and a dark chat."""

TITLE: Final = 32
TEXT: Final = 26
SMALL: Final = 22

Color = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Canvas:
    """A picture with a title, and one font for everything."""

    image: Image.Image
    draw: ImageDraw.ImageDraw
    font_name: str

    @classmethod
    def begin(cls, title: str, height: int, font_name: str) -> Canvas:
        """Begin a picture. The space below TOP is free."""
        image = Image.new("RGB", (WIDTH, height), BACKGROUND)
        canvas = cls(image, ImageDraw.Draw(image), font_name)
        canvas.write((MARGIN, MARGIN), title, TITLE, WIDTH - 2 * MARGIN)
        return canvas

    def font(self, size: int) -> Font:
        """The font at a size."""
        font = load_font(self.font_name, size)
        assert font is not None, "a font that could write the words is there"
        return font

    def write(
        self, at: tuple[float, float], words: str, size: int, room: float, color: Color = WORDS, anchor: str = "la"
    ) -> None:
        """Write words from a point, shortened to the room that there is."""
        self.draw.text(at, self.fitting(words, size, room), color, self.font(size), anchor)

    def write_upwards(self, at: tuple[int, int], words: str, size: int, room: int, color: Color = WORDS) -> None:
        """Write words that run upwards from a point, which is the middle of their beginning."""
        font = self.font(size)
        fitting = self.fitting(words, size, room)
        height = sum(font.getmetrics())
        strip = Image.new("L", (max(round(font.getlength(fitting)), 1), height))
        ImageDraw.Draw(strip).text((0, 0), fitting, 255, font)
        turned = strip.rotate(90, expand=True)
        self.image.paste(color, (at[0] - turned.width // 2, at[1] - turned.height), turned)

    def fitting(self, words: str, size: int, room: float) -> str:
        """Return as many of these words as there is room for."""
        font = self.font(size)
        if font.getlength(words) <= room:
            return words
        kept = words
        while kept and font.getlength(f"{kept}...") > room:
            kept = kept[:-1]
        return f"{kept.rstrip()}..."

    def png(self) -> bytes:
        """Return the picture as a file."""
        written = io.BytesIO()
        self.image.quantize(128).save(written, "PNG", optimize=True)
        return written.getvalue()


TOP: Final = MARGIN + TITLE + 28
"""Where the drawing below the title begins."""


def between(low: Color, high: Color, share: float) -> Color:
    """Return the color that lies between two, at a share of the way."""
    first, second, third = (round(a + (b - a) * share) for a, b in zip(low, high, strict=True))
    return first, second, third
