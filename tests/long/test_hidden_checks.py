"""Hidden checks with the real store: they come, look like any other clip, and count for nothing but themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pytest

from bot.domain import errors
from bot.domain.consent import TO_RATE
from bot.domain.ids import TurnId, UserId
from bot.domain.queue.checks import GAP
from bot.live.session import LiveSession
from bot.services.rating.ratings import Clip
from bot.store.reviews import let_raters_wait
from tests.evening import GOOD_ANSWERS, GUILD, Evening
from tests.long.many_turns import put_up

TURNS, WANTED = 16, 2
"""Turns per performer, and ratings wanted for each."""

RATERS = [UserId(700_000_000_000_000_001 + number) for number in range(4)]


@dataclass
class Rated:
    """What one rater was given, in order, and what they read of it."""

    clips: list[Clip] = field(default_factory=list[Clip])
    items: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])


async def many_turns(evening: Evening) -> LiveSession:
    """One take with many short turns."""
    for rater in RATERS:
        await evening.consent(rater, TO_RATE)
    await evening.services.guilds.change(GUILD, "ratings_wanted", WANTED)
    session = await evening.open()
    await evening.play(session)
    await put_up(evening, TURNS, 6000)
    return session


async def rate_one(evening: Evening, session: LiveSession, rater: UserId, rated: Rated) -> bool:
    ratings = evening.services.ratings
    try:
        clip = await ratings.next_clip(session, rater)
    except errors.NothingToRate:
        return False
    again = await ratings.next_clip(session, rater)
    assert (again.token, again.remaining) == (clip.token, clip.remaining), "pressing again brings the same clip"
    form = await ratings.questions(session, clip.token, rater, as_self=False)
    rated.clips.append(clip)
    rated.items.append(tuple(item.key for item in form.items))
    await ratings.record(session, clip.token, rater, GOOD_ANSWERS)
    with pytest.raises(errors.AlreadyRated):
        await ratings.record(session, clip.token, rater, GOOD_ANSWERS)
    return True


async def test_checks_come_between_clips_look_like_them_and_are_no_ratings(evening: Evening):
    session = await many_turns(evening)
    rated: defaultdict[UserId, Rated] = defaultdict(Rated)
    while await rate_one(evening, session, RATERS[0], rated[RATERS[0]]):
        pass
    alone = rated[RATERS[0]]
    assert [clip.remaining for clip in alone.clips] == list(range(len(alone.clips), 0, -1))
    others = RATERS[1:]
    while any([await rate_one(evening, session, rater, rated[rater]) for rater in others]):
        pass
    trials = await evening.database.fetch_all(
        "SELECT discord_user_id AS rater, turn_id AS turn, purpose, token, kind, items FROM trials "
        "JOIN people ON person_id = rater_id ORDER BY trial_id"
    )
    purposes = {row["token"]: row["purpose"] for row in trials}
    counts = Counter(purposes.values())
    assert counts["rating"] == 3 * TURNS * WANTED
    assert counts["repeat"] >= len(alone.clips) // 10
    assert counts["reference"] >= 1
    for one in rated.values():
        _check(one, purposes)
    assert {row["kind"] for row in trials} == {"turn"}
    per_turn = "SELECT count(*) AS number FROM ratings GROUP BY turn_id"
    assert {row["number"] for row in await evening.database.fetch_all(per_turn)} == {WANTED}
    assert await evening.value("SELECT count(*) FROM answers WHERE item = 'emotion'") == len(trials)


async def test_no_clip_comes_again_of_a_performer_who_wants_to_hear_their_turns_first(evening: Evening):
    session = await many_turns(evening)
    rated: defaultdict[UserId, Rated] = defaultdict(Rated)
    for _ in range(TURNS):
        for rater in RATERS:
            await rate_one(evening, session, rater, rated[rater])
    first, second, _ = await evening.database.fetch_all("SELECT person_id FROM tracks ORDER BY track_id")
    async with evening.database.transaction() as tx:
        for row in (first, second):
            await let_raters_wait(tx, row["person_id"], evening.services.clock.now(), wait=True)
    before = {rater: len(one.clips) for rater, one in rated.items()}
    while any([await rate_one(evening, session, rater, rated[rater]) for rater in RATERS]):
        pass
    later = [clip.turn_id for rater, one in rated.items() for clip in one.clips[before[rater] :]]
    assert len(later) > len(RATERS)
    sql = "SELECT DISTINCT person_id FROM turns JOIN tracks USING (track_id) WHERE turn_id = ?"
    performers = {await evening.database.fetch_value(sql, turn) for turn in later}
    assert performers.isdisjoint({first["person_id"], second["person_id"]})


def _check(rated: Rated, purposes: dict[str, str]) -> None:
    """A repeat is of a clip that was rated long enough before; a reference of one that was not; all forms are alike."""
    assert len(set(rated.items)) == 1
    assert len({clip.token for clip in rated.clips}) == len(rated.clips)
    heard = dict[TurnId, int]()
    for place, clip in enumerate(rated.clips):
        if purposes[clip.token] == "repeat":
            assert place - heard[clip.turn_id] > GAP
        else:
            assert clip.turn_id not in heard
            heard[clip.turn_id] = place
        assert not clip.is_own
        assert clip.path.exists()
