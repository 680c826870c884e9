"""Turns are looked for after a take is kept: also by the next process, and again if the rules have changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.errors import NothingToRate
from bot.domain.ids import SessionId
from bot.live.apart import Step
from bot.turns.finding import WITH_VOICE
from tests.evening import AUDIENCE, PERFORMERS, Evening

COUNT = "SELECT count(*) FROM turns"


async def fail(work: Callable[[Step], Any]) -> Any:
    raise MemoryError("no room for a track")


async def test_a_search_that_fails_keeps_no_take_from_being_kept_and_is_made_up_for(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.on_stage()
    search = evening.services.turns.search
    broken = type(search)(search.database, search.clock, search.home, fail)
    monkeypatch.setattr(evening.services.turns.search.__class__, "search", lambda _, *given: broken.search(*given))
    assert (await evening.play(session)).tracks == len(PERFORMERS)
    await evening.services.turns.settled()
    with pytest.raises(NothingToRate):
        await evening.services.ratings.next_clip(session, AUDIENCE)
    monkeypatch.undo()
    await evening.services.turns.search_left_over()
    assert await evening.value("SELECT count(*) FROM turns WHERE is_for_rating") == len(PERFORMERS)
    assert (await evening.services.ratings.next_clip(session, AUDIENCE)).remaining == len(PERFORMERS)


async def test_turns_are_found_again_if_the_rules_have_changed_and_rated_ones_stay(evening: Evening):
    session = await evening.on_stage()
    await evening.play(session)
    clip = await evening.services.ratings.next_clip(session, AUDIENCE)
    answers = {"emotion": "joy", "intensity": "2", "valence": "3", "arousal": "3", "authenticity": "4"}
    await evening.services.ratings.record(session, clip.token, AUDIENCE, answers)
    before = await evening.database.fetch_all("SELECT * FROM turns ORDER BY turn_id")
    async with evening.database.transaction() as tx:
        await tx.execute("UPDATE turns SET method = 'spurts-1'")
        await tx.execute("UPDATE tracks SET turns_method = 'spurts-1'")
    searched = [take async for take in evening.services.turns.search.search_left_over({WITH_VOICE})]
    assert [take.session_id for take in searched] == [SessionId(1)]
    after = await evening.database.fetch_all("SELECT * FROM turns ORDER BY turn_id")
    [rated] = [dict(row) for row in before if row["turn_id"] == clip.turn_id]
    assert rated | {"method": "spurts-1"} in [dict(row) for row in after]
    assert {row["method"] for row in after if row["turn_id"] != clip.turn_id} == {WITH_VOICE}
    numbers = {(row["track_id"], row["number"]) for row in before} & {
        (row["track_id"], row["number"]) for row in after if row["turn_id"] != clip.turn_id
    }
    assert not numbers, "no number is given twice"
    assert not [take async for take in evening.services.turns.search.search_left_over({WITH_VOICE})]


async def test_an_export_asked_for_just_after_a_cut_has_the_turns(evening: Evening):
    session = await evening.on_stage()
    await evening.play(session)
    async with evening.services.exports.packed(session.guild_id, session.session_id) as packed:
        assert packed.result.clips == len(PERFORMERS)
