"""Opening a session while something fails: either it begins properly, or the bot leaves the channel."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from bot.services.access import open_sessions
from bot.services.session import sessions
from bot.store.database import Database
from tests.evening import GUILD, Evening
from tests.paper import PaperBooth, PaperStage


async def fail(*_: Any, **__: Any) -> None:
    raise sqlite3.OperationalError("out of cheese")


def in_the_write(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sessions, "add_session", fail)


def in_the_read_after_it(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(open_sessions, "last_change", fail)


def in_the_panel(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(PaperStage, "post_panel", fail)


def in_the_notice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(PaperBooth, "announce", fail)


@pytest.mark.parametrize("where", [in_the_write, in_the_read_after_it, in_the_panel, in_the_notice])
async def test_whatever_goes_wrong_nothing_is_left_and_the_next_start_succeeds(
    evening: Evening, where: Callable[[pytest.MonkeyPatch], None]
):
    with pytest.MonkeyPatch.context() as patch:
        where(patch)
        with pytest.raises(sqlite3.OperationalError, match="out of cheese"):
            await evening.open()
    assert evening.booth.left
    assert evening.services.live.in_guild(GUILD) is None
    assert await evening.value("SELECT count(*) FROM sessions WHERE ended_at IS NULL") == 0
    await evening.play(await evening.open())


async def test_a_session_that_can_neither_begin_nor_be_closed_is_not_heard_and_can_be_ended(evening: Evening):
    with pytest.MonkeyPatch.context() as patch:

        async def fill_up(*_: Any) -> None:
            patch.setattr(Database, "_begin", fail)
            raise RuntimeError("the panel cannot be posted")

        patch.setattr(PaperStage, "post_panel", fill_up)
        with pytest.raises(RuntimeError, match="panel"):
            await evening.open()
    assert evening.booth.left
    await evening.services.sessions.end(evening.live)
    await evening.play(await evening.open())
