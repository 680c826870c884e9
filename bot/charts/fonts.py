"""The font of charts: Pillow's own, or one of this machine for words that it cannot write."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont

OF_MACHINES: Final = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "Arial.ttf")
"""Fonts with many alphabets that machines often have; Pillow looks for them in the system's folders."""

_NO_LETTER: Final = "\uffff"
"""No font has a shape for this one: what is drawn in its place stands for every letter that is missing."""


def font_with(words: str) -> str | None:
    """Return the name of a font that can write these words, '' for Pillow's own; None if this machine has none."""
    letters = {letter for letter in words if not letter.isspace()}
    return next((name for name in ("", *OF_MACHINES) if _writes(name, letters)), None)


@lru_cache(maxsize=32)
def load_font(name: str, size: int) -> Font | None:
    """Return a font by its name, '' for Pillow's own, at a height in pixels; None if this machine does not have it."""
    try:
        found = ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
    except OSError:
        return None
    # Without FreeType, Pillow's own is a font of bitmaps in one size.
    return found if isinstance(found, Font) else None


def _writes(name: str, letters: Iterable[str]) -> bool:
    font = load_font(name, 24)
    if font is None:
        return False
    missing = _shape(font, _NO_LETTER)
    return all(_shape(font, letter) != missing for letter in letters)


def _shape(font: Font, letter: str) -> bytes:
    image = Image.new("L", (64, 64))
    ImageDraw.Draw(image).text((8, 8), letter, 255, font)
    return image.tobytes()
