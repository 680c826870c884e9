"""Withdrawals that a store has and an earlier state of it has not: what a restored backup must not give back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.ids import GuildId
from bot.store.stillness import Still
from bot.store.writing import BlockingTransaction


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An event that ended a consent, of the person with a pseudonym."""

    pseudonym: str
    guild_id: GuildId | None
    scope: str
    action: str
    text_version: str
    text_sha256: str
    locale: str
    happened_at: str


_ALL_SQL = """
    SELECT pseudonym, guild_id, scope, action, text_version, text_sha256, locale, happened_at
    FROM consent_events JOIN people USING (person_id)
    WHERE action IN ('withdraw', 'expire', 'suspend') ORDER BY consent_event_id
"""


def withdrawals_in(store: Still) -> list[Withdrawal]:
    """Return all events that ended a consent, oldest first."""
    return store.fetch_records(Withdrawal, _ALL_SQL)


def add_withdrawals(tx: BlockingTransaction, withdrawals: Iterable[Withdrawal]) -> int:
    """Add those that the store has not, of people whom it knows, at the end of the log; return how many.

    If someone consented again after one of them, they have to do so once more: what is withheld in error can be given
    again, and what is given away in error cannot be taken back.
    """
    people: dict[str, int] = dict(tx.fetch_all("SELECT pseudonym, person_id FROM people"))
    there = set(withdrawals_in(tx))
    new = [one for one in withdrawals if one not in there and one.pseudonym in people]
    for one in new:
        tx.execute(
            "INSERT INTO consent_events (person_id, guild_id, scope, action, text_version, text_sha256, locale, "
            "happened_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            *(people[one.pseudonym], one.guild_id, one.scope, one.action),
            *(one.text_version, one.text_sha256, one.locale, one.happened_at),
        )
    return len(new)
