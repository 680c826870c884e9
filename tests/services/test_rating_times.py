"""How long a rater took is measured by a clock that no one sets."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.store.database import Database
from tests.evening import AUDIENCE, GOOD_ANSWERS, PERFORMERS, Evening, SetClock


async def test_a_rating_takes_as_long_as_it_took_even_if_the_clock_is_set_in_between(evening: Evening):
    session = await evening.open()
    await evening.play(session)
    await evening.services.turns.settled()
    evening.clock = clock = SetClock()
    for set_by in (timedelta(hours=-1), timedelta(days=30), timedelta()):
        clip = await evening.services.ratings.next_clip(session, AUDIENCE)
        clock.set_by += set_by
        clock.later += 7.0
        await evening.services.ratings.record(session, clip.token, AUDIENCE, GOOD_ANSWERS)
    rows = await evening.database.fetch_all("SELECT asked_at, answered_at FROM ratings ORDER BY rating_id")
    took = [datetime.fromisoformat(row["answered_at"]) - datetime.fromisoformat(row["asked_at"]) for row in rows]
    assert len(took) == 3
    assert all(timedelta(seconds=7) <= one < timedelta(minutes=10) for one in took), took


async def test_an_answer_counts_from_when_it_was_sent_not_from_when_it_could_be_stored(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.open()
    await evening.play(session)
    await evening.services.turns.settled()
    evening.clock = clock = SetClock()
    begin = Database._begin

    async def late(database: Database) -> None:
        clock.later += 20.0
        await begin(database)

    own = await evening.services.ratings.next_clip(session, PERFORMERS[0])
    sent_at = clock.wall()
    monkeypatch.setattr(Database, "_begin", late)
    await evening.services.ratings.record_self(session, own.token, PERFORMERS[0], GOOD_ANSWERS)
    answered_at = datetime.fromisoformat(await evening.value("SELECT answered_at FROM self_ratings"))
    assert abs(answered_at - sent_at) < timedelta(seconds=15)
