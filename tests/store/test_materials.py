"""Emotion sets and instruments, kept by their content."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.states import MaterialKind
from bot.home.places import Home
from bot.services.facts.library import Library
from bot.store.database import Database, open_database
from bot.store.materials import emotion_set_in, instrument_in, keep_emotion_set, keep_instrument, material_of
from bot.store.records import Material

LIBRARY = Library(Path(__file__).parents[2] / "data")
EMOTIONS = EmotionSet("ours", "Ours", (Emotion("joy", "Fröhlich", "Go."), Emotion("calm", "Calm", "Stay.", False)))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    opened = await open_database(Home(tmp_path))
    yield opened
    await opened.close()


@pytest.mark.parametrize("name", LIBRARY.names("emotions"))
def test_an_emotion_set_is_read_as_it_was_kept(name: str):
    emotions = LIBRARY.emotion_set(name)
    assert emotion_set_in(material_of(emotions)) == emotions


@pytest.mark.parametrize("name", LIBRARY.names("instruments"))
def test_an_instrument_is_read_as_it_was_kept(name: str):
    instrument = LIBRARY.instrument(name)
    assert instrument_in(material_of(instrument)) == instrument


async def test_a_content_is_kept_once_and_found_by_its_hash(database: Database):
    async with database.transaction() as tx:
        first = await keep_emotion_set(tx, EMOTIONS)
        again = await keep_emotion_set(tx, replace(EMOTIONS))
        reworded = await keep_emotion_set(tx, replace(EMOTIONS, title="Ours, reworded"))
        instrument = await keep_instrument(tx, LIBRARY.instrument("core"))
    assert again == first
    rows = await database.fetch_records(Material, "SELECT * FROM materials ORDER BY rowid")
    assert [row.sha256 for row in rows] == [first, reworded, instrument]
    assert [(row.kind, row.name) for row in rows] == [
        ("emotion_set", "ours"),
        ("emotion_set", "ours"),
        ("instrument", "core"),
    ]
    for row in rows:
        assert row.sha256 == hashlib.sha256(row.content.encode()).hexdigest()
    content = json.loads(rows[0].content)
    assert (content["title"], content["coordinates"]) == ("Ours", None)
    assert content["emotions"][0] == {
        "key": "joy",
        "label": "Fröhlich",
        "direction": "Go.",
        "has_degrees": True,
        "valence": None,
        "arousal": None,
        "family": None,
        "overlaps": [],
        "is_bodily": False,
        "directions": [],
        "opt_in": "",
    }
    assert rows[0].content.startswith('{"coordinates":null,"emotions":[{"arousal":null,"direction":"Go."')


def test_a_set_that_an_earlier_version_kept_has_no_families_and_its_own_directions():
    fields = {"key": "joy", "label": "Joy", "direction": "Go.", "has_degrees": True, "valence": 0.5, "arousal": None}
    content = json.dumps({"name": "ours", "title": "Ours", "coordinates": "Ours.", "emotions": [fields]})
    (joy,) = emotion_set_in(Material("a" * 64, MaterialKind.EMOTION_SET, "ours", content)).emotions
    assert (joy.family, joy.overlaps, joy.is_bodily) == (None, (), False)
    assert joy.directions_at(3) == ("Go.",)


async def test_what_is_kept_never_changes(database: Database):
    async with database.transaction() as tx:
        await keep_emotion_set(tx, EMOTIONS)
    with pytest.raises(sqlite3.IntegrityError, match="materials are never changed"):
        async with database.transaction() as tx:
            await tx.execute("UPDATE materials SET content = '{}'")


def test_a_material_is_not_taken_for_one_of_another_kind():
    with pytest.raises(ValueError, match="is an emotion_set, not an instrument"):
        instrument_in(material_of(EMOTIONS))
    with pytest.raises(ValueError, match="is an instrument, not an emotion_set"):
        emotion_set_in(material_of(LIBRARY.instrument("core")))
