"""A call for tests of the voice connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tools.home_call import Call


@pytest.fixture
async def call(tmp_path: Path) -> AsyncIterator[Call]:
    call = Call(tmp_path)
    await call.open()
    yield call
    await call.close()
