"""How performers want their cues. Rows are deleted when a person goes back to what everyone has."""

from __future__ import annotations

from bot.domain.ids import PersonId, UserId
from bot.domain.states import CueWay
from bot.store.reader import Reader
from bot.store.transaction import Transaction


async def cue_way_of(reader: Reader, discord_user_id: UserId) -> CueWay:
    """Return how an account wants its cues."""
    sql = "SELECT way FROM cue_choices JOIN people USING (person_id) WHERE discord_user_id = ?"
    rows = await reader.fetch_all(sql, discord_user_id)
    return CueWay(rows[0]["way"]) if rows else CueWay.CARD


async def choose_cue_way(tx: Transaction, person_id: PersonId, way: CueWay, now: str) -> None:
    """Store how a person wants their cues from now on."""
    await tx.execute("DELETE FROM cue_choices WHERE person_id = ?", person_id)
    if way is not CueWay.CARD:
        await tx.insert("cue_choices", person_id=person_id, way=way, chosen_at=now)
