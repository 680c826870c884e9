"""Erasures: asked for, advanced step by step, and kept as tombstones. The rows that go are in `forgetting`."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from bot.domain.consent import Action, Scope
from bot.domain.erasing import ErasureStep, ErasureWish
from bot.domain.ids import GuildId, PersonId, UserId
from bot.store.reader import Reader, records_of
from bot.store.records import Erasure, Person
from bot.store.stillness import Still
from bot.store.writing import BlockingTransaction

_PASSING = ("attendance", "targets_seen", "sign_ups", "reminders", "unreminded")
"""The tables that know people by account, even people who did nothing else."""


def person_with(store: Still, pseudonym: str) -> Person | None:
    """Return the person with a pseudonym; None if there is none."""
    return next(iter(store.fetch_records(Person, "SELECT * FROM people WHERE pseudonym = ?", pseudonym)), None)


def person_of(store: Still, discord_user_id: UserId) -> Person | None:
    """Return the person behind an account; None if they never took part, or were erased."""
    return next(
        iter(store.fetch_records(Person, "SELECT * FROM people WHERE discord_user_id = ?", discord_user_id)), None
    )


def tracks_of(store: Still, pseudonym: str) -> list[str]:
    """Return the paths of a performer's tracks, below the home folder."""
    sql = "SELECT path FROM tracks JOIN people USING (person_id) WHERE pseudonym = ? ORDER BY path"
    return [str(path) for (path,) in store.fetch_all(sql, pseudonym)]


def erasure_with(store: Still, erasure_id: int) -> Erasure:
    """Return an erasure by its id. Raises LookupError if there is none."""
    if found := store.fetch_records(Erasure, "SELECT * FROM erasures WHERE erasure_id = ?", erasure_id):
        return found[0]
    raise LookupError(f"No erasure has the id {erasure_id}.")


def erasures_under_way(store: Still) -> list[Erasure]:
    """Return the erasures that are not finished, oldest first."""
    return store.fetch_records(Erasure, "SELECT * FROM erasures WHERE finished_at IS NULL ORDER BY erasure_id")


def erasures_in(store: Still) -> list[Erasure]:
    """Return all erasures, oldest first; none from a database of a version that knew none."""
    if not store.fetch_all("SELECT 1 FROM sqlite_master WHERE name = 'erasures'"):
        return []
    return store.fetch_records(Erasure, "SELECT * FROM erasures ORDER BY erasure_id")


async def unfinished_erasures(reader: Reader) -> list[tuple[Erasure, UserId]]:
    """Return the erasures that are not finished, oldest first, with the accounts, negative where the link is cut."""
    rows = await reader.fetch_all(
        "SELECT erasures.*, discord_user_id FROM erasures JOIN people USING (pseudonym) "
        "WHERE finished_at IS NULL ORDER BY erasure_id"
    )
    return list(zip(records_of(Erasure, rows), (UserId(row["discord_user_id"]) for row in rows), strict=True))


async def is_being_erased(reader: Reader, discord_user_id: UserId) -> bool:
    """Whether an erasure of an account is under way: what it consents to now would be erased with the rest."""
    sql = (
        "SELECT EXISTS (SELECT 1 FROM erasures JOIN people USING (pseudonym) "
        "WHERE finished_at IS NULL AND discord_user_id = ?)"
    )
    return bool(await reader.fetch_value(sql, discord_user_id))


def begin_erasure(tx: BlockingTransaction, pseudonym: str, wish: ErasureWish) -> int:
    """Note that someone is to be erased, and return the id of that; of the one that is under way, if there is one."""
    for one in erasures_under_way(tx):
        if one.pseudonym == pseudonym:
            return one.erasure_id
    return tx.execute(
        "INSERT INTO erasures (pseudonym, asked_by, asked_at, keeps_ratings, names) VALUES (?, ?, ?, ?, ?)",
        *(pseudonym, wish.asked_by.value, wish.asked_at, int(wish.keeps_ratings)),
        json.dumps(list(wish.names), ensure_ascii=False) if wish.names else None,
    )


def step_done(tx: BlockingTransaction, erasure: Erasure, step: ErasureStep, counts: Mapping[str, int]) -> None:
    """Note that a step is done, and add what went in it. A step that was done twice counts what each time found."""
    total: dict[str, int] = json.loads(erasure.counts)
    total |= {name: total.get(name, 0) + number for name, number in counts.items()}
    tx.execute(
        "UPDATE erasures SET done = ?, counts = ? WHERE erasure_id = ?",
        *(step.value, json.dumps(total, sort_keys=True), erasure.erasure_id),
    )


def finish_erasure(tx: BlockingTransaction, erasure: Erasure, now: str) -> None:
    """Note that nothing is left to be done: the row is the tombstone from now on."""
    tx.execute("UPDATE erasures SET finished_at = ? WHERE erasure_id = ?", now, erasure.erasure_id)


def forget_passing(tx: BlockingTransaction, discord_user_id: UserId) -> None:
    """Delete what is known of an account beside what its person did."""
    for table in _PASSING:
        tx.execute(f"DELETE FROM {table} WHERE discord_user_id = ?", discord_user_id)  # noqa: S608 - a literal


def withdraw_everything(
    tx: BlockingTransaction, person: Person, now: str, scopes: Collection[Scope] = tuple(Scope)
) -> int:
    """Withdraw every consent of a person that is in force or suspended, where it was given; return how many.

    With `scopes`, only those.

    Each event has the wording with which the consent was given.
    """
    logs: dict[tuple[GuildId | None, str], list[str]] = {}
    for guild_id, scope, action in tx.fetch_all(
        "SELECT guild_id, scope, action FROM consent_events WHERE person_id = ? ORDER BY consent_event_id",
        person.person_id,
    ):
        logs.setdefault((guild_id, scope), []).append(action)
    given = [place for place, actions in logs.items() if place[1] in scopes and _was_given(actions)]
    for guild_id, scope in given:
        tx.execute(_WITHDRAW_SQL, guild_id, now, person.person_id, scope)
    return len(given)


def has_consented_since(store: Still, person: Person, at: str) -> bool:
    """Whether the log has a later event of a person: a request that comes back after a power cut is no longer meant."""
    sql = "SELECT 1 FROM consent_events WHERE person_id = ? AND happened_at > ? LIMIT 1"
    return bool(store.fetch_all(sql, person.person_id, at))


_WITHDRAW_SQL = """
    INSERT INTO consent_events (person_id, guild_id, scope, action, text_version, text_sha256, locale, happened_at)
    SELECT person_id, ?, scope, 'withdraw', text_version, text_sha256, locale, ? FROM consent_events
    WHERE person_id = ? AND scope = ? ORDER BY consent_event_id DESC LIMIT 1
"""


def _was_given(actions: list[str]) -> bool:
    ending = [Action(action) for action in actions if Action(action) not in (Action.SUSPEND, Action.RESUME)]
    return bool(ending) and ending[-1] is Action.GRANT


def cut_link(tx: BlockingTransaction, person_id: PersonId, erasure: Erasure) -> None:
    """Cut the link from a person's account to their pseudonym: no account is negative. The names go with it."""
    tx.execute("UPDATE people SET discord_user_id = -person_id WHERE person_id = ?", person_id)
    tx.execute("UPDATE erasures SET names = NULL WHERE erasure_id = ?", erasure.erasure_id)
