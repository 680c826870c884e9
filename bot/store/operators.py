"""Who is responsible for a server's recordings: what the law wants people to know."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, fields

from bot.domain.ids import GuildId, SessionId
from bot.store.reader import Reader
from bot.store.records import Operator
from bot.store.transaction import Transaction

_SET = ", ".join(f"{one.name} = excluded.{one.name}" for one in fields(Operator))


async def operator_of(reader: Reader, guild_id: GuildId) -> Operator:
    """Return what is said about a server's operator; every field is None if nothing is."""
    sql = "SELECT * FROM operators WHERE guild_id = ?"
    return await reader.fetch_record(Operator, sql, guild_id) or Operator(guild_id)


async def guilds_of_sessions(reader: Reader, session_ids: Collection[SessionId]) -> list[GuildId]:
    """Return the servers of sessions, each once."""
    rows = await reader.fetch_all(
        "SELECT DISTINCT guild_id FROM sessions WHERE session_id IN (SELECT value FROM json_each(?)) ORDER BY guild_id",
        json.dumps(sorted(session_ids)),
    )
    return [row["guild_id"] for row in rows]


async def operator_is(tx: Transaction, operator: Operator) -> None:
    """Store what is said about a server's operator, in place of what was said before."""
    values = asdict(operator)
    sql = (
        f"INSERT INTO operators ({', '.join(values)}) VALUES ({', '.join('?' * len(values))}) "  # noqa: S608
        f"ON CONFLICT (guild_id) DO UPDATE SET {_SET}"
    )
    await tx.execute(sql, *values.values())
