"""The event log: what happened when, in the past tense."""

from __future__ import annotations

import json

from bot.store.database import Database


async def log_event(
    database: Database,
    kind: str,
    now: str,
    *,
    session_id: int | None = None,
    scene_id: int | None = None,
    take_id: int | None = None,
    person_id: int | None = None,
    **detail: object,
) -> None:
    """Add one event. Inside a transaction. `detail` holds numbers and words, never names or Discord's ids."""
    await database.insert(
        "events",
        session_id=session_id,
        scene_id=scene_id,
        take_id=take_id,
        person_id=person_id,
        kind=kind,
        detail=json.dumps(detail, sort_keys=True),
        happened_at=now,
    )
