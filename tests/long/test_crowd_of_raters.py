"""Two hundred people press Rate while a take is called: the start of the take waits for none of them."""

from __future__ import annotations

import asyncio
from time import monotonic

from bot.domain.consent import TO_RATE
from bot.domain.ids import UserId
from tests.evening import GOOD_ANSWERS, GUILD, PERFORMERS, Evening

RATERS = 200
TURNS, WANTED = 7, 10
"""Turns per performer, and ratings wanted for each: with three performers, there is a place for everyone."""


async def test_a_take_is_recorded_before_their_clips_are_ready(evening: Evening):
    raters = [UserId(700_000_000_000_000_001 + number) for number in range(RATERS)]
    await asyncio.gather(*(evening.consent(rater, TO_RATE) for rater in raters))
    await evening.services.guilds.change(GUILD, "ratings_wanted", WANTED)
    session = await evening.open()
    for _ in range(TURNS):
        await evening.play(session)
    await evening.services.scenes.deal(session)
    await evening.services.turns.settled()
    for made in evening.settings.home.clips.iterdir():
        made.unlink()
    ratings = [asyncio.create_task(evening.services.ratings.next_clip(session, rater)) for rater in raters]
    async with asyncio.timeout(60):
        while not any(rating.done() for rating in ratings):  # noqa: ASYNC110 - nothing signals a clip
            await asyncio.sleep(0.001)
        called = await evening.services.takes.start(session, monotonic())
    waiting = sum(not rating.done() for rating in ratings)
    assert called.recorded_users == frozenset(PERFORMERS)
    assert evening.booth.order is not None
    assert waiting > RATERS / 2, f"{RATERS - waiting} clips were cut before the take began"
    clips = await asyncio.gather(*ratings)
    assert len({clip.path for clip in clips}) > TURNS
    assert all(clip.path.exists() for clip in clips)
    record = evening.services.ratings.record
    given = zip(raters, clips, strict=True)
    await asyncio.gather(*(record(session, clip.token, rater, GOOD_ANSWERS) for rater, clip in given))
    assert await evening.value("SELECT count(*) FROM ratings") == RATERS
    most = "SELECT max(number) FROM (SELECT count(*) AS number FROM ratings GROUP BY turn_id)"
    assert await evening.value(most) <= WANTED
