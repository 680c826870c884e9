"""The voice test with the real store: pairs come between clips, and are answered with one press."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.domain import errors
from bot.domain.consent import TO_RATE
from bot.domain.ids import UserId
from bot.domain.queue.pairs import PairAnswer
from bot.live.session import LiveSession
from bot.services.rating.voice_pairs import PairOfClips
from tests.evening import AUDIENCE, GOOD_ANSWERS, PERFORMERS, Evening
from tests.long.many_turns import put_up

OTHER = UserId(700_000_000_000_000_001)
SCENES, TURNS = 3, 6
"""Scenes, and turns per performer in each."""


async def several_scenes(evening: Evening) -> LiveSession:
    await evening.consent(OTHER, TO_RATE)
    session = await evening.open()
    for _ in range(SCENES):
        await evening.play(session)
    await put_up(evening, TURNS, 12_000)
    for take in await evening.database.fetch_all("SELECT take_id FROM takes"):
        await evening.services.voice_pairs.clips.prepare(take["take_id"])
    return session


async def rate_until_pair(evening: Evening, session: LiveSession, rater: UserId) -> tuple[PairOfClips, int]:
    """Rate clips until a pair comes; returns it and how many clips came before."""
    ratings, clips = evening.services.ratings, 0
    while (pair := await evening.services.voice_pairs.next_pair(session, rater)) is None:
        clip = await ratings.next_clip(session, rater)
        record = ratings.record_self if clip.is_own else ratings.record
        await record(session, clip.token, rater, GOOD_ANSWERS)
        clips += 1
    return pair, clips


async def test_pairs_are_answered_with_one_press_and_count_for_nothing_else(evening: Evening):
    session = await several_scenes(evening)
    pairs = evening.services.voice_pairs
    ratings_before = 0
    for number in range(4):
        pair, clips = await rate_until_pair(evening, session, AUDIENCE)
        ratings_before += clips
        again = await pairs.next_pair(session, AUDIENCE)
        assert again is not None
        assert (again.token, again.paths) == (pair.token, pair.paths), "pressing again brings the same pair"
        for refused in (evening.services.ratings.record, evening.services.ratings.record_self):
            with pytest.raises(errors.NoSuchTurn):
                await refused(session, pair.token, AUDIENCE, GOOD_ANSWERS)
        with pytest.raises(errors.TrialOfAnother):
            await pairs.record(session, pair.token, OTHER, PairAnswer.SAME)
        await pairs.record(session, pair.token, AUDIENCE, list(PairAnswer)[number % 3])
        with pytest.raises(errors.AlreadyRated):
            await pairs.record(session, pair.token, AUDIENCE, PairAnswer.SAME)
        assert await pairs.next_pair(session, AUDIENCE) is None, "a clip comes next"
        assert len(set(pair.paths)) == 2
        assert all(path.exists() for path in pair.paths)
    rows = await evening.database.fetch_all(
        "SELECT item, value, response_ms, other_turn_id, turn_id FROM trials JOIN answers USING (trial_id) "
        "WHERE kind = 'pair'"
    )
    assert Counter((row["item"], row["value"]) for row in rows) == {
        ("same_character", "same"): 2,
        ("same_character", "different"): 1,
        ("same_character", "cannot_judge"): 1,
    }
    assert all(row["response_ms"] is not None for row in rows)
    assert await evening.value("SELECT count(*) FROM trials WHERE kind = 'turn'") == ratings_before
    assert (
        await evening.value(
            "SELECT count(*) FROM ratings WHERE rating_id NOT IN (SELECT trial_id FROM trials "
            "WHERE kind = 'turn' AND purpose = 'rating')"
        )
        == 0
    )


async def test_a_performer_hears_no_pair_of_their_own_and_none_that_is_still_to_be_cut(evening: Evening):
    session = await several_scenes(evening)
    pair, _ = await rate_until_pair(evening, session, PERFORMERS[0])
    own = (
        "SELECT count(*) FROM trials JOIN turns ON turns.turn_id IN (trials.turn_id, other_turn_id) "
        "JOIN tracks USING (track_id) WHERE kind = 'pair' AND person_id = rater_id"
    )
    assert await evening.value(own) == 0
    for clip in evening.settings.home.clips.iterdir():
        clip.unlink()
    assert await evening.services.voice_pairs.next_pair(session, PERFORMERS[0]) is None
    assert not any(evening.settings.home.clips.iterdir()), "nothing was cut for it"
    assert pair.token
