"""Live objects change themselves, the store is written within a transaction, and services know no screens."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.owners import changed_from_outside, fields_of, writes_without_transaction

BOT = Path(__file__).parents[2] / "bot"
LIVE = ("session", "sessions", "take/live_take", "take/recordable", "take/cues", "check", "promises")
LIVE_FIELDS = frozenset[str]().union(*(fields_of((BOT / "live" / f"{name}.py").read_text("utf-8")) for name in LIVE))
OUTSIDE = [
    path
    for path in sorted([*BOT.rglob("*.py"), *BOT.with_name("cogs").glob("*.py")])
    if not path.is_relative_to(BOT / "live") and not path.is_relative_to(BOT / "rehearsal")
]
SCREENS = ("bot.ui", "discord")


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: path.relative_to(BOT.parent).as_posix())
def test_only_live_objects_change_themselves(path: Path):
    assert changed_from_outside(path.read_text("utf-8"), LIVE_FIELDS) == []


@pytest.mark.parametrize("path", sorted((BOT / "store").rglob("*.py")), ids=lambda path: path.stem)
def test_what_writes_takes_a_transaction(path: Path):
    # The transaction itself, and migrations, which run before a transaction exists.
    if path.stem not in ("transaction", "migrating"):
        assert writes_without_transaction(path.read_text("utf-8")) == []


def test_only_a_transaction_can_execute():
    database = (BOT / "store" / "database.py").read_text("utf-8")
    assert "def execute" not in database
    assert "def insert" not in database


@pytest.mark.parametrize("path", sorted((BOT / "services").rglob("*.py")), ids=lambda path: path.stem)
def test_services_know_no_screens(path: Path):
    assert imported_screens(path.read_text("utf-8")) == []


def imported_screens(source: str) -> list[str]:
    lines = [line.split() for line in source.splitlines() if line.startswith(("import ", "from "))]
    return [words[1] for words in lines if words[1].split(".")[0] == "discord" or words[1].startswith("bot.ui")]


@pytest.mark.parametrize(
    "planted",
    [
        "def cut(take):\n    take._cut_at = 5.0",
        "def cut(session):\n    session.take.starts_at += 1",
        "def forget(session):\n    del session.take._recordable",
        "def withdraw(take, user):\n    take._recordable.discard(user)",
        "def hear(take, user, track):\n    take._tracks[user] = track",
    ],
)
def test_a_planted_change_from_outside_is_found(planted: str):
    assert changed_from_outside(planted, LIVE_FIELDS)


@pytest.mark.parametrize(
    "planted",
    [
        "async def strike(database: Database):\n    await database.execute('UPDATE takes SET struck_at = 1')",
        "async def add(reader: Reader):\n    await reader.insert('takes', number=1)",
        "def drop(connection):\n    connection.execute(f'DROP TABLE {1}')",
    ],
)
def test_a_planted_write_without_a_transaction_is_found(planted: str):
    assert writes_without_transaction(planted)


def test_a_planted_screen_is_found():
    assert imported_screens("from bot.ui.panel import build_panel\nimport discord") == ["bot.ui.panel", "discord"]
