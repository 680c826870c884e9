"""Does one step of an erasure in a home folder. Every call blocks its thread, and can be repeated without harm."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Final

from bot.domain.erasing import Asker, ErasureStep, ErasureWish, steps_left
from bot.home.leftovers import remove
from bot.home.places import Home
from bot.rights.asking import ask_erasure_of, waiting_erasures
from bot.rights.files import delete_copies, delete_exports, delete_sound
from bot.rights.lists import renew_lists
from bot.store.erasures import (
    cut_link,
    erasure_with,
    finish_erasure,
    person_with,
    step_done,
    tracks_of,
    withdraw_everything,
)
from bot.store.errors import DatabaseUnusable
from bot.store.forgetting import forget
from bot.store.migrating import migrate
from bot.store.records import Erasure, Person
from bot.store.scrubbing import scrub
from bot.store.stillness import still
from bot.store.writing import BlockingTransaction, writing

Counts = Mapping[str, int]


def do_step(home: Home, erasure_id: int, step: ErasureStep, now: str) -> None:
    """Do a step, and note that it is done. The last one finishes the erasure.

    Raises NotYet if something has to end first, DatabaseUnwritable or OSError if it has to be tried again.
    """
    with still(home.database) as store:
        erasure = erasure_with(store, erasure_id)
    counts: Counts = _BESIDE[step](home, erasure) if step in _BESIDE else {}
    with writing(home.database) as tx:
        if step in _INSIDE:
            counts = _inside(tx, step, erasure, now)
        step_done(tx, erasure, step, counts)
        if not steps_left(step):
            finish_erasure(tx, erasure, now)


def do_all_steps(home: Home, erasure_id: int, now: str) -> None:
    """Do every step that is left. No bot may be running in the home folder."""
    with still(home.database) as store:
        done = erasure_with(store, erasure_id).done
    for step in steps_left(done):
        do_step(home, erasure_id, step, now)


def _inside(tx: BlockingTransaction, step: ErasureStep, erasure: Erasure, now: str) -> Counts:
    person = person_with(tx, erasure.pseudonym)
    return {} if person is None else _INSIDE[step](tx, person, erasure, now)


def _withdraw(tx: BlockingTransaction, person: Person, _: Erasure, now: str) -> Counts:
    return {"consents": withdraw_everything(tx, person, now)}


def _forget(tx: BlockingTransaction, person: Person, erasure: Erasure, _: str) -> Counts:
    return forget(tx, person, erasure)


def _cut(tx: BlockingTransaction, person: Person, erasure: Erasure, _: str) -> Counts:
    cut_link(tx, person.person_id, erasure)
    return {}


_INSIDE: Final[Mapping[ErasureStep, Callable[[BlockingTransaction, Person, Erasure, str], Counts]]] = {
    ErasureStep.WITHDRAW: _withdraw,
    ErasureStep.ROWS: _forget,
    ErasureStep.ACCOUNT: _cut,
}
"""Steps that are one transaction of the store."""


def _list(home: Home, erasure: Erasure) -> Counts:
    return {"revoked_sounds": renew_lists(home.database, home, erasure.asked_at)}


def _copies(home: Home, erasure: Erasure) -> Counts:
    """Go through what may be restored by hand: copies of the database, and homes that a restored backup replaced."""
    counts = delete_copies(home, erasure.pseudonym)
    for replaced in home.replaced_homes():
        _erase_replaced(replaced, erasure)
    return counts


def _erase_replaced(replaced: Home, erasure: Erasure) -> None:
    """Erase someone from a home that was replaced. A database that no longer can be opened is deleted."""
    try:
        if replaced.database.exists():
            migrate(replaced.database, replaced.backups)
            wish = ErasureWish(Asker.RESTORE, erasure.asked_at, bool(erasure.keeps_ratings), erasure.named)
            erase_again(replaced, erasure.pseudonym, wish)
    except (DatabaseUnusable, sqlite3.DatabaseError) as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        for path in replaced.database_files:
            remove(path)
    delete_sound(replaced, erasure.pseudonym)
    # It has only what was waiting for that database.
    remove(replaced.journal)


def erase_again(home: Home, pseudonym: str, wish: ErasureWish) -> bool:
    """Erase someone who was erased elsewhere from a home folder without a bot; return whether its store knew them."""
    begun = ask_erasure_of(home, pseudonym, wish)
    waiting = {one.pseudonym: one.erasure_id for one in waiting_erasures(home)}
    erasure_id = begun.erasure_id if begun else waiting.get(pseudonym)
    if erasure_id is None:
        return False
    do_all_steps(home, erasure_id, wish.asked_at)
    return True


def _sound(home: Home, erasure: Erasure) -> Counts:
    with still(home.database) as store:
        tracks = tracks_of(store, erasure.pseudonym)
    return delete_sound(home, erasure.pseudonym, tracks)


def _exports(home: Home, erasure: Erasure) -> Counts:
    return delete_exports(home, erasure.pseudonym)


def _pages(home: Home, _: Erasure) -> Counts:
    scrub(home.database)
    return {}


_BESIDE: Final[Mapping[ErasureStep, Callable[[Home, Erasure], Counts]]] = {
    ErasureStep.LIST: _list,
    ErasureStep.SOUND: _sound,
    ErasureStep.EXPORTS: _exports,
    ErasureStep.COPIES: _copies,
    ErasureStep.PAGES: _pages,
}
"""Steps on files, which are done again if the store cannot note them."""
