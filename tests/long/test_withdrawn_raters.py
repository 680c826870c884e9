"""What a rater has withdrawn counts nowhere: the queue asks someone else, and the progress says so."""

from __future__ import annotations

from bot.domain.errors import NothingToRate
from bot.domain.ids import UserId
from bot.live.session import LiveSession
from tests.evening import AUDIENCE, GOOD_ANSWERS, GUILD, PERFORMERS, Evening


async def rate_all(evening: Evening, session: LiveSession, user: UserId) -> int:
    """Rate clip after clip, others' and one's own; return how many were others'."""
    ratings, of_others = evening.services.ratings, 0
    while True:
        try:
            clip = await ratings.next_clip(session, user)
        except NothingToRate:
            return of_others
        record = ratings.record_self if clip.is_own else ratings.record
        await record(session, clip.token, user, GOOD_ANSWERS)
        of_others += not clip.is_own


async def test_another_rater_gets_the_clips_of_one_who_has_withdrawn(evening: Evening):
    await evening.services.guilds.change(GUILD, "ratings_wanted", 1)
    session = await evening.open()
    await evening.play(session)
    await evening.services.turns.settled()
    clips = len(PERFORMERS)
    assert await rate_all(evening, session, AUDIENCE) == clips
    assert await rate_all(evening, session, PERFORMERS[0]) == 0, "one rating was wanted"
    waiting = await evening.services.waiting_clips.of(session)
    assert waiting.rated == {1: clips}

    await evening.consent(AUDIENCE, frozenset())
    waiting = await evening.services.waiting_clips.of(session)
    assert waiting.rated == {0: clips}
    assert waiting.left[PERFORMERS[0]] == clips - 1
    assert AUDIENCE not in waiting.left
    status = await evening.services.rating_status.of(GUILD, PERFORMERS[1])
    assert sum(one.everyone.answers for one in status.figures.agreement) == 0
    assert await rate_all(evening, session, PERFORMERS[0]) == clips - 1
    assert (await evening.services.waiting_clips.of(session)).rated == {0: 1, 1: clips - 1}
    assert await evening.value("SELECT count(*) FROM ratings") == 2 * clips - 1, "nothing was deleted"
