"""What can be wrong with a database, in sentences that say what to do."""

from __future__ import annotations

from pathlib import Path


class DatabaseUnusable(Exception):
    """The database cannot be used as it is. The message says why and what to do."""


class DatabaseNewer(DatabaseUnusable):
    """The database was written by a newer Promptbook."""

    def __init__(self, path: Path, version: int, known: int) -> None:
        super().__init__(
            f"The database {path} has schema version {version}, but this Promptbook knows only versions up to "
            f"{known}. Install the newer Promptbook that wrote it, or choose another PROMPTBOOK_HOME."
        )
