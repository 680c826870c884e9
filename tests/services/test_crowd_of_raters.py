"""Two hundred people press Rate while a take is called: what a take needs at its start waits for none of them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import monotonic

from bot.domain.consent import TO_RATE
from bot.domain.ids import UserId
from tests.evening import PERFORMERS, an_evening

RATERS = 200
TURNS = 6
"""By each performer: enough for raters to be brought different clips first."""


async def test_a_take_is_recorded_before_their_clips_are_ready(tmp_path: Path):
    async with an_evening(tmp_path) as evening:
        await evening.everybody_consents()
        raters = [UserId(700_000_000_000_000_001 + number) for number in range(RATERS)]
        await asyncio.gather(*(evening.consent(rater, TO_RATE) for rater in raters))
        session = await evening.open()
        for _ in range(TURNS):
            await evening.play(session)
        await evening.services.scenes.deal(session)
        ratings = [asyncio.create_task(evening.services.ratings.next_clip(session, rater)) for rater in raters]
        async with asyncio.timeout(60):
            while not any(rating.done() for rating in ratings):  # noqa: ASYNC110 - clips tell nobody that they are cut
                await asyncio.sleep(0.001)
            called = await evening.services.takes.start(session, monotonic())
        waiting = sum(not rating.done() for rating in ratings)
        assert called.recorded_users == frozenset(PERFORMERS)
        assert evening.booth.order is not None
        assert waiting > RATERS / 2, f"{RATERS - waiting} clips were cut before the take began"
        clips = await asyncio.gather(*ratings)
        assert len({clip.path for clip in clips}) > TURNS
        assert all(clip.path.exists() for clip in clips)
