"""What an operator does on behalf of people: found by account or pseudonym, noted with a reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.consent import Scope
from bot.domain.erasing import Asker, ErasureWish, OperatorDeed
from bot.domain.ids import UserId
from bot.home.places import Home
from bot.rights.asking import Begun, ask_erasure_of
from bot.rights.lists import renew_lists
from bot.rights.personal_copy import PersonalCopy, write_personal_copy
from bot.store.erasures import person_of, person_with, withdraw_everything
from bot.store.personal import add_act
from bot.store.records import Person
from bot.store.stillness import still
from bot.store.writing import writing


def now() -> str:
    """Return this moment as the store writes it: UTC, ISO 8601, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def find_in(home: Home, who: str) -> Person | None:
    """Return the person with an account's number or a pseudonym; None if there is none, or they were erased."""
    with still(home.database) as store:
        found = person_of(store, UserId(int(who))) if who.isascii() and who.isdigit() else person_with(store, who)
    return found if found and found.discord_user_id > 0 else None


def withdraw_for(home: Home, person: Person, scopes: Collection[Scope], reason: str) -> int:
    """Withdraw consents of a person, on all servers; return how many. A running bot takes it in within seconds.

    What holders of datasets may no longer use is on the list beside the database afterwards. Raises OSError if that
    cannot be written; a running bot and the next one do it then.
    """
    with writing(home.database) as tx:
        add_act(tx, person.pseudonym, OperatorDeed.WITHDRAW, reason, now())
        count = withdraw_everything(tx, person, now(), scopes)
    renew_lists(home.database, home, now())
    return count


def copy_for(home: Home, person: Person, target: Path, reason: str) -> PersonalCopy:
    """Write a person's own copy of what is held about them to a new file. Raises OSError if that is impossible."""
    made = write_personal_copy(home, person, target)
    with writing(home.database) as tx:
        add_act(tx, person.pseudonym, OperatorDeed.EXPORT, reason, now())
    return made


def ask_for(home: Home, person: Person, reason: str, names: tuple[str, ...], *, keeps_ratings: bool) -> Begun | None:
    """Ask for the erasure of a person: a running bot begins with it within seconds."""
    with writing(home.database) as tx:
        add_act(tx, person.pseudonym, OperatorDeed.ERASE, reason, now())
    return ask_erasure_of(home, person.pseudonym, ErasureWish(Asker.OPERATOR, now(), keeps_ratings, names))
