"""A backup shows one moment of a running bot: database, journal and tracks agree, and a restored home is whole."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from contextlib import closing
from datetime import datetime
from pathlib import Path
from time import monotonic, time

import pytest

from bot.audio import sound
from bot.backup import making
from bot.backup.contents import whole_pages
from bot.backup.errors import BackupFailed
from bot.backup.making import Made, make_backup
from bot.backup.restoring import Restored, restore_backup
from bot.domain.consent import TO_PERFORM, Scope
from bot.home.places import Home
from bot.live.journal import read_journal
from bot.services.consent.consent_requests import ConsentWish
from bot.store.checking import check_store
from tests.evening import GUILD, PERFORMERS, Evening, an_evening
from tests.long.backup.growing import recorded_live

MOST_LOST_SECONDS = 1.0

FEW = 20
"""Requests that wait for the store."""


def silent(*_: object) -> None:
    """Progress that no one watches."""


async def backed_up(evening: Evening, target: Path) -> Made:
    return await asyncio.to_thread(make_backup, evening.home, target, silent)


def restored(archive: Path, folder: Path) -> tuple[Home, Restored]:
    home = Home(folder)
    return home, restore_backup(archive, home, silent)


async def test_a_take_is_in_each_backup_up_to_the_last_second(evening: Evening, tmp_path: Path):
    """The small version of `make backups`."""
    await evening.services.scenes.deal(evening.live)
    await evening.start(evening.live, seconds_ago=0.0)
    evening_started = monotonic()
    archives: list[Path] = []
    async with recorded_live(evening):
        for number in range(3):
            await asyncio.sleep(1)
            archives.append(tmp_path / f"{number}.tar")
            made = await backed_up(evening, archives[-1])
            assert (made.running, made.missing) == (1, [])
    wall_minus_monotonic = time() - monotonic()
    for archive in archives:
        home, done = await asyncio.to_thread(restored, archive, tmp_path / f"{archive.stem}-home")
        assert check_store(home.database).faults == []
        spoken_until = datetime.fromisoformat(done.manifest.made_at).timestamp() - wall_minus_monotonic
        async with an_evening(home.folder) as again:
            takes = await again.database.fetch_all("SELECT * FROM takes ORDER BY take_id")
            assert [(take["state"], take["cut_reason"]) for take in takes] == [
                ("cut", "coordinator"),
                ("cut", "interrupted"),
            ]
            tracks = await again.database.fetch_all("SELECT * FROM tracks ORDER BY track_id")
            assert len(tracks) == 2 * len(PERFORMERS)
            for track in tracks:
                assert len(sound.read(home.track(track["path"]))) == track["duration_samples"]
            kept = min(track["duration_samples"] for track in tracks[len(PERFORMERS) :]) / 48_000
            assert kept >= spoken_until - evening_started - MOST_LOST_SECONDS


async def test_nothing_that_people_asked_for_is_lost_between_journal_and_store(evening: Evening, tmp_path: Path):
    """Each request is a change, and they are stored in order: what a backup has of them has no gap."""
    asked: list[str] = []

    def ask() -> None:
        wanted = TO_PERFORM | ({Scope.PUBLIC_RELEASE} if len(asked) % 2 else set())
        wish = ConsentWish(frozenset(wanted), is_adult=True)
        asked.append(evening.services.consent_requests.ask_now(GUILD, PERFORMERS[0], wish).facts["at"])

    ask()
    ask()
    for number in range(8):
        before = len(asked)
        archive = tmp_path / f"{number}.tar"
        making_one = asyncio.create_task(backed_up(evening, archive))
        while not making_one.done():
            # The next requests wait until these are stored: without any pause between the bot's writes, the backup
            # would not get its turn, and the journal would have too few slots.
            if not [*evening.promises]:
                await asyncio.sleep(0.02)
                for _ in range(FEW):
                    ask()
            await asyncio.sleep(0.002)
        await making_one
        home, _ = await asyncio.to_thread(restored, archive, tmp_path / f"home-{number}")
        with closing(sqlite3.connect(home.database)) as database:
            stored = {at for (at,) in database.execute("SELECT happened_at FROM consent_events")}
        known = (stored | {entry.facts["at"] for entry in read_journal(home.journal)}) & {*asked}
        assert known == {*asked[: len(known)]}
        assert len(known) >= before


async def test_a_take_that_is_called_during_a_backup_can_be_called_again_after_a_restore(
    evening: Evening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Its files would be in the way, because the database of the backup does not know the take."""
    later = evening.home.take_folder(evening.live.session_id, 2, 1)
    copy = making.copy_store

    def copy_late(*arguments: object) -> None:
        copy(*arguments)  # type: ignore[arg-type]
        later.mkdir(parents=True)
        (later / "spk_1.opus").write_bytes(b"OggS")

    monkeypatch.setattr(making, "copy_store", copy_late)
    await backed_up(evening, tmp_path / "late.tar")
    home, done = await asyncio.to_thread(restored, tmp_path / "late.tar", tmp_path / "again")
    assert done.recordings == len(PERFORMERS)
    assert not home.take_folder(evening.live.session_id, 2, 1).exists()


async def test_a_backup_is_private_whole_and_alone(evening: Evening, tmp_path: Path):
    folder = tmp_path / "backups"
    folder.mkdir()
    made = await backed_up(evening, folder / "one.tar")
    assert [path.name for path in folder.iterdir()] == ["one.tar"]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    with pytest.raises(BackupFailed, match=r"one.tar exists already\. Name another file, or add --replace"):
        await backed_up(evening, folder / "one.tar")
    before = made.path.stat().st_ino
    await asyncio.to_thread(make_backup, evening.home, made.path, silent, replace=True)
    assert made.path.stat().st_ino != before


async def test_a_backup_that_fails_leaves_the_earlier_one_and_nothing_else(
    evening: Evening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "backups"
    folder.mkdir()
    made = await backed_up(evening, folder / "one.tar")
    earlier = made.path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "_add", full)
    with pytest.raises(OSError, match="No space left"):
        await asyncio.to_thread(make_backup, evening.home, made.path, silent, replace=True)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"one.tar": earlier}


async def test_a_track_without_a_file_is_named_and_the_rest_is_backed_up(evening: Evening, tmp_path: Path):
    path = await evening.value("SELECT path FROM tracks ORDER BY track_id")
    evening.home.track(path).unlink()
    made = await backed_up(evening, tmp_path / "one.tar")
    assert list(made.missing) == [path]
    assert made.recordings == len(PERFORMERS) - 1


async def test_only_whole_pages_of_a_growing_track_are_kept(evening: Evening, tmp_path: Path):
    path = evening.home.track(await evening.value("SELECT path FROM tracks"))
    whole = path.read_bytes()
    torn = tmp_path / "torn.opus"
    for length in (len(whole) - 1, len(whole) - 100, 30, 0):
        torn.write_bytes(whole[:length])
        with torn.open("rb") as file:
            kept = whole_pages(file)
        assert kept <= length
        assert kept == 0 or whole[:kept].rindex(b"OggS") < kept
    with path.open("rb") as file:
        assert whole_pages(file) == len(whole)
