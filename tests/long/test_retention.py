"""Sound goes at its date by itself, after everyone on it was told, and nothing else goes with it."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.config import load_settings
from bot.dataset.export import ExportOrder, export_dataset
from bot.domain.ids import GuildId, PersonId
from bot.live.sessions import LiveSessions
from bot.live.workers import Workers
from bot.services.access.guild_settings import Guilds
from bot.services.rights.retentions import Retentions
from bot.store import pay
from bot.store.guild_settings import choose
from tests.evening import SetClock
from tests.paper import PaperPost
from tools.synthetic.session import GUILD_ID, PERFORMER_SCOPES, Troupe, open_troupe, play_evening

GUILD = GuildId(GUILD_ID)


@dataclass
class House:
    """A server with a session that was played, and the service that looks after their dates, on a clock of its own."""

    troupe: Troupe
    retentions: Retentions
    post: PaperPost
    clock: SetClock

    async def keep_for(self, days: int | None) -> None:
        async with self.troupe.database.transaction() as tx:
            await choose(tx, GUILD, "retention_days", days)

    async def on(self, days_after_the_end: int) -> None:
        """Look what is due at a moment after the end of the first session."""
        first = await self.troupe.database.fetch_value("SELECT min(ended_at) FROM sessions")
        ended = datetime.fromisoformat(str(first))
        self.clock.set_by += ended + timedelta(days=days_after_the_end, seconds=1) - self.clock.wall()
        await self.retentions.do_due()

    async def count(self, table: str) -> int:
        return int(await self.troupe.database.fetch_value(f"SELECT count(*) FROM {table}"))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncGenerator[House]:
    troupe = await open_troupe(tmp_path / "home")
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(2)]
    await play_evening(troupe, people, [])
    clock, post, workers = SetClock(), PaperPost(), Workers()
    settings = load_settings({}, tmp_path / "no.env", tmp_path)
    guilds = Guilds(troupe.database, settings, LiveSessions())
    yield House(troupe, Retentions(troupe.database, troupe.home, clock, workers, guilds, post), post, clock)
    workers.close()
    await troupe.database.close()


async def test_sound_goes_at_its_date_and_everyone_was_told_two_weeks_before(house: House, tmp_path: Path):
    troupe = house.troupe
    export_dataset(ExportOrder(troupe.database.path, troupe.home, troupe.home.exports / "all", troupe.sessions))
    given_away = tmp_path / "given"
    export_dataset(ExportOrder(troupe.database.path, troupe.home, given_away, troupe.sessions))
    (session,) = troupe.sessions
    async with troupe.database.transaction() as tx:
        await pay.keep_work(tx, session)
    worked, castings = await pay.work_in(troupe.database, session), await house.count("castings")
    files = len(list(troupe.home.recordings.rglob("*.opus")))
    assert files
    await house.on(400)
    assert house.post.told_ends == [], "without days, sound is kept"
    await house.keep_for(365)
    await house.on(300)
    assert house.post.told_ends == []
    await house.on(352)
    assert len(house.post.told_ends) == 2
    await house.on(364)
    assert len(list(troupe.home.recordings.rglob("*.opus"))) == files
    await house.on(366)
    assert list(troupe.home.recordings.rglob("*.opus")) == []
    assert not (troupe.home.exports / "all").exists()
    assert given_away.exists()
    assert [await house.count(table) for table in ("tracks", "turns", "ratings", "self_ratings")] == [0, 0, 0, 0]
    assert await house.count("castings") == castings
    assert await pay.work_in(troupe.database, session) == worked
    await house.on(500)
    assert len(house.post.told_ends) == 2
    assert await troupe.database.fetch_value("SELECT tracks FROM retentions") == files


async def test_only_what_belongs_to_the_session_goes(house: House):
    troupe, kept = house.troupe, ("tracks", "turns", "trials", "answers")
    before = {table: await house.count(table) for table in kept}
    people = [PersonId(row[0]) for row in await troupe.database.fetch_all("SELECT person_id FROM people")]
    await play_evening(troupe, people, [])
    async with troupe.database.transaction() as tx:
        await tx.execute("UPDATE sessions SET ended_at = '2036-01-01T00:00:00.000Z' WHERE session_id = 2")
    both = {table: await house.count(table) for table in kept}
    await house.keep_for(365)
    await house.on(352)
    await house.on(366)
    assert {table: both[table] - await house.count(table) for table in kept} == before
    assert await troupe.database.fetch_all("SELECT 1 FROM tracks JOIN takes USING (take_id) WHERE scene_id <= 2") == []


async def test_days_that_are_set_late_or_taken_back_surprise_no_one(house: House):
    troupe = house.troupe
    await house.keep_for(30)
    await house.on(100)
    assert len(house.post.told_ends) == 2
    await house.on(113)
    assert await house.count("tracks"), "everyone has two weeks"
    await house.keep_for(None)
    await house.on(120)
    assert await house.count("tracks")
    await house.keep_for(30)
    await house.on(121)
    assert len(house.post.told_ends) == 4, "it is announced again"
    await house.on(136)
    assert await house.count("tracks") == 0
    assert list(troupe.home.recordings.rglob("*.opus")) == []


async def test_the_schedule_is_printed(house: House):
    words = ["retention", "--home", str(house.troupe.home.folder)]
    told = CliRunner().invoke(app, words)
    assert "until as long as people allow" in told.output, told.output
    await house.keep_for(365)
    found = json.loads(CliRunner().invoke(app, [*words, "--json"]).output)
    (session,) = found["sessions"]
    assert (session["scope"], session["is_announced"]) == ("store_and_review", False)
    assert session["deletes_at"]
    await house.on(352)
    await house.on(367)
    assert "deleted" in CliRunner().invoke(app, words).output
