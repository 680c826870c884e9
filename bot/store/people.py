"""People: the only table that links a Discord account to a pseudonym."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable

from bot.domain.ids import PersonId, SessionId, UserId
from bot.store.reader import Reader
from bot.store.records import Person
from bot.store.transaction import Transaction


async def find_person(reader: Reader, discord_user_id: UserId) -> Person | None:
    """Return the person behind an account; None if they never took part."""
    return await reader.fetch_record(Person, "SELECT * FROM people WHERE discord_user_id = ?", discord_user_id)


async def people_among(reader: Reader, discord_user_ids: Iterable[UserId]) -> dict[UserId, PersonId]:
    """Return who of these accounts ever took part, and the person behind each, in one query."""
    rows = await reader.fetch_all(
        "SELECT discord_user_id, person_id FROM people WHERE discord_user_id IN (SELECT value FROM json_each(?))",
        json.dumps(sorted(discord_user_ids)),
    )
    return {row["discord_user_id"]: row["person_id"] for row in rows}


async def coordinator_of(reader: Reader, session_id: SessionId) -> Person:
    """Return the person who opened a session. Raises LookupError if there is no such session."""
    sql = "SELECT people.* FROM people JOIN sessions ON coordinator_id = person_id WHERE session_id = ?"
    coordinator = await reader.fetch_record(Person, sql, session_id)
    if coordinator is None:
        raise LookupError(f"No session has the id {session_id}.")
    return coordinator


def draw_pseudonym() -> str:
    """Draw what someone is called in datasets: nothing about them follows from it."""
    return f"spk_{secrets.token_hex(4)}"


async def ensure_person(tx: Transaction, discord_user_id: UserId, now: str) -> Person:
    """Return the person behind an account. A new account is added with a new pseudonym.

    Pseudonyms are drawn at random, so that nothing about a person can be computed from theirs.
    """
    if found := await find_person(tx, discord_user_id):
        return found
    pseudonym = draw_pseudonym()
    person_id = await tx.insert("people", discord_user_id=discord_user_id, pseudonym=pseudonym, created_at=now)
    return Person(PersonId(person_id), discord_user_id, pseudonym, now)


async def accounts_of(reader: Reader, person_ids: Iterable[PersonId]) -> dict[PersonId, UserId]:
    """Return the account of each of these people."""
    rows = await reader.fetch_all(
        "SELECT person_id, discord_user_id FROM people WHERE person_id IN (SELECT value FROM json_each(?))",
        json.dumps(sorted(person_ids)),
    )
    return {row["person_id"]: row["discord_user_id"] for row in rows}
