"""The event log: what happened, and when."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.events.catalogue import Event
from bot.domain.events.kinds import CHANGES, EventKind
from bot.domain.ids import EventId, PersonId, SceneId, SessionId, TakeId
from bot.store.reader import Reader
from bot.store.transaction import Transaction

_LAST_CHANGE = """
    SELECT event_id, kind FROM events WHERE session_id = ? AND kind IN (SELECT value FROM json_each(?))
    ORDER BY event_id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Change:
    """The newest event that changed what a session's buttons mean; `event_id` is 0 before the first."""

    event_id: EventId
    kind: EventKind | None


async def last_change(reader: Reader, session_id: SessionId) -> Change:
    """Return the newest event that changed what a session's buttons mean."""
    row = await reader.fetch_one(_LAST_CHANGE, session_id, json.dumps(sorted(CHANGES)))
    return Change(row["event_id"], EventKind(row["kind"])) if row else Change(EventId(0), None)


async def count_events(reader: Reader, session_id: SessionId, kinds: Iterable[EventKind]) -> int:
    """Return how many events of these kinds a session has had."""
    return int(
        await reader.fetch_value(
            "SELECT count(*) FROM events WHERE session_id = ? AND kind IN (SELECT value FROM json_each(?))",
            session_id,
            json.dumps(sorted(kinds)),
        )
    )


async def has_event(reader: Reader, event: Event, take_id: TakeId) -> bool:
    """Whether a take has an event of this kind with exactly these details."""
    sql = "SELECT EXISTS (SELECT 1 FROM events WHERE take_id = ? AND kind = ? AND detail = ?)"
    return bool(await reader.fetch_value(sql, take_id, event.kind, _detail(event)))


async def log_event(
    tx: Transaction,
    event: Event,
    now: str,
    *,
    session_id: SessionId | None = None,
    scene_id: SceneId | None = None,
    take_id: TakeId | None = None,
    person_id: PersonId | None = None,
) -> None:
    """Add one event, with the ids of what it concerns."""
    await tx.insert(
        "events",
        session_id=session_id,
        scene_id=scene_id,
        take_id=take_id,
        person_id=person_id,
        kind=event.kind,
        detail=_detail(event),
        happened_at=now,
    )


def _detail(event: Event) -> str:
    return json.dumps(event.details(), sort_keys=True)
