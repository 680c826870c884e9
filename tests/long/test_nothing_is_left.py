"""Erasure in a running bot leaves nothing but a tombstone, and a killed one keeps what it promised."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.domain.erasing import ErasureStep
from bot.services.rights import erasures
from bot.store.consents import consents_of
from tests.evening import GUILD, PERFORMERS, Evening, an_evening
from tests.paper import spoken
from tests.rights.traces import account_bytes, found_below

NOW = "2100-01-01T00:00:00.000Z"

ERASED, OTHERS = PERFORMERS[0], PERFORMERS[1:]


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasures, "LOOK_SECONDS", 0.01)


async def pseudonym_of(evening: Evening, user_id: int) -> str:
    return str(await evening.database.fetch_value("SELECT pseudonym FROM people WHERE discord_user_id = ?", user_id))


def tracks_by_name(evening: Evening) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in evening.home.recordings.rglob("*.opus")}


async def test_nothing_of_a_person_is_left_and_nothing_of_others_changes(evening: Evening):
    session = await evening.open()
    await evening.play(session)
    await evening.services.turns.settled()
    name = await pseudonym_of(evening, ERASED)
    moment = await evening.services.notes.moment_at(session, asyncio.get_running_loop().time())
    await evening.services.notes.write(session.session_id, "Wilhelmina was loud. A wilhelmina-like one, too.", moment)
    before = tracks_by_name(evening)
    frame = spoken()[40]
    assert any(frame in content and name in path for path, content in before.items())

    assert await evening.services.erasures.ask_now(ERASED, ["Wilhelmina"]).kept is True
    await evening.services.erasures.settled()

    after = tracks_by_name(evening)
    assert after == {path: content for path, content in before.items() if name not in path}
    assert len(after) == len(OTHERS)
    assert not [path for path in evening.home.clips.iterdir() if name in path.name]
    assert list(found_below(evening.home, [*account_bytes(ERASED), b"ilhelmina"])) == []
    row = await evening.database.fetch_one("SELECT * FROM erasures")
    assert row is not None
    assert row["finished_at"] is not None
    assert row["done"] == ErasureStep.PAGES
    counts = json.loads(row["counts"])
    assert counts["tracks"] == 1
    assert counts["turns"] >= 1
    assert await evening.value("SELECT count(*) FROM notes WHERE text LIKE '[erased] was loud%'") == 1
    # The log keeps its events, and nothing in them is in force.
    assert (
        await evening.value(
            f"SELECT count(*) FROM consent_events JOIN people USING (person_id) "
            f"WHERE pseudonym = '{name}' AND action = 'grant'"
        )
        > 0
    )
    assert (await consents_of(evening.database, ERASED, GUILD, NOW)).here == frozenset()


async def test_a_promise_that_only_the_journal_has_is_kept_by_the_next_process(tmp_path: Path):
    async with an_evening(tmp_path) as first:
        await first.everyone_consents()
        await first.play(await first.open())
        await first.services.turns.settled()
        await first.services.sessions.end(first.live)
        await first.promises.all_kept()

        async def never(*_: object) -> None:
            await asyncio.Event().wait()

        first.promises.keep_by("erasure_asked", never)
        first.services.erasures.ask_now(ERASED, ["Wilhelmina"])
        await asyncio.sleep(0)
    async with an_evening(tmp_path) as second:
        await second.promises.all_kept()
        await second.services.erasures.settled()
        assert await second.value("SELECT count(*) FROM erasures WHERE finished_at IS NOT NULL") == 1
        assert list(found_below(second.home, [*account_bytes(ERASED), b"ilhelmina"])) == []
