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
    texts = [json.dumps(one, sort_keys=True, ensure_ascii=False) for one in (selection, clips, software)]
    row_id = tx.execute(
        "INSERT INTO releases (parent_id, selection, content_sha256, clips, software, made_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        *(parent_id, texts[0], content_sha256, texts[1], texts[2], now),
    )
    return Release(ReleaseId(row_id), parent_id, texts[0], content_sha256, texts[1], texts[2], now)


def _first(store: Still, sql: str, *values: object) -> Release | None:
    return next(iter(store.fetch_records(Release, sql, *values)), None)
