"""Applies to a backup that is being restored what people asked for after it was made: withdrawals and erasures.

They are known from the database that is replaced, from its journal, and from the list of the erased beside it. If the
backup is restored elsewhere, the operator names a copy of that list.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.domain.erasing import Asker, ErasureWish
from bot.home.places import Home
from bot.live.asked import CONSENT, ERASURE, LIMITS, WITHDRAWAL
from bot.live.journal import Entry, Journal, forget_user, read_journal
from bot.live.ports import timestamp
from bot.rights.asking import ask_erasure
from bot.rights.erased_list import Listed, add_to_list, read_list
from bot.rights.lists import renew_lists
from bot.rights.steps import do_all_steps, erase_again
from bot.store.erasures import erasures_in, person_with
from bot.store.migrating import migrate
from bot.store.stillness import still
from bot.store.withdrawals import Withdrawal, add_withdrawals, withdrawals_in
from bot.store.writing import writing

_GO_ON: Final = frozenset({CONSENT, LIMITS, WITHDRAWAL})
"""Requests in the journal that the restored bot stores when it starts, as the replaced one would have."""


@dataclass(frozen=True, slots=True)
class Since:
    """What is known to have been asked for. `is_whole` is False if there was a database that cannot be read."""

    erased: Sequence[Listed]
    withdrawals: Sequence[Withdrawal] = ()
    waiting: Sequence[Entry] = ()
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Applied:
    """How many people were erased again, and how many withdrawals were added."""

    erased: int
    withdrawals: int
    is_whole: bool = field(default=True)


def asked_since(home: Home, lists: Iterable[Path] = ()) -> Since:
    """Read what people asked for from the home folder that is about to be replaced, and from further lists."""
    erased = [listed for path in (home.erased, *lists) for listed in read_list(path)]
    waiting = read_journal(home.journal)
    if not home.database.exists():
        return Since(erased, (), waiting)
    try:
        with still(home.database, is_last=True) as store:
            erased += [Listed(one.pseudonym, one.asked_at, bool(one.keeps_ratings)) for one in erasures_in(store)]
            return Since(erased, withdrawals_in(store), waiting)
    except sqlite3.Error:
        return Since(erased, (), waiting, is_whole=False)


def apply_since(staged: Home, home: Home, since: Since) -> Applied:
    """Apply it to the unpacked backup. The lists beside the database of `home` name whom the backup knows as erased.

    Raises DatabaseUnusable, or OSError if a file cannot be written.
    """
    has_news = bool(since.erased or since.withdrawals or since.waiting)
    if has_news:
        migrate(staged.database, staged.backups)
    erased = {listed.pseudonym for listed in since.erased if _erase(staged, listed)}
    asked = [one for one in since.waiting if one.kind == ERASURE and _erase_account(staged, one)]
    added = 0
    if since.withdrawals:
        with writing(staged.database) as tx:
            added = add_withdrawals(tx, since.withdrawals)
    _hand_on(staged, [one for one in since.waiting if one.kind in _GO_ON])
    for listed in since.erased:
        add_to_list(home.erased, listed)
    renew_lists(staged.database, home, timestamp(datetime.now(UTC)))
    return Applied(len(erased) + len(asked), added, since.is_whole)


def _erase(staged: Home, listed: Listed) -> bool:
    with still(staged.database, is_last=True) as store:
        person = person_with(store, listed.pseudonym)
    if person is not None:
        forget_user(staged.journal, person.discord_user_id)
    wish = ErasureWish(Asker.RESTORE, listed.asked_at, listed.keeps_ratings)
    return erase_again(staged, listed.pseudonym, wish)


def _erase_account(staged: Home, entry: Entry) -> bool:
    """Erase an account whose request only the journal of the replaced bot has."""
    wish = ErasureWish(
        Asker.RESTORE, entry.facts["at"], bool(entry.facts["keeps_ratings"]), tuple(entry.facts["names"])
    )
    forget_user(staged.journal, entry.facts["user"])
    begun = ask_erasure(staged, entry.facts["user"], wish)
    if begun is not None:
        do_all_steps(staged, begun.erasure_id, entry.facts["at"])
    return begun is not None


def _hand_on(staged: Home, waiting: Sequence[Entry]) -> None:
    known = [(one.kind, one.facts) for one in read_journal(staged.journal)]
    new = [one for one in waiting if (one.kind, one.facts) not in known]
    if new:
        journal = Journal(staged.journal)
        try:
            for entry in new:
                journal.put(entry.kind, entry.facts)
            journal.sync()
        finally:
            journal.close()
