"""Notices: what people are to be told of once, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import GuildId, PersonId, UserId
from bot.domain.telling import Delivered
from bot.store.reader import Reader
from bot.store.records import Use
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DueUse(Use):
    """A use that a person is to be told of; `clips` counts theirs. Their consent was last changed in `guild_id`."""

    notice_id: int
    person_id: PersonId
    discord_user_id: UserId
    guild_id: GuildId | None


_DUE_USES = """
    SELECT notice_id, notices.person_id, discord_user_id, uses.use_id, made_at, purpose, recipient, release_id,
           content_sha256, sessions, use_people.clips, has_sound,
           (SELECT guild_id FROM consent_events AS event WHERE event.person_id = notices.person_id
            ORDER BY consent_event_id DESC LIMIT 1) AS guild_id
    FROM notices JOIN people USING (person_id) JOIN uses USING (use_id) JOIN use_people USING (use_id, person_id)
    WHERE told_at IS NULL AND discord_user_id > 0
      AND pseudonym NOT IN (SELECT pseudonym FROM erasures WHERE finished_at IS NULL)
    ORDER BY notice_id
"""


async def uses_to_tell(reader: Reader) -> list[DueUse]:
    """Return the uses that people have not been told of yet, oldest first. Who is being erased is left alone."""
    return await reader.fetch_records(DueUse, _DUE_USES)


async def note_told(tx: Transaction, notice_id: int, delivered: Delivered, now: str) -> None:
    """Note that a person was told, or that they accept no messages."""
    sql = "UPDATE notices SET told_at = ?, delivered = ? WHERE notice_id = ? AND told_at IS NULL"
    await tx.execute(sql, now, delivered.value, notice_id)
