"""Searches for turns that are disturbed: by a full disk, a damaged file, another process, or a restart before them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bot.app import open_services
from bot.audio.sound import write_ogg_opus
from bot.config import load_settings
from bot.domain.ids import TakeId, TrackId
from bot.live.ports import SystemClock
from bot.live.workers import Lane
from bot.samples import SAMPLE_RATE_HZ
from bot.services.turns import search as searching
from bot.store.database import Database, open_database
from bot.turns.finding import TakeOrder, find_take
from tests.evening import AUDIENCE, PERFORMERS, Evening, an_evening, refuse_for_full_disk
from tests.paper import PaperStage
from tests.services.finder import Finder, forget_turns

FOUND = "SELECT count(*) FROM events WHERE kind = 'turns_found'"
FOR_RATING = "SELECT count(*) FROM turns WHERE is_for_rating"


async def test_turns_that_a_full_disk_does_not_take_in_are_stored_once_there_is_space(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    finder = Finder(evening)
    finder.may_go_on.clear()
    session = await evening.on_stage()
    await evening.play(session)
    with monkeypatch.context() as patched:
        patched.setattr(Database, "_begin", refuse_for_full_disk)
        patched.setattr(searching, "LONGEST_PAUSE_SECONDS", 0.05)
        finder.may_go_on.set()
        while not finder.results:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        assert evening.services.turns.is_searching(session.session_id)
    await evening.services.turns.settled()
    assert await evening.value(FOR_RATING) == len(PERFORMERS)
    assert len(finder.orders) == 1, "what was found is not looked for again"


async def test_a_track_is_searched_beside_all_others_of_its_take(evening: Evening):
    session = await evening.on_stage()
    await evening.play(session)
    await evening.services.turns.settled()
    mix_peak = await evening.value("SELECT mix_peak FROM takes")
    await forget_turns(evening, [2])
    finder = Finder(evening)
    await evening.services.turns.search_left_over()
    assert [len(order.tracks) for order in finder.orders] == [len(PERFORMERS)]
    assert [track.track_id for track in finder.results[0].tracks] == [TrackId(2)]
    assert await evening.value(FOR_RATING) == len(PERFORMERS)
    assert await evening.value("SELECT mix_peak FROM takes") == mix_peak


async def test_a_track_that_is_gone_costs_the_next_starts_nothing(evening: Evening):
    session = await evening.on_stage()
    await evening.play(session)
    await evening.services.turns.settled()
    await forget_turns(evening, [2])
    path = evening.home.track(await evening.value("SELECT path FROM tracks WHERE track_id = 2"))
    path.unlink()
    before = [await evening.value(sql) for sql in (FOUND, "SELECT mix_peak FROM takes")]
    finder = Finder(evening)
    await evening.services.turns.search_left_over()
    assert [found.tracks for found in finder.results] == [()]
    assert [await evening.value(sql) for sql in (FOUND, "SELECT mix_peak FROM takes")] == before


async def test_two_processes_that_search_the_same_take_store_its_turns_once(evening: Evening):
    session = await evening.on_stage()
    await evening.play(session)
    await evening.services.turns.settled()
    await forget_turns(evening, [1, 2, 3])
    finder = Finder(evening)
    finder.may_go_on.clear()
    processes = [replace(evening.services.turns.search, _one_by_one=asyncio.Lock()) for _ in range(2)]
    searches = [asyncio.create_task(process.search(TakeId(1))) for process in processes]
    while len(finder.orders) < len(searches):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    finder.may_go_on.set()
    await asyncio.gather(*searches)
    assert await evening.value("SELECT count(*) FROM turns") == len(PERFORMERS)
    assert await evening.value(FOUND) == 2, "the first search, and one of these two"


async def test_a_rater_who_comes_just_after_a_restart_waits_for_the_clips(tmp_path: Path):
    async with an_evening(tmp_path) as evening:
        await evening.everyone_consents()
        session = await evening.on_stage()
        await evening.play(session)
        await evening.services.turns.settled()
        await forget_turns(evening, [1, 2, 3])
    async with an_evening(tmp_path) as evening:
        finder = Finder(evening)
        finder.may_go_on.clear()
        search = asyncio.create_task(evening.services.turns.search_left_over())
        while not finder.orders:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        asked = asyncio.create_task(evening.services.ratings.next_clip(evening.live, AUDIENCE))
        await asyncio.sleep(0.05)
        finder.may_go_on.set()
        assert (await asked).remaining == len(PERFORMERS)
        await search


async def test_a_sound_check_does_not_wait_until_turns_are_found(tmp_path: Path):
    settings = load_settings({}, tmp_path / "no.env", tmp_path)
    database = await open_database(settings.home)
    path = tmp_path / "long.opus"
    write_ogg_opus(path, np.random.default_rng(1).normal(0, 0.01, 120 * SAMPLE_RATE_HZ).astype(np.float32))
    order = TakeOrder(((TrackId(1), path), (TrackId(2), path)))
    async with open_services(settings, database, SystemClock(), PaperStage({})) as services:
        search = asyncio.ensure_future(services.turns.search.apart(partial(find_take, order)))
        await asyncio.sleep(0.1)
        await services.sound_checks.workers.run(Lane.MEASURING, int)
        assert not search.done()
        assert [len(found.turns) for found in (await search).tracks] == [0, 0]
    await database.close()
