"""What people do not play: topics (lines), emotions (vetoes), and the kinds of emotions that they opted into.

No export, log, panel or coordinator sees them. They are read for the person themselves, and to deal a scene.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping

from bot.domain.ids import PersonId, UserId
from bot.domain.limits import LimitChange, LimitKind, Limits
from bot.store.reader import Reader
from bot.store.transaction import Transaction

_TABLES: Mapping[LimitKind, tuple[str, str]] = {
    LimitKind.LINE: ("lines", "topic"),
    LimitKind.VETO: ("vetoes", "emotion"),
    LimitKind.OPT_IN: ("opt_ins", "kind"),
}
"""The table and the column of each kind."""


async def limits_among(reader: Reader, discord_user_ids: Collection[UserId]) -> dict[UserId, Limits]:
    """Return the limits of each of these accounts."""
    users = json.dumps(sorted(discord_user_ids))
    found: defaultdict[UserId, dict[LimitKind, set[str]]] = defaultdict(lambda: {kind: set() for kind in LimitKind})
    for kind, (table, column) in _TABLES.items():
        rows = await reader.fetch_all(
            f"SELECT discord_user_id, {column} AS key FROM {table} JOIN people USING (person_id) "  # noqa: S608
            "WHERE discord_user_id IN (SELECT value FROM json_each(?))",
            users,
        )
        for row in rows:
            found[row["discord_user_id"]][kind].add(row["key"])
    return {user: _limits(found[user]) for user in discord_user_ids}


async def change_limits(tx: Transaction, person_id: PersonId, change: LimitChange, now: str) -> None:
    """Store a change of one person's limits. Doing it twice changes nothing."""
    table, column = _TABLES[change.kind]
    for key in sorted(change.gone):
        await tx.execute(f"DELETE FROM {table} WHERE person_id = ? AND {column} = ?", person_id, key)  # noqa: S608
    for key in sorted(change.there):
        sql = f"INSERT INTO {table} VALUES (?, ?, ?) ON CONFLICT DO NOTHING"  # noqa: S608 - a table of this module
        await tx.execute(sql, person_id, key, now)


def _limits(found: Mapping[LimitKind, set[str]]) -> Limits:
    lines, vetoes, opt_ins = (frozenset(found[kind]) for kind in LimitKind)
    return Limits(lines, vetoes, opt_ins)
