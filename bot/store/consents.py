"""The consent log."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.consent import Action, ConsentText, Scope, in_force
from bot.store.reader import Reader
from bot.store.transaction import Transaction


async def append_consents(
    tx: Transaction, person_id: int, changes: Iterable[tuple[Scope, Action]], text: ConsentText, now: str
) -> None:
    """Add events to the log, with the wording they refer to."""
    for scope, action in changes:
        await tx.insert(
            "consent_events",
            person_id=person_id,
            scope=scope.value,
            action=action.value,
            text_version=text.version,
            text_sha256=text.sha256,
            locale=text.locale,
            happened_at=now,
        )


async def last_wording(reader: Reader, person_id: int) -> ConsentText | None:
    """The wording of a person's newest event, without the text itself; None for somebody without any."""
    row = await reader.fetch_one(
        "SELECT text_version, text_sha256, locale FROM consent_events WHERE person_id = ? "
        "ORDER BY consent_event_id DESC LIMIT 1",
        person_id,
    )
    return ConsentText(row["text_version"], row["text_sha256"], row["locale"], "") if row else None


async def scopes_in_force(reader: Reader, discord_user_id: int) -> frozenset[Scope]:
    """What an account consents to now; nothing for strangers."""
    rows = await reader.fetch_all(
        "SELECT scope, action FROM consent_events JOIN people USING (person_id) "
        "WHERE discord_user_id = ? ORDER BY consent_event_id",
        discord_user_id,
    )
    return in_force((row["scope"], row["action"]) for row in rows)
