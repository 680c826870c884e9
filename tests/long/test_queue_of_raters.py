"""The queue with the real store: places are held, given on, and never given twice."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.domain import errors
from bot.domain.consent import TO_RATE
from bot.domain.ids import TurnId, UserId
from bot.domain.queue.leases import LEASE_SECONDS
from bot.live.session import LiveSession
from bot.services.rating.ratings import Clip
from tests.evening import GOOD_ANSWERS, GUILD, PERFORMERS, Evening, SetClock

CROWD = [UserId(700_000_000_000_000_001 + number) for number in range(12)]


async def rated_session(evening: Evening, wanted: int) -> LiveSession:
    """Three clips, and a crowd that may rate them."""
    await asyncio.gather(*(evening.consent(rater, TO_RATE) for rater in CROWD))
    await evening.services.guilds.change(GUILD, "ratings_wanted", wanted)
    session = await evening.open()
    await evening.play(session)
    await evening.services.turns.settled()
    return session


async def offered(evening: Evening, session: LiveSession, rater: UserId) -> Clip | None:
    try:
        return await evening.services.ratings.next_clip(session, rater)
    except errors.ClipsWithOthers:
        return None


async def answer(evening: Evening, session: LiveSession, clip: Clip, rater: UserId) -> None:
    await evening.services.ratings.record(session, clip.token, rater, GOOD_ANSWERS)


async def test_a_crowd_that_presses_at_once_gets_each_place_once(evening: Evening):
    session = await rated_session(evening, wanted=3)
    found = await asyncio.gather(*(offered(evening, session, rater) for rater in CROWD))
    given = {rater: clip for rater, clip in zip(CROWD, found, strict=True) if clip is not None}
    turns = [clip.turn_id for clip in given.values()]
    assert Counter(turns).most_common() == [(turn, 3) for turn in dict.fromkeys(turns)]
    assert len(given) == 9
    again = await offered(evening, session, next(iter(given)))
    assert again is not None
    assert again.token == next(iter(given.values())).token, "a rater who presses again gets the same clip"
    await asyncio.gather(*(answer(evening, session, clip, rater) for rater, clip in given.items()))
    late = [rater for rater in CROWD if rater not in given]
    with pytest.raises(errors.NothingToRate) as refused:
        await evening.services.ratings.next_clip(session, late[0])
    assert not isinstance(refused.value, errors.ClipsWithOthers), "nothing is left, and no one holds anything"
    own = await evening.services.ratings.next_clip(session, PERFORMERS[0])
    assert (own.is_own, own.remaining) == (True, 1)


async def test_a_clip_of_a_rater_who_left_is_given_on_and_gets_one_rating_too_many_at_most(evening: Evening):
    session = await rated_session(evening, wanted=1)
    evening.clock = clock = SetClock()
    waves = [CROWD[:3], CROWD[3:6], CROWD[6:9]]
    held = dict[UserId, Clip]()
    for wave in waves:
        clock.later += LEASE_SECONDS + 1
        for rater in wave:
            clip = await offered(evening, session, rater)
            assert clip is not None
            held[rater] = clip
        assert len({held[rater].turn_id for rater in wave}) == 3, "each of the three clips goes to one of them"
    kept = Counter[TurnId]()
    refused = 0
    for rater in reversed(held):
        try:
            await answer(evening, session, held[rater], rater)
        except errors.EnoughRatings:
            refused += 1
        else:
            kept[held[rater].turn_id] += 1
    assert set(kept.values()) == {2}
    assert refused == 3
    assert await evening.value("SELECT count(*) FROM ratings") == 6
