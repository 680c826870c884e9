"""The versions of the dataset. What is exported again without a change is the version that it was."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.domain.ids import ReleaseId
from bot.store.records import Release
from bot.store.stillness import Still
from bot.store.writing import BlockingTransaction


def last_release(store: Still) -> Release | None:
    """Return the newest version; None if nothing has been released."""
    return _first(store, "SELECT * FROM releases ORDER BY release_id DESC LIMIT 1")


def find_release(store: Still, content_sha256: str) -> Release | None:
    """Return the version with this content; None if there is none."""
    return _first(store, "SELECT * FROM releases WHERE content_sha256 = ?", content_sha256)


def last_release_of(store: Still, selection: Mapping[str, object]) -> Release | None:
    """Return the newest version of what was asked for; None if it has never been released."""
    return _first(
        store, "SELECT * FROM releases WHERE selection = ? ORDER BY release_id DESC LIMIT 1", _text(selection)
    )


def release_with(store: Still, release_id: ReleaseId) -> Release:
    """Return the version with a number. Raises LookupError if there is none."""
    if release := _first(store, "SELECT * FROM releases WHERE release_id = ?", release_id):
        return release
    raise LookupError(f"There is no version {release_id}.")


def add_release(
    tx: BlockingTransaction,
    *,
    parent_id: ReleaseId | None,
    selection: Mapping[str, object],
    content_sha256: str,
    clips: Mapping[str, str],
    software: Mapping[str, str],
    now: str,
) -> Release:
    """Store a new version and return it; versions are numbered from 1 without gaps. `clips` maps ids to hashes.

    Raises sqlite3.IntegrityError if there is a version with this content, or none with the parent's number.
    """
    texts = list(map(_text, (selection, clips, software)))
    row_id = tx.execute(
        "INSERT INTO releases (parent_id, selection, content_sha256, clips, software, made_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        *(parent_id, texts[0], content_sha256, texts[1], texts[2], now),
    )
    return Release(ReleaseId(row_id), parent_id, texts[0], content_sha256, texts[1], texts[2], now)


def _text(one: Mapping[str, object]) -> str:
    return json.dumps(one, sort_keys=True, ensure_ascii=False)


def _first(store: Still, sql: str, *values: object) -> Release | None:
    return next(iter(store.fetch_records(Release, sql, *values)), None)
