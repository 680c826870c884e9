"""The consent log."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable

from bot.domain.consent import NOTHING, ConsentChange, Consented, ConsentText, consented
from bot.domain.ids import GuildId, PersonId, UserId
from bot.store.reader import Reader
from bot.store.transaction import Transaction


async def append_consents(
    tx: Transaction, person_id: PersonId, changes: Iterable[ConsentChange], text: ConsentText, now: str
) -> None:
    """Add events to the log, with the wording that they refer to."""
    for change in changes:
        await tx.insert(
            "consent_events",
            person_id=person_id,
            guild_id=change.guild_id,
            scope=change.scope.value,
            action=change.action.value,
            text_version=text.version,
            text_sha256=text.sha256,
            locale=text.locale,
            happened_at=now,
        )


async def last_wording(reader: Reader, person_id: PersonId) -> ConsentText | None:
    """Return the wording of a person's newest event, without the text itself; None if they have no event."""
    row = await reader.fetch_one(
        "SELECT text_version, text_sha256, locale FROM consent_events WHERE person_id = ? "
        "ORDER BY consent_event_id DESC LIMIT 1",
        person_id,
    )
    return ConsentText(row["text_version"], row["text_sha256"], row["locale"], "") if row else None


async def last_consent_at(reader: Reader, person_id: PersonId) -> str | None:
    """Return when a person's newest event happened; None if they have no event."""
    return await reader.fetch_value("SELECT max(happened_at) FROM consent_events WHERE person_id = ?", person_id)


async def consents_of(reader: Reader, discord_user_id: UserId, guild_id: GuildId) -> Consented:
    """Return what an account consents to on a server now; nothing for an unknown account."""
    rows = await reader.fetch_all(
        "SELECT guild_id, scope, action FROM consent_events JOIN people USING (person_id) "
        "WHERE discord_user_id = ? ORDER BY consent_event_id",
        discord_user_id,
    )
    return consented(((row["guild_id"], row["scope"], row["action"]) for row in rows), guild_id) if rows else NOTHING


async def consents_of_all(
    reader: Reader, discord_user_ids: Collection[UserId], guild_id: GuildId
) -> dict[UserId, Consented]:
    """Return what accounts consent to on a server now, those without any consent event left out. This is one query."""
    logs: defaultdict[UserId, list[tuple[GuildId | None, str, str]]] = defaultdict(list)
    for row in await reader.fetch_all(
        "SELECT discord_user_id, guild_id, scope, action FROM consent_events JOIN people USING (person_id) "
        "WHERE discord_user_id IN (SELECT value FROM json_each(?)) ORDER BY consent_event_id",
        json.dumps(list(discord_user_ids)),
    ):
        logs[row["discord_user_id"]].append((row["guild_id"], row["scope"], row["action"]))
    return {user: consented(log, guild_id) for user, log in logs.items()}


async def guilds_with_consents(reader: Reader, discord_user_id: UserId) -> frozenset[GuildId | None]:
    """Return the servers on which an account has ever given or withdrawn consent, or played.

    None among them stands for every server of the bot. A server that is no longer known (0) is left out.
    """
    rows = await reader.fetch_all(
        "SELECT guild_id FROM consent_events JOIN people USING (person_id) WHERE discord_user_id = ? "
        "UNION SELECT guild_id FROM castings JOIN people USING (person_id) JOIN scenes USING (scene_id) "
        "JOIN sessions USING (session_id) WHERE discord_user_id = ?",
        discord_user_id,
        discord_user_id,
    )
    return frozenset(row["guild_id"] for row in rows if row["guild_id"] != 0)
