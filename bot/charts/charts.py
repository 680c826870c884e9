"""What a chart shows: plain values, and words in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One number with its label. A `hint` is drawn beside the number, less brightly."""

    label: str
    number: int
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Numbers side by side."""

    title: str
    bars: tuple[Bar, ...]

    @property
    def words(self) -> str:
        """Everything that is written in it."""
        return "".join([self.title, *(f"{bar.label}{bar.number}{bar.hint}" for bar in self.bars)])


@dataclass(frozen=True, slots=True)
class Range:
    """A value with the ends of its interval, as far as there are any. `hint` is written under the label."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    hint: str

    @property
    def numbers(self) -> list[float]:
        """The numbers that there are."""
        return [one for one in (self.value, self.low, self.high) if one is not None]


@dataclass(frozen=True, slots=True)
class Ranges:
    """Values and their intervals on one axis, which has 0 and 1 on it. `undefined` stands for a value that is None."""

    title: str
    ranges: tuple[Range, ...]
    undefined: str

    @property
    def words(self) -> str:
        """Everything that is written in it."""
        return "".join([self.title, self.undefined, *(f"{one.label}{one.hint}" for one in self.ranges)])


@dataclass(frozen=True, slots=True)
class Grid:
    """Counts by row and column. `same` has, for each row, the number of the column with the same meaning, or None.

    `across` and `down` say what columns and rows are.
    """

    title: str
    across: str
    down: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    same: tuple[int | None, ...]

    @property
    def words(self) -> str:
        """Everything that is written in it."""
        return "".join([self.title, self.across, self.down, *self.rows, *self.columns])


Chart = Bars | Ranges | Grid
