"""Fixtures that tests of the services share."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.evening import Evening, an_evening


@pytest.fixture
async def early_evening(tmp_path: Path) -> AsyncGenerator[Evening]:
    """An evening on which no one has consented yet."""
    async with an_evening(tmp_path) as found:
        yield found


@pytest.fixture
async def evening(early_evening: Evening) -> Evening:
    """An evening on which everyone but the bystander consents."""
    await early_evening.everyone_consents()
    return early_evening
