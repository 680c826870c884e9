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


class DatabaseUnwritable(DatabaseUnusable):
    """The database can be read, but not written: it is a read-only copy, locked for too long, or its disk is full."""

    def __init__(self, path: Path, error: Exception) -> None:
        super().__init__(
            f"The database {path} cannot be written ({error}). Check its permissions and the free space, end other "
            "programs that use it, and try again; if it is a read-only copy, use the original."
        )
