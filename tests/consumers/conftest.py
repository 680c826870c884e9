"""What every check of an export needs: the export, the truth about it, and libraries without network and old cache."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest


def pytest_configure(config: pytest.Config) -> None:
    cache = tempfile.TemporaryDirectory(prefix="promptbook-consumers-")
    config.add_cleanup(cache.cleanup)
    # The libraries read these on import, which comes later.
    os.environ |= {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HOME": cache.name}


def named(variable: str) -> Path:
    """The path in an environment variable."""
    value = os.environ.get(variable)
    if not value:
        pytest.exit(f"Name what to check: {variable}=PATH.", returncode=2)
    return Path(value).resolve()


@pytest.fixture(scope="session")
def export() -> Path:
    """The export in Parquet."""
    return named("PROMPTBOOK_DATASET")


@pytest.fixture(scope="session")
def files() -> Path:
    """The export as playable files."""
    return named("PROMPTBOOK_FILES")


@pytest.fixture(scope="session")
def truth() -> dict[str, Any]:
    """What SQL says about the store that was exported."""
    return json.loads(named("PROMPTBOOK_TRUTH").read_text("utf-8"))
