"""The register of uses: what was exported, for what, to whom, and whose sound was in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from bot.domain.ids import PersonId, ReleaseId
from bot.store.reader import Reader
from bot.store.records import Use
from bot.store.writing import BlockingTransaction


def add_use(
    tx: BlockingTransaction,
    *,
    purpose: str | None,
    recipient: str | None,
    release_id: ReleaseId | None,
    content_sha256: str,
    sessions: Sequence[str],
    clips: Mapping[PersonId, int],
    now: str,
    has_sound: bool = True,
) -> int:
    """Store a use and return its number; `clips` has how many clips of each person are in it.

    With a recipient, each of them is to be told of it.
    """
    total, named = sum(clips.values()), json.dumps(list(sessions))
    use_id = tx.execute(
        "INSERT INTO uses (made_at, purpose, recipient, release_id, content_sha256, sessions, clips, has_sound) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(now, purpose, recipient, release_id, content_sha256, named, total, int(has_sound)),
    )
    for person_id, number in sorted(clips.items()):
        tx.execute("INSERT INTO use_people (use_id, person_id, clips) VALUES (?, ?, ?)", use_id, person_id, number)
        if recipient is not None:
            tx.execute("INSERT INTO notices (person_id, use_id) VALUES (?, ?)", person_id, use_id)
    return use_id


async def uses_of(reader: Reader, person_id: PersonId) -> list[Use]:
    """Return the uses that had a person's sound in them, oldest first. `clips` counts theirs."""
    return await reader.fetch_records(
        Use,
        "SELECT use_id, made_at, purpose, recipient, release_id, content_sha256, sessions, use_people.clips, has_sound "
        "FROM uses JOIN use_people USING (use_id) WHERE person_id = ? ORDER BY use_id",
        person_id,
    )
