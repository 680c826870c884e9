"""What tests of the services share."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.evening import Evening, an_evening


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncGenerator[Evening]:
    """An evening on which everybody consents but the bystander, who gave no answer yet."""
    async with an_evening(tmp_path) as found:
        await found.everybody_consents()
        yield found
