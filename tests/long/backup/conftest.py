"""A bot with something to back up, on a paper stage."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.evening import Evening, an_evening


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncGenerator[Evening]:
    """A bot with one finished take; everyone but the bystander consents."""
    async with an_evening(tmp_path / "home") as found:
        await found.everyone_consents()
        await found.play(await found.open())
        await found.services.turns.settled()
        yield found
