"""Exports in Discord wait for the turns of their sessions, and only for those, and not for longer than Discord does."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager

import pytest

from bot.domain.errors import ExportTooEarly
from bot.services import exports
from bot.ui.texts.errors import sentence_of
from tests.evening import PERFORMERS, Evening
from tests.services.finder import Finder, forget_turns


async def enter_and_leave(context: AbstractAsyncContextManager[object]) -> None:
    async with context:
        pass


async def test_an_export_looks_for_the_turns_of_its_sessions_that_a_failed_search_left(evening: Evening):
    session = await evening.on_stage()
    await evening.play(session)
    await evening.services.turns.settled()
    await forget_turns(evening, [1, 2, 3])
    async with evening.services.exports.packed(session.guild_id, session.session_id) as packed:
        assert packed.result.clips == len(PERFORMERS)


async def test_an_export_does_not_wait_longer_than_discord_does(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    finder = Finder(evening)
    finder.may_go_on.clear()
    session = await evening.on_stage()
    await evening.play(session)
    with monkeypatch.context() as patched:
        patched.setattr(exports, "LONGEST_SEARCH_SECONDS", 0.1)
        with pytest.raises(ExportTooEarly) as refused:
            await enter_and_leave(evening.services.exports.packed(session.guild_id, session.session_id))
    assert "/export" in sentence_of(refused.value)
    finder.may_go_on.set()
    async with evening.services.exports.packed(session.guild_id, session.session_id) as packed:
        assert packed.result.clips == len(PERFORMERS)


async def test_an_export_does_not_wait_for_other_sessions(evening: Evening):
    session = await evening.on_stage()
    await evening.play(session)
    await evening.services.turns.settled()
    await evening.services.sessions.end(session)
    finder = Finder(evening)
    finder.may_go_on.clear()
    later = await evening.on_stage()
    await evening.play(later)
    async with asyncio.timeout(60):
        async with evening.services.exports.packed(session.guild_id, session.session_id) as packed:
            assert packed.result.clips == len(PERFORMERS)
    finder.may_go_on.set()
