"""`promptbook person` as an operator calls it, with and without a bot in the home folder."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from bot.domain.consent import TO_PERFORM
from bot.home.lock import held_home
from bot.store.consents import consents_of
from tests.cli.calling import call, sentence
from tests.evening import GUILD, PERFORMERS, Evening
from tests.rights.traces import account_bytes, found_below

NOW = "2100-01-01T00:00:00.000Z"


@pytest.fixture
async def played(evening: Evening) -> Evening:
    """An evening with one take."""
    await evening.play(await evening.open())
    await evening.services.turns.settled()
    return evening


async def person(evening: Evening, *words: str, folder: Path):
    return await asyncio.to_thread(call, "person", *words, "--home", str(evening.home), folder=folder)


async def test_people_are_listed_shown_and_given_their_own_copy(played: Evening, tmp_path: Path):
    listed = json.loads((await person(played, "list", "--json", folder=tmp_path)).stdout)["people"]
    assert {row["discord_user_id"] for row in listed} >= set(PERFORMERS)
    account = str(PERFORMERS[0])
    shown = json.loads((await person(played, "show", account, "--json", folder=tmp_path)).stdout)["people"][0]
    assert shown["held"]["tracks"] == 1
    assert set(shown["consents"]) >= {scope.value for scope in TO_PERFORM}
    done = await person(played, "export", account, shown["pseudonym"], "--reason", "by letter", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / f"{shown['pseudonym']}.zip") as archive:
        assert archive.testzip() is None
        tracks = list(csv.DictReader(io.StringIO(archive.read("tables/tracks.csv").decode())))
        (path,) = played.home.recordings.rglob(f"{shown['pseudonym']}.opus")
        assert archive.read(f"sound/{tracks[0]['file']}") == path.read_bytes()
        everything = json.loads(archive.read("tables/everything.json"))
        assert {row["action"] for row in everything["consents"]} == {"grant"}
        assert shown["pseudonym"] in archive.read("README.txt").decode()
    assert await played.value("SELECT act || ' ' || reason FROM operator_acts") == "export by letter"


async def test_a_withdrawal_reaches_a_running_take(played: Evening, tmp_path: Path):
    await played.services.scenes.deal(played.live)
    await played.start(played.live)
    assert played.is_recorded(PERFORMERS[0])
    done = await person(played, "withdraw", str(PERFORMERS[0]), "--reason", "phone call", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (await consents_of(played.database, PERFORMERS[0], GUILD, NOW)).here == frozenset()
    async with asyncio.timeout(10):
        while played.is_recorded(PERFORMERS[0]):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert played.is_recorded(PERFORMERS[1])


async def test_several_are_erased_beside_a_running_bot(played: Evening, tmp_path: Path):
    gone = [str(user) for user in PERFORMERS[:2]]
    with held_home(played.home):
        done = await person(played, "erase", *gone, "--reason", "they left", "--yes", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": erased.") == 2
    assert list(found_below(played.home, [one for user in PERFORMERS[:2] for one in account_bytes(user)])) == []
    assert len(list(played.home.recordings.rglob("*.opus"))) == 1
    again = await person(played, "erase", gone[0], "--reason", "once more", "--yes", folder=tmp_path)
    assert again.returncode == 1
    assert "or they have been erased" in sentence(again)


async def test_without_a_bot_the_command_does_it(played: Evening, tmp_path: Path):
    await played.services.sessions.end(played.live)
    await played.services.erasures.errands.close()
    done = await person(played, "erase", str(PERFORMERS[2]), "--reason", "by letter", "--yes", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert await played.value("SELECT count(*) FROM erasures WHERE finished_at IS NOT NULL") == 1
    assert list(found_below(played.home, account_bytes(PERFORMERS[2]))) == []
