"""An X-card costs no performer their turn: what a stopped scene counts for, when, and that it counts for attendance."""

from __future__ import annotations

from time import monotonic

from bot.domain.casting.rotation import counted_scenes
from bot.domain.casting.types import History
from bot.live.session import LiveSession
from bot.store.attendance import attendance_of
from bot.store.history import history_of, read_played
from bot.store.people import people_among
from tests.evening import AUDIENCE, GUILD, PERFORMERS, Evening


async def history(evening: Evening, session: LiveSession) -> History:
    people = (await people_among(evening.database, PERFORMERS)).values()
    return history_of(await read_played(evening.database, GUILD, session.session_id), list(people))


async def stopped_take(evening: Evening, session: LiveSession) -> None:
    """Deal a scene, and stop it by an X-card in the middle of its take."""
    await evening.services.scenes.deal(session)
    await evening.start(session)
    evening.everyone_speaks(2.0)
    await evening.services.x_card.stop(session, PERFORMERS[0], monotonic())
    await evening.no_take()


async def test_a_stopped_scene_counts_for_the_next_deal_and_then_no_more(evening: Evening):
    session = await evening.open()
    await evening.play(session)
    before = await history(evening, session)
    await stopped_take(evening, session)
    # Those who were in it are not called on stage again at once, if there are others.
    directly = await history(evening, session)
    assert set(counted_scenes(directly.appearances).values()) == {2}
    assert sum(directly.emotions.values()) == 6
    await evening.services.scenes.deal(session)
    after = await history(evening, session)
    assert set(counted_scenes(after.appearances).values()) == {2}
    assert sum(after.emotions.values()) == 6
    assert set(after.pairs.values()) == {2}
    assert {person: len(scenes) for person, scenes in before.appearances.items()} == dict.fromkeys(after.appearances, 1)
    # Its prompt does not come again as if no one had played it.
    assert sum(after.prompts.values()) == 3


async def test_a_stop_before_a_take_costs_no_turn_either(evening: Evening):
    session = await evening.open()
    await evening.services.scenes.deal(session)
    await evening.services.x_card.stop(session, AUDIENCE, monotonic())
    await evening.services.scenes.deal(session)
    again = await history(evening, session)
    assert set(counted_scenes(again.appearances).values()) == {1}


async def test_a_scene_that_is_dealt_again_after_a_stop_is_dealt_from_the_same_counts(evening: Evening):
    session = await evening.open()
    await stopped_take(evening, session)
    directly = await history(evening, session)
    dealt = await evening.services.scenes.deal(session)
    people = (await people_among(evening.database, PERFORMERS)).values()
    played = await read_played(evening.database, GUILD, session.session_id, but_scene=dealt.scene.scene_id)
    assert history_of(played, list(people)) == directly


async def test_everyone_still_counts_as_having_been_there(evening: Evening):
    session = await evening.open()
    await stopped_take(evening, session)
    there = {one.discord_user_id for one in await attendance_of(evening.database, session.session_id)}
    assert there >= {*PERFORMERS, AUDIENCE}
    assert await evening.value("SELECT count(*) FROM castings") == len(PERFORMERS)
    assert await evening.value("SELECT count(*) FROM tracks") == len(PERFORMERS)
