"""Erasure in a running bot takes effect first, and is done step by step."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.consent import TO_PERFORM
from bot.domain.erasing import ErasureStep
from bot.domain.errors import ErasureUnderWay
from bot.domain.ids import PersonId
from bot.domain.profile import Question
from bot.services.rights import erasures
from bot.store.consents import consents_of
from bot.store.pay import add_correction, corrections_in
from bot.store.profiles import answer_question
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


async def test_what_was_paid_stays_without_words_and_the_profile_goes(evening: Evening):
    live = await evening.in_a_take()
    session = live.session_id
    person = PersonId(await evening.value(f"SELECT person_id FROM people WHERE discord_user_id = {ERASED}"))
    async with evening.database.transaction() as tx:
        await add_correction(tx, session, person, 100, "EUR", "a cold", NOW)
        await answer_question(tx, person, Question.HEARING, "good", NOW)
    await evening.services.cuts.cut(live, evening.booth.started_at + 3.0)
    await evening.services.erasures.ask_now(ERASED).kept
    await evening.services.erasures.settled()
    (left,) = await corrections_in(evening.database, session)
    assert (left.amount_minor, left.reason) == (100, "")
    assert await evening.value("SELECT count(*) FROM profiles") == 0


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
