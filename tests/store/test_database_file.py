import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.home.places import Home
from bot.store.database import Database, open_database
from bot.store.errors import DatabaseNewer, DatabaseUnusable
from bot.store.migrating import known_migrations


async def test_an_empty_place_becomes_a_database_of_the_newest_version(tmp_path: Path):
    path = tmp_path / "home" / "promptbook.sqlite3"
    database = await open_database(Home(path.parent))
    assert await database.fetch_value("PRAGMA user_version") == len(known_migrations())
    assert await database.fetch_value("PRAGMA journal_mode") == "wal"
    assert await database.fetch_value("PRAGMA foreign_keys") == 1
    await database.close()
    again = await open_database(Home(path.parent))
    assert await again.fetch_value("SELECT count(*) FROM sessions") == 0
    await again.close()


async def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path):
    path = tmp_path / "promptbook.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute("PRAGMA user_version = 99")
        plain.execute("CREATE TABLE of_the_future (x)")
    with pytest.raises(DatabaseNewer, match="schema version 99, but this Promptbook knows only versions up to"):
        await open_database(Home(path.parent))
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone() == (99,)


async def test_a_file_that_is_no_database_is_named(tmp_path: Path):
    path = tmp_path / "promptbook.sqlite3"
    path.write_bytes(b"not a database, but long enough to be read as one" * 100)
    with pytest.raises(DatabaseUnusable, match="cannot be used"):
        await open_database(Home(path.parent))
    assert path.read_bytes().startswith(b"not a database")


async def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "promptbook.sqlite3"
    good = known_migrations()
    await (await open_database(Home(path.parent))).close()
    broken = [*good, (len(good) + 1, "CREATE TABLE half (x); CREATE TABLE half (x);")]
    monkeypatch.setattr("bot.store.migrating.known_migrations", lambda: broken)
    with pytest.raises(DatabaseUnusable, match="half"):
        await open_database(Home(path.parent))
    monkeypatch.undo()
    database = await open_database(Home(path.parent))
    assert await database.fetch_value("PRAGMA user_version") == len(good)
    assert await database.fetch_value("SELECT count(*) FROM sqlite_master WHERE name = 'half'") == 0
    await database.close()


async def test_a_transaction_is_all_or_nothing(tmp_path: Path):
    database = await open_database(Home(tmp_path))

    async def add_and_fail() -> None:
        async with database.transaction() as tx:
            await tx.insert("people", discord_user_id=1, pseudonym="spk_1", created_at="now")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await add_and_fail()
    assert await database.fetch_value("SELECT count(*) FROM people") == 0
    await database.close()


async def test_a_writer_that_is_cancelled_twice_holds_the_lock_until_its_rollback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    database = await open_database(Home(tmp_path))
    is_in, is_rolling_back, may_roll_back = asyncio.Event(), asyncio.Event(), asyncio.Event()
    roll_back = Database._roll_back

    async def slowly(database: Database) -> None:
        is_rolling_back.set()
        await may_roll_back.wait()
        await roll_back(database)

    async def write(number: int) -> None:
        async with database.transaction() as tx:
            await tx.insert("people", discord_user_id=number, pseudonym=f"spk_{number}", created_at="now")
            is_in.set()
            await asyncio.sleep(0 if number == 2 else 10)

    monkeypatch.setattr(Database, "_roll_back", slowly)
    first = asyncio.create_task(write(1))
    await is_in.wait()
    second = asyncio.create_task(write(2))
    first.cancel()
    await is_rolling_back.wait()
    first.cancel()
    await asyncio.sleep(0.05)
    assert not first.done()
    may_roll_back.set()
    with pytest.raises(asyncio.CancelledError):
        await first
    await second
    assert await database.fetch_value("SELECT group_concat(pseudonym) FROM people") == "spk_2"
    await database.close()


async def test_consent_events_can_neither_be_changed_nor_deleted(tmp_path: Path):
    database = await open_database(Home(tmp_path))
    async with database.transaction() as tx:
        person = await tx.insert("people", discord_user_id=1, pseudonym="spk_1", created_at="now")
        await tx.insert(
            "consent_events",
            person_id=person,
            scope="record",
            action="grant",
            text_version="1",
            text_sha256="0" * 64,
            locale="en",
            happened_at="now",
        )
    for sql in ("UPDATE consent_events SET action = 'withdraw'", "DELETE FROM consent_events"):
        with pytest.raises(sqlite3.IntegrityError, match="consent events are never"):
            async with database.transaction() as tx:
                await tx.execute(sql)
    await database.close()


async def test_takes_of_an_older_database_survive_the_rebuilding_of_their_table(tmp_path: Path):
    path = tmp_path / "promptbook.sqlite3"
    with closing(sqlite3.connect(path)) as plain:
        for version, sql in known_migrations()[:3]:
            plain.executescript(f"{sql}\nPRAGMA user_version = {version};")
        plain.executescript("""
            INSERT INTO people VALUES (1, 11, 'spk_1', 't');
            INSERT INTO sessions (session_id, guild_id, voice_channel_id, coordinator_id, deck, emotion_set, instrument,
                seed, started_at) VALUES (1, 5, 6, 1, 'd', 'e', 'i', 7, 't');
            INSERT INTO scenes VALUES (1, 1, 1, 'p', 'P', 'text', 't', NULL);
            INSERT INTO castings (scene_id, person_id, character, target_emotion, target_intensity)
                VALUES (1, 1, 'a baker', 'joy', 2);
            INSERT INTO takes VALUES (1, 1, 1, 'cut', 't', 't', 't', 'coordinator', 96000);
            INSERT INTO tracks (track_id, take_id, person_id, path, duration_samples, received_frames, concealed_frames,
                speech_samples) VALUES (1, 1, 1, 'x.opus', 96000, 1, 0, 96000);
            INSERT INTO turns VALUES (1, 1, 1, 0, 96000, 1);
        """)
    database = await open_database(Home(path.parent))
    (take,) = await database.fetch_all("SELECT * FROM takes JOIN tracks USING (take_id)")
    assert (take["cut_reason"], take["struck_at"], take["path"]) == ("coordinator", None, "x.opus")
    (turn,) = await database.fetch_all("SELECT * FROM turn_targets")
    assert (turn["target_emotion"], turn["target_intensity"]) == ("joy", 2)
    assert await database.fetch_value("SELECT role FROM castings") == "a baker"
    with pytest.raises(sqlite3.IntegrityError):
        async with database.transaction() as tx:
            await tx.execute("DELETE FROM takes")
    await database.close()


async def test_before_a_migration_the_database_is_copied(tmp_path: Path):
    path = tmp_path / "promptbook.sqlite3"
    with closing(sqlite3.connect(path)) as plain:
        for version, sql in known_migrations()[:3]:
            plain.executescript(f"{sql}\nPRAGMA user_version = {version};")
        plain.execute("INSERT INTO people VALUES (1, 11, 'spk_1', 't')")
        plain.commit()
    await (await open_database(Home(path.parent))).close()
    await (await open_database(Home(path.parent))).close()
    (copy,) = (tmp_path / "backups").iterdir()
    assert copy.name.startswith("promptbook-schema-3-")
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("PRAGMA user_version").fetchone() == (3,)
        assert kept.execute("SELECT pseudonym FROM people").fetchall() == [("spk_1",)]


async def test_a_database_that_cannot_be_copied_is_not_migrated(tmp_path: Path):
    path = tmp_path / "promptbook.sqlite3"
    with closing(sqlite3.connect(path)) as plain:
        for version, sql in known_migrations()[:3]:
            plain.executescript(f"{sql}\nPRAGMA user_version = {version};")
    (tmp_path / "backups").write_text("in the way")
    with pytest.raises(DatabaseUnusable):
        await open_database(Home(path.parent))
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone() == (3,)


async def test_a_new_database_has_nothing_to_be_copied(tmp_path: Path):
    await (await open_database(Home(tmp_path))).close()
    assert not (tmp_path / "backups").exists()


async def test_no_one_reads_what_is_not_committed(tmp_path: Path):
    database = await open_database(Home(tmp_path))
    async with database.transaction() as tx:
        await tx.insert("people", discord_user_id=1, pseudonym="spk_1", created_at="now")
        assert await tx.fetch_value("SELECT count(*) FROM people") == 1
        assert await database.fetch_value("SELECT count(*) FROM people") == 0
    assert await database.fetch_value("SELECT count(*) FROM people") == 1
    await database.close()


async def test_a_reader_cannot_write(tmp_path: Path):
    database = await open_database(Home(tmp_path))
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await database.fetch_all("DELETE FROM people")
    await database.close()


async def test_a_transaction_that_has_ended_writes_nothing(tmp_path: Path):
    database = await open_database(Home(tmp_path))
    async with database.transaction() as tx:
        pass
    with pytest.raises(RuntimeError, match="has ended"):
        await tx.insert("people", discord_user_id=1, pseudonym="spk_1", created_at="now")
    await database.close()


async def test_reading_goes_on_and_writing_waits_while_another_program_holds_the_lock(tmp_path: Path):
    database = await open_database(Home(tmp_path))
    with closing(sqlite3.connect(database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        async def write() -> None:
            async with database.transaction() as tx:
                await tx.insert("people", discord_user_id=1, pseudonym="spk_1", created_at="now")

        writing = asyncio.create_task(write())
        # Longer than SQLite itself waits.
        await asyncio.sleep(1.2)
        async with asyncio.timeout(0.2):
            assert await database.fetch_value("SELECT count(*) FROM people") == 0
        assert not writing.done()
        other.execute("ROLLBACK")
    await writing
    assert await database.fetch_value("SELECT count(*) FROM people") == 1
    await database.close()
