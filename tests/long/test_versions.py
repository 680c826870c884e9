"""A dataset has a version: a number, a parent, and what changed. The same content has the same number and bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.config import PROJECT_FOLDER
from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Layout, Options
from bot.dataset.release.manifest import MANIFEST
from bot.dataset.release.version import DIGITS
from bot.domain.consent import Scope
from bot.domain.ids import PersonId
from bot.services.exports import plan_export
from bot.services.facts.library import Library
from tools.synthetic.session import GUILD_ID, PERFORMER_SCOPES, Troupe, play_evening


@pytest.fixture
async def performers(troupe: Troupe) -> list[PersonId]:
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(3)]
    await play_evening(troupe, people, [])
    return people


def release(troupe: Troupe, out: Path, series: str = "everything", **options: Any) -> dict[str, Any]:
    """Export everything; return the version in the manifest."""
    order = ExportOrder(
        troupe.database.path, troupe.home, out, list(troupe.sessions), Options(**options), series=series
    )
    return json.loads((export_dataset(order).path / MANIFEST).read_text())["version"]


def manifest(out: Path) -> dict[str, Any]:
    return json.loads((out / MANIFEST).read_text())


async def test_the_same_again_is_the_same_version(troupe: Troupe, performers: list[PersonId], tmp_path: Path) -> None:
    first = release(troupe, tmp_path / "a")
    assert first == {"number": 1, "parent": None, "added": None, "changed": None, "removed": None}
    assert release(troupe, tmp_path / "b") == first
    assert (tmp_path / "a" / "README.md").read_bytes() == (tmp_path / "b" / "README.md").read_bytes()
    assert (tmp_path / "a" / MANIFEST).read_bytes() == (tmp_path / "b" / MANIFEST).read_bytes()
    assert await troupe.database.fetch_value("SELECT count(*) FROM releases") == 1
    assert "This is version 1 of" in (tmp_path / "a" / "README.md").read_text()


async def test_what_came_and_what_went_is_said_without_naming_who_left(
    troupe: Troupe, performers: list[PersonId], tmp_path: Path
) -> None:
    release(troupe, tmp_path / "a")
    await troupe.withdraw(performers[2], Scope.STORE_AND_REVIEW)
    await play_evening(troupe, performers[:2], [])
    async with troupe.database.transaction() as tx:
        await tx.execute("UPDATE turns SET clip_start_samples = clip_start_samples - 480 WHERE turn_id = 1")
    second = release(troupe, tmp_path / "b")
    assert (second["number"], second["parent"]) == (2, 1)
    new = f"S0002_scene0{{}}_take01_spk_{performers[0]:08x}_turn001"
    assert second["added"][::2] == [new.format(1), new.format(2)]
    assert second["changed"] == [f"S0001_scene01_take01_spk_{performers[0]:08x}_turn001"]
    gone = [sha256 for name, sha256 in _clips(tmp_path / "a").items() if f"spk_{performers[2]:08x}" in name]
    assert second["removed"] == sorted(sha256[:DIGITS] for sha256 in gone)
    assert f"spk_{performers[2]:08x}" not in (tmp_path / "b" / MANIFEST).read_text()
    assert "Since version 1, 4 clips were added, 2 removed and 1 changed" in (tmp_path / "b" / "README.md").read_text()


def _clips(out: Path) -> dict[str, str]:
    import pyarrow.parquet as pq

    tables = [pq.read_table(path, columns=["clip_id", "sha256"]) for path in (out / "data" / "turns").iterdir()]
    return {row["clip_id"]: row["sha256"] for table in tables for row in table.to_pylist()}


async def test_what_was_asked_for_in_another_way_has_a_parent_of_its_own(
    troupe: Troupe, performers: list[PersonId], tmp_path: Path
) -> None:
    release(troupe, tmp_path / "a")
    files = release(troupe, tmp_path / "b", layout=Layout.AUDIOFOLDER)
    assert (files["number"], files["parent"]) == (2, None)
    await play_evening(troupe, performers, [])
    assert release(troupe, tmp_path / "c")["parent"] == 1
    assert release(troupe, tmp_path / "d", layout=Layout.AUDIOFOLDER)["parent"] == 2


async def test_a_refused_export_is_no_version(troupe: Troupe, performers: list[PersonId], tmp_path: Path) -> None:
    def fail(stage: str, done: int, total: int) -> None:
        if (stage, done) == ("tables", total):
            raise RuntimeError

    order = ExportOrder(troupe.database.path, troupe.home, tmp_path / "out", troupe.sessions)
    with pytest.raises(RuntimeError):
        export_dataset(order, progress=fail)
    assert await troupe.database.fetch_value("SELECT count(*) FROM releases") == 0


async def test_dates_are_the_stores_and_versions_of_software_are_there(
    troupe: Troupe, performers: list[PersonId], tmp_path: Path
) -> None:
    async with troupe.database.transaction() as tx:
        own = "SELECT max(self_rating_id) FROM self_ratings"
        at = "2026-12-24T20:15:00.000Z"
        await tx.execute(f"UPDATE trials SET answered_at = ? WHERE trial_id = ({own})", at)
    release(troupe, tmp_path / "out")
    found = manifest(tmp_path / "out")
    assert found["as_of"] == "2026-12-24T20:15:00.000Z"
    assert {"promptbook", "python", "libsndfile", "numpy", "pyarrow", "soundfile"} == found["software"].keys()
    assert "2026-12-24" in (tmp_path / "out" / "LICENSE").read_text()


async def test_a_series_is_what_was_asked_for_and_no_server_is_named(
    troupe: Troupe, performers: list[PersonId], tmp_path: Path
) -> None:
    library = Library(PROJECT_FOLDER / "data")
    asked = [{"guild_id": None, "session_id": None}, {"guild_id": None, "session_id": troupe.sessions[0]}]
    asked.append({"guild_id": GUILD_ID, "session_id": None})
    orders = [await plan_export(troupe.database, troupe.home, library, out=tmp_path / "out", **one) for one in asked]
    assert [order.series for order in orders] == ["everything", "session-1", f"guild-{GUILD_ID}"]
    export_dataset(orders[2])
    assert str(GUILD_ID) not in (tmp_path / "out" / MANIFEST).read_text()


async def test_the_result_has_the_number(troupe: Troupe, performers: list[PersonId], tmp_path: Path) -> None:
    order = ExportOrder(troupe.database.path, troupe.home, tmp_path / "out", troupe.sessions)
    assert export_dataset(order).version == manifest(tmp_path / "out")["version"]["number"] == 1
