"""A restored backup does not bring back what people withdrew, or who was erased, since it was made."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.backup.making import make_backup
from bot.backup.restoring import restore_backup
from bot.domain.consent import TO_PERFORM
from bot.home.places import Home
from bot.services.consent.consent_requests import ConsentWish
from bot.store.consents import consents_of
from tests.evening import GUILD, PERFORMERS, an_evening
from tests.rights.traces import account_bytes, found_below

NOW = "2100-01-01T00:00:00.000Z"

ERASED, WITHDRAWN, OTHER = PERFORMERS


def silent(*_: object) -> None:
    """Progress that no one watches."""


async def erase_and_withdraw(folder: Path) -> None:
    async with an_evening(folder) as later:
        await later.consent(WITHDRAWN, frozenset())
        await later.services.erasures.ask_now(ERASED).kept
        await later.services.erasures.settled()


@pytest.fixture
async def closed_home(tmp_path: Path) -> Path:
    """The home folder of an evening that is over, with a take of each performer."""
    folder = tmp_path / "home"
    async with an_evening(folder) as found:
        await found.everyone_consents()
        await found.play(await found.open())
        await found.services.turns.settled()
        await asyncio.to_thread(make_backup, found.home, tmp_path / "one.tar", silent)
    return folder


@pytest.mark.parametrize("is_elsewhere", [False, True])
async def test_who_was_erased_since_stays_erased(closed_home: Path, tmp_path: Path, is_elsewhere: bool):
    await erase_and_withdraw(closed_home)
    home = Home(tmp_path / "new") if is_elsewhere else Home(closed_home)
    lists = [Home(closed_home).erased] if is_elsewhere else []
    done = restore_backup(tmp_path / "one.tar", home, silent, replace=True, erased=lists)
    assert done.applied.erased == 1
    assert list(found_below(home, account_bytes(ERASED))) == []
    assert len(list(home.recordings.rglob("*.opus"))) == 2
    async with an_evening(home.folder) as again:
        assert (await consents_of(again.database, OTHER, GUILD, NOW)).here >= TO_PERFORM
        assert (await consents_of(again.database, ERASED, GUILD, NOW)).here == frozenset()
        if not is_elsewhere:
            # The list of the erased is all that a home elsewhere can know.
            assert done.applied.withdrawals > 0
            assert (await consents_of(again.database, WITHDRAWN, GUILD, NOW)).here == frozenset()


async def test_requests_that_only_the_replaced_journal_has_count(closed_home: Path, tmp_path: Path):
    async with an_evening(closed_home) as later:

        async def never(*_: object) -> None:
            await asyncio.Event().wait()

        later.promises.keep_by("erasure_asked", never)
        later.promises.keep_by("consent_asked", never)
        later.services.erasures.ask_now(ERASED)
        later.services.consent_requests.ask_now(GUILD, WITHDRAWN, ConsentWish(frozenset(), is_adult=False))
        await asyncio.sleep(0.05)
    home = Home(closed_home)
    done = restore_backup(tmp_path / "one.tar", home, silent, replace=True)
    assert done.applied.erased == 1
    async with an_evening(home.folder) as again:
        await again.promises.all_kept()
        assert (await consents_of(again.database, WITHDRAWN, GUILD, NOW)).here == frozenset()
        assert await again.value("SELECT count(*) FROM tracks") == 2
