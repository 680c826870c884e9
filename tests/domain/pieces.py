"""What several tests of casting use."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.ids import PersonId


def persons(numbers: Iterable[int]) -> list[PersonId]:
    """The people with these numbers."""
    return [PersonId(number) for number in numbers]
