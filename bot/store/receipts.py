"""Receipts: which changes of consent people have been given one for."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from bot.domain.ids import PersonId, UserId
from bot.domain.telling import Delivered
from bot.store.reader import Reader
from bot.store.records import ConsentRow, ConsentTextRow
from bot.store.transaction import Transaction

_WITHOUT_RECEIPT = """
    SELECT DISTINCT discord_user_id FROM consent_events JOIN people USING (person_id)
    WHERE consent_event_id > coalesce(
              (SELECT max(up_to) FROM receipts WHERE receipts.person_id = consent_events.person_id), 0)
      AND happened_at < ? AND discord_user_id > 0
      AND pseudonym NOT IN (SELECT pseudonym FROM erasures WHERE finished_at IS NULL)
    ORDER BY discord_user_id
"""


async def people_without_receipt(reader: Reader, before: str) -> list[UserId]:
    """Return the accounts that have no receipt yet for a change of consent from before a moment.

    Those who are being erased are not among them: nothing of them is to be written any more.
    """
    return [UserId(row[0]) for row in await reader.fetch_all(_WITHOUT_RECEIPT, before)]


async def changes_without_receipt(reader: Reader, person_id: PersonId) -> list[ConsentRow]:
    """Return a person's consent events that no receipt covers, oldest first."""
    return await reader.fetch_records(
        ConsentRow,
        "SELECT * FROM consent_events WHERE person_id = :person AND consent_event_id > "
        "coalesce((SELECT max(up_to) FROM receipts WHERE person_id = :person), 0) ORDER BY consent_event_id",
        person=person_id,
    )


async def all_changes(reader: Reader, person_id: PersonId) -> list[ConsentRow]:
    """Return all consent events of a person, oldest first."""
    sql = "SELECT * FROM consent_events WHERE person_id = ? ORDER BY consent_event_id"
    return await reader.fetch_records(ConsentRow, sql, person_id)


async def texts_with(reader: Reader, hashes: Collection[str]) -> Sequence[ConsentTextRow]:
    """Return the consent texts with these hashes, each once, the oldest first."""
    return await reader.fetch_records(
        ConsentTextRow,
        "SELECT * FROM consent_texts WHERE sha256 IN (SELECT value FROM json_each(?)) "
        "GROUP BY sha256, locale ORDER BY text_id",
        json.dumps(sorted(hashes)),
    )


async def note_receipt(tx: Transaction, person_id: PersonId, up_to: int, delivered: Delivered, now: str) -> None:
    """Note that a person has a receipt for their events up to one, or could not be given it."""
    sql = "INSERT INTO receipts (person_id, up_to, made_at, delivered) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
    await tx.execute(sql, person_id, up_to, now, delivered.value)
