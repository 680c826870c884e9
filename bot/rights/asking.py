"""Asks for an erasure in the store: from then on it is done, however often the process is killed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.consent import Scope
from bot.domain.erasing import ErasureWish
from bot.domain.ids import UserId
from bot.home.places import Home
from bot.store.erasures import (
    begin_erasure,
    erasures_under_way,
    forget_passing,
    has_consented_since,
    person_of,
    person_with,
    withdraw_everything,
)
from bot.store.records import Erasure, Person
from bot.store.stillness import still
from bot.store.writing import BlockingTransaction, writing


@dataclass(frozen=True, slots=True)
class Begun:
    """An erasure that the store knows: its id, and whose it is."""

    erasure_id: int
    pseudonym: str


def ask_erasure(home: Home, discord_user_id: UserId, wish: ErasureWish) -> Begun | None:
    """Note that an account is to be erased; return None if nothing but passing facts were held, which then are gone.

    Raises DatabaseUnwritable if the store cannot be written now.
    """
    with writing(home.database) as tx:
        person = person_of(tx, discord_user_id)
        if person is None:
            forget_passing(tx, discord_user_id)
        # A power cut can bring a request back that was done; who has come back since then is someone new.
        if person is None or person.created_at > wish.asked_at:
            return None
        return _begin(tx, person, wish)


def withdraw_now(home: Home, discord_user_id: UserId, scopes: Collection[Scope], at: str) -> int:
    """Withdraw consents of an account on every server; return how many. What was given after `at` stays."""
    with writing(home.database) as tx:
        person = person_of(tx, discord_user_id)
        if person is None or has_consented_since(tx, person, at):
            return 0
        return withdraw_everything(tx, person, at, scopes)


def ask_erasure_of(home: Home, pseudonym: str, wish: ErasureWish) -> Begun | None:
    """`ask_erasure` by pseudonym; None if no account belongs to it (any more)."""
    with writing(home.database) as tx:
        person = person_with(tx, pseudonym)
        if person is None or person.discord_user_id < 0:
            return None
        return _begin(tx, person, wish)


def _begin(tx: BlockingTransaction, person: Person, wish: ErasureWish) -> Begun:
    """Begin an erasure; in the same transaction, nothing of what the person consented to is in force any more."""
    erasure_id = begin_erasure(tx, person.pseudonym, wish)
    withdraw_everything(tx, person, wish.asked_at)
    return Begun(erasure_id, person.pseudonym)


def waiting_erasures(home: Home) -> list[Erasure]:
    """Return the erasures that are not finished, oldest first."""
    with still(home.database) as store:
        return erasures_under_way(store)
