"""Fixtures of the export tests: a home folder with a real database, which each test fills as it needs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tools.synthetic.session import Troupe, open_troupe


@pytest.fixture
async def troupe(tmp_path: Path) -> AsyncIterator[Troupe]:
    opened = await open_troupe(tmp_path / "home")
    yield opened
    await opened.database.close()
