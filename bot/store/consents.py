"""The consent log, and the texts that people found."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.domain.consent import ConsentChange, Consented, ConsentText
from bot.domain.ids import GuildId, PersonId, UserId
from bot.domain.permission import consented
from bot.domain.standing import ConsentEvent, TextInForce
from bot.store.reader import Reader
from bot.store.records import ConsentRow
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class _OfAccount(ConsentRow):
    """An event with the account that it is about."""

    discord_user_id: UserId


async def append_consents(
    tx: Transaction, person_id: PersonId, changes: Iterable[ConsentChange], text: ConsentText, now: str
) -> None:
    """Add events to the log, with the wording that they refer to."""
    for change in changes:
        terms = change.terms
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
            covers_earlier=int(change.covers_earlier),
            recipients=json.dumps(terms.recipients, ensure_ascii=False) if terms.recipients else None,
            ends_at=terms.ends_at,
            uses=terms.uses or None,
            represented_by=terms.represented_by,
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


async def consents_of(reader: Reader, discord_user_id: UserId, guild_id: GuildId, now: str) -> Consented:
    """Return what an account consents to on a server now; nothing for an unknown account. The text is not looked at."""
    return consented((await events_among(reader, [discord_user_id]))[discord_user_id], guild_id, now)


async def events_among(reader: Reader, discord_user_ids: Collection[UserId]) -> dict[UserId, list[ConsentEvent]]:
    """Return the consent events of each of these accounts, oldest first, in one query."""
    rows = await reader.fetch_records(
        _OfAccount,
        "SELECT consent_events.*, discord_user_id FROM consent_events JOIN people USING (person_id) "
        "WHERE discord_user_id IN (SELECT value FROM json_each(?)) ORDER BY consent_event_id",
        json.dumps(sorted(discord_user_ids)),
    )
    found: dict[UserId, list[ConsentEvent]] = {user: [] for user in discord_user_ids}
    for row in rows:
        found[row.discord_user_id].append(row.event)
    return found


async def steady_among(reader: Reader, discord_user_ids: Collection[UserId]) -> frozenset[UserId]:
    """Return those of these accounts that have consented to something, never taken any of it back, and set no end."""
    rows = await reader.fetch_all(
        "SELECT discord_user_id FROM consent_events JOIN people USING (person_id) "
        "WHERE discord_user_id IN (SELECT value FROM json_each(?)) GROUP BY person_id "
        "HAVING count(*) FILTER (WHERE action <> 'grant' OR ends_at IS NOT NULL) = 0",
        json.dumps(list(discord_user_ids)),
    )
    return frozenset(UserId(row["discord_user_id"]) for row in rows)


async def texts_in_force(reader: Reader) -> list[TextInForce]:
    """Return the consent texts that people found, in the order in which they came."""
    rows = await reader.fetch_all(
        "SELECT locale, version, sha256, asks_again, since FROM consent_texts ORDER BY text_id"
    )
    return [TextInForce(row[0], row[1], row[2], bool(row[3]), row[4]) for row in rows]


async def text_is(tx: Transaction, text: ConsentText, now: str) -> None:
    """Note that people find this text from now on; nothing if it is the newest of its locale."""
    newest = await tx.fetch_value(
        "SELECT sha256 FROM consent_texts WHERE locale = ? ORDER BY text_id DESC LIMIT 1", text.locale
    )
    if newest != text.sha256:
        await tx.insert(
            "consent_texts",
            locale=text.locale,
            version=text.version,
            sha256=text.sha256,
            asks_again=int(text.asks_again),
            wording=text.text,
            since=now,
        )


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


async def newest_state(reader: Reader, now: str) -> tuple[int, str]:
    """Return what changes with every event of consent, and with every consent that ends by itself."""
    row = await reader.fetch_one(
        "SELECT coalesce(max(consent_event_id), 0), coalesce(max(ends_at) FILTER (WHERE ends_at <= ?), '') "
        "FROM consent_events",
        now,
    )
    assert row is not None, "an aggregate always has a row"
    return row[0], row[1]
