"""Fixtures of all tests."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from bot.store import database
from bot.store.migrating import migrate


@pytest.fixture(scope="session", autouse=True)
def _migrated_once(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """Let new databases begin as a copy of one that the migrations have made: they take a tenth of a second."""
    made = tmp_path_factory.mktemp("migrated") / "promptbook.sqlite3"
    migrate(made, made.parent)
    content = made.read_bytes()

    def migrate_copy(path: Path, backups: Path) -> None:
        if not path.exists():
            path.write_bytes(content)
        migrate(path, backups)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "migrate", migrate_copy)
        yield
