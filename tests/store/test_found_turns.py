"""Turns that are found again: no id and no number of a turn ever comes to mean another stretch of sound."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.domain.ids import TrackId
from bot.domain.states import FoundBy
from bot.domain.turns import FoundTurn
from bot.samples import Span
from bot.store.turns import add_turns
from tools.synthetic.session import PERFORMER_SCOPES, Troupe, open_troupe, play_evening


@pytest.fixture
async def troupe(tmp_path: Path) -> AsyncGenerator[Troupe]:
    """A session of two performers; no one has rated anything."""
    troupe = await open_troupe(tmp_path)
    await play_evening(troupe, [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(2)], [])
    async with troupe.database.transaction() as tx:
        await tx.execute("DELETE FROM trials")
    yield troupe
    await troupe.database.close()


def found(*starts: int) -> list[FoundTurn]:
    """Turns of a second that begin at these seconds."""
    spans = [Span(start * 48_000, (start + 1) * 48_000) for start in starts]
    return [FoundTurn(span, span, FoundBy.VOICE) for span in spans]


async def replace_turns(troupe: Troupe, *starts: int) -> list[tuple[int, int]]:
    """Replace the turns of the newest track; returns their ids and numbers."""
    track_id = TrackId(await troupe.database.fetch_value("SELECT max(track_id) FROM tracks"))
    async with troupe.database.transaction() as tx:
        await add_turns(tx, track_id, found(*starts), [], "silero-2")
    rows = await troupe.database.fetch_all("SELECT turn_id, number FROM turns WHERE track_id = ?", track_id)
    return [(row["turn_id"], row["number"]) for row in rows]


async def test_an_open_form_is_never_about_another_turn(troupe: Troupe):
    newest = await troupe.database.fetch_value("SELECT max(turn_id) FROM turns")
    after = await replace_turns(troupe, 0, 2)
    assert min(turn_id for turn_id, _ in after) > newest


async def test_no_number_is_given_twice_even_if_nothing_was_found_in_between(troupe: Troupe):
    [*_, (last_id, last)] = await replace_turns(troupe, 0, 2)
    assert await replace_turns(troupe) == []
    assert [number for _, number in await replace_turns(troupe, 1)] == [last + 1]
    assert await troupe.database.fetch_value("SELECT max(turn_id) FROM turns") > last_id
