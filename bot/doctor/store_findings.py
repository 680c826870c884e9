"""Checks of the database and of the recordings that it names. Nothing is changed: a bot may be running."""

from __future__ import annotations

import os
from collections.abc import Iterator

from bot.doctor.findings import Finding, warning
from bot.home.places import Home
from bot.store.checking import CheckedStore, check_store
from bot.store.errors import DatabaseUnusable

MOST_NAMED = 3
_RESTORE = "Stop the bot and restore the newest backup: promptbook restore FILE --replace (docs/backup.md)."


def store_findings(home: Home) -> Iterator[Finding]:
    """Check the database as a whole, and that every recording that it names is there and can be read."""
    if not home.database.exists():
        yield Finding("database", True, f"No database yet. The first start creates it at {home.database}.")
        return
    try:
        checked = check_store(home.database)
    except DatabaseUnusable as error:
        yield Finding("database", False, str(error))
        return
    yield _database(home, checked)
    if not os.access(home.database, os.W_OK):
        yield Finding("database", False, f"{home.database} cannot be written. Give it to the user who runs the bot.")
    if not checked.faults:
        yield _recordings(home, checked)


def _database(home: Home, checked: CheckedStore) -> Finding:
    if checked.faults:
        what = f"{home.database} is damaged: {'; '.join(checked.faults[:MOST_NAMED])}."
        return Finding("database", False, f"{what} {_RESTORE}")
    copies = sorted(home.backups.glob("*.sqlite3"))
    kept = f" {len(copies)} older copies are in {home.backups}." if copies else ""
    schema = f"schema version {checked.schema}"
    if checked.schema < checked.known_schema:
        schema += f", which the next start brings to {checked.known_schema}, after a copy"
    return Finding("database", True, f"{home.database} is sound ({schema}).{kept}")


def _recordings(home: Home, checked: CheckedStore) -> Finding:
    lacking = [path for path in checked.tracks if not _can_be_read(home, path)]
    if not lacking:
        return Finding(
            "recordings", True, f"All {len(checked.tracks)} tracks of the database are in {home.recordings}."
        )
    named = ", ".join(lacking[:MOST_NAMED]) + (" and others" if len(lacking) > MOST_NAMED else "")
    return warning(
        "recordings",
        f"{len(lacking)} of {len(checked.tracks)} tracks of the database are missing or cannot be read: {named}. "
        "Check their owner, or take them from a backup (docs/backup.md). Exports leave them out.",
    )


def _can_be_read(home: Home, relative: str) -> bool:
    try:
        with home.track(relative).open("rb") as file:
            return file.read(4) == b"OggS"
    except OSError:
        return False
