"""Erasure in a running bot takes effect first, and is done step by step."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.consent import TO_PERFORM
from bot.domain.erasing import ErasureStep
from bot.domain.errors import ErasureUnderWay
from bot.services.rights import erasures
from bot.store.consents import consents_of
from tests.evening import GUILD, PERFORMERS, Evening
from tests.rights.traces import account_bytes, found_below

NOW = "2100-01-01T00:00:00.000Z"

ERASED, OTHERS = PERFORMERS[0], PERFORMERS[1:]


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasures, "LOOK_SECONDS", 0.01)


async def pseudonym_of(evening: Evening, user_id: int) -> str:
    return str(await evening.database.fetch_value("SELECT pseudonym FROM people WHERE discord_user_id = ?", user_id))


async def test_an_account_that_comes_back_is_someone_new(evening: Evening):
    name = await pseudonym_of(evening, ERASED)
    await evening.services.erasures.ask_now(ERASED).kept
    await evening.services.erasures.settled()
    await evening.consent(ERASED, TO_PERFORM)
    assert await pseudonym_of(evening, ERASED) != name
    assert (await consents_of(evening.database, ERASED, GUILD, NOW)).here == TO_PERFORM


async def test_a_person_is_no_longer_recorded_at_once_and_the_files_go_when_the_take_is_over(evening: Evening):
    session = await evening.in_a_take()
    name = await pseudonym_of(evening, ERASED)
    evening.everyone_speaks(2.0)
    assert evening.is_recorded(ERASED)
    promise = evening.services.erasures.ask_now(ERASED)
    assert not evening.is_recorded(ERASED), "it takes effect before anything is stored"
    assert (await evening.services.consents.of(ERASED, GUILD)) == frozenset()
    await promise.kept
    with pytest.raises(ErasureUnderWay):
        await evening.consent(ERASED, TO_PERFORM)
    async with asyncio.timeout(5):
        while await evening.value("SELECT done FROM erasures") != ErasureStep.LIST:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await evening.services.cuts.cut(session, evening.booth.started_at + 3.0)
    await evening.services.erasures.settled()
    assert await evening.value("SELECT finished_at FROM erasures") is not None
    left = list(evening.home.recordings.rglob("*.opus"))
    assert len(left) == len(OTHERS)
    assert not [path for path in left if path.stem == name]
    assert list(found_below(evening.home, account_bytes(ERASED))) == []
