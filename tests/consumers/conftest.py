"""What every check of an export needs: the exports, and libraries that have no network and no old cache."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import pytest

from tests.consumers.opening import Export
from tests.consumers.reading import NOTED

BOTH = frozenset({"parquet", "audiofolder"})
LAYOUTS = {"either": BOTH, "parquet": {"parquet"}, "tables": {"parquet"}, "audiofolder": {"audiofolder"}}
"""Which layouts the checks in each folder are about."""

NEED_THE_STORE = "check_store.py"


def pytest_configure(config: pytest.Config) -> None:
    cache = tempfile.TemporaryDirectory(prefix="promptbook-consumers-")
    config.add_cleanup(cache.cleanup)
    # The libraries read these on import, which comes later.
    os.environ |= {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HOME": cache.name}
    os.environ.setdefault("PROMPTBOOK_READINGS", str(Path(cache.name, "readings")))
    if not _named():
        pytest.exit("Name the exports to check: PROMPTBOOK_DATASET='FOLDER FOLDER'.", returncode=2)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out the checks of a layout that none of the exports has, and those of the store if none is named."""
    if collection_path.name == NEED_THE_STORE:
        return None if os.environ.get("PROMPTBOOK_STORE") else True
    layouts = LAYOUTS.get(collection_path.name)
    return True if layouts and layouts.isdisjoint(_named().values()) else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "dataset" in metafunc.fixturenames:
        layouts = LAYOUTS[metafunc.definition.path.parent.name]
        folders = [folder for folder, found in _named().items() if found in layouts]
        metafunc.parametrize("dataset", folders, indirect=True, scope="session", ids=lambda folder: folder.name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in NOTED:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def dataset(request: pytest.FixtureRequest) -> Path:
    """The folder of an export."""
    return request.param


@pytest.fixture(scope="session")
def export(dataset: Path) -> Export:
    """The same, with its rows."""
    return Export(dataset)


@pytest.fixture(scope="session")
def database() -> Path:
    """The database that the exports were made from."""
    return Path(os.environ["PROMPTBOOK_STORE"])


def _named() -> dict[Path, str]:
    """The exports named by PROMPTBOOK_DATASET, with their layouts."""
    folders = [Path(word).resolve() for word in os.environ.get("PROMPTBOOK_DATASET", "").split()]
    try:
        return {folder: json.loads((folder / "manifest.json").read_bytes())["layout"] for folder in folders}
    except (OSError, ValueError, KeyError) as error:
        pytest.exit(f"PROMPTBOOK_DATASET names a folder that is not an export: {error}.", returncode=2)
