"""What people permit binds: a new text is asked before the next take, and what was withdrawn stays withdrawn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from time import monotonic

import pytest

from bot.dataset.model.options import Options
from bot.dataset.model.selection import keep_consented
from bot.domain import errors
from bot.domain.consent import TO_PERFORM, TO_RATE, ConsentText
from bot.domain.ids import SessionId
from bot.services.facts.library import Library
from bot.store.exporting import read_snapshot
from bot.store.ratings import turns_to_rate
from tests.evening import GUILD, PERFORMERS, Evening

ANNA = PERFORMERS[0]
ALL = TO_PERFORM | TO_RATE


@pytest.fixture
def text_is(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> Callable[[ConsentText], None]:
    """Puts another text into the troupe's folder."""

    def put(text: ConsentText) -> None:
        monkeypatch.setattr(Library, "consent_text", lambda *_: text)

    return put


async def test_a_text_that_asks_again_is_asked_before_the_next_take(
    evening: Evening, text_is: Callable[[ConsentText], None]
):
    session, old = await evening.on_stage(), evening.services.library.consent_text()
    text_is(replace(old, sha256="1" * 64, text="A word is corrected."))
    await evening.start(session)
    assert evening.take.recordable == set(PERFORMERS)

    selling = replace(old, version="2027-1", sha256="2" * 64, text="Your voice is sold.", asks_again=True)
    text_is(selling)
    assert evening.take.recordable == set(PERFORMERS), "who is being recorded is not asked in the middle of a take"
    await evening.services.cuts.cut(evening.live, monotonic())
    with pytest.raises(errors.TooFewPerformers):
        await evening.services.takes.start(session, monotonic())
    with pytest.raises(errors.TooFewPerformers):
        await evening.services.scenes.deal(session)

    # That it asks is not forgotten with the next correction.
    text_is(replace(selling, version="2027-2", sha256="3" * 64, asks_again=False))
    with pytest.raises(errors.TooFewPerformers):
        await evening.services.takes.start(session, monotonic())
    assert await evening.services.consent_requests.ask(GUILD, ANNA, ALL, is_adult=True), "they agree to the new text"
    assert (await evening.services.takes.start(session, monotonic())).recorded_users == {ANNA}
    await evening.services.cuts.cut(evening.live, monotonic())


async def test_what_was_withdrawn_comes_back_neither_to_raters_nor_into_exports(evening: Evening):
    session = await evening.open()
    await evening.play(session)
    await evening.services.turns.settled()
    everyone = await heard(evening, session.session_id)
    assert set(everyone) == set(PERFORMERS)

    await evening.services.consent_requests.ask(GUILD, ANNA, frozenset(), is_adult=True)
    await asyncio.sleep(0.002)
    promise = await evening.services.consent_requests.ask(GUILD, ANNA, ALL, is_adult=True)
    assert {one.scope for one in promise} == ALL
    assert set(await heard(evening, session.session_id)) == set(PERFORMERS[1:])
    assert await rateable(evening, session.session_id) == set(PERFORMERS[1:])

    await evening.play(session)
    await evening.services.turns.settled()
    again = await heard(evening, session.session_id)
    assert again[ANNA] == 1, "what she says from now on counts"
    assert all(again[one] == 2 for one in PERFORMERS[1:] if one in again)


async def test_what_was_withdrawn_comes_back_if_that_is_asked_for_in_so_many_words(evening: Evening):
    session = await evening.open()
    await evening.play(session)
    await evening.services.turns.settled()
    before = await heard(evening, session.session_id)
    await evening.services.consent_requests.ask(GUILD, ANNA, frozenset(), is_adult=True)
    assert not await evening.services.consent_requests.cover_earlier(GUILD, ANNA), "nothing is in force"
    await evening.services.consent_requests.ask(GUILD, ANNA, ALL, is_adult=True)
    assert await heard(evening, session.session_id) != before
    changed = await evening.services.consent_requests.cover_earlier(GUILD, ANNA)
    assert {one.scope for one in changed} == ALL
    assert await heard(evening, session.session_id) == before
    assert not await evening.services.consent_requests.cover_earlier(GUILD, ANNA), "there is nothing left to bring back"


async def heard(evening: Evening, session_id: SessionId) -> dict[int, int]:
    """How many tracks of each account an export would have."""
    rows = await evening.database.fetch_all("SELECT person_id, discord_user_id FROM people")
    people: dict[int, int] = {row["person_id"]: row["discord_user_id"] for row in rows}
    snapshot, _ = keep_consented(read_snapshot(evening.database.path, [session_id]), Options())
    found: dict[int, int] = {}
    for track in snapshot.tracks:
        found[people[track.person_id]] = found.get(people[track.person_id], 0) + 1
    return found


async def rateable(evening: Evening, session_id: SessionId) -> set[int]:
    """Whose clips raters may hear."""
    turns = await turns_to_rate(evening.database, session_id)
    return {turn.performer_user_id for turn in await evening.services.consents.may_be_heard(turns, GUILD)}
