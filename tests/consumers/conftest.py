"""What every check of an export needs: the export, and libraries that have no network and no old cache."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest


def pytest_configure(config: pytest.Config) -> None:
    cache = tempfile.TemporaryDirectory(prefix="promptbook-consumers-")
    config.add_cleanup(cache.cleanup)
    # The libraries read these on import, which comes later.
    os.environ |= {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HOME": cache.name}


@pytest.fixture(scope="session")
def export() -> Path:
    """The export named by PROMPTBOOK_DATASET."""
    named = os.environ.get("PROMPTBOOK_DATASET")
    if not named:
        pytest.exit("Name the export to check: PROMPTBOOK_DATASET=FOLDER.", returncode=2)
    return Path(named)
