"""Splits of one release after another: the store remembers them, whatever becomes of people and exports."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from bot.dataset.errors import SplitsUnwritable
from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Layout, Options
from bot.dataset.process import export_apart
from bot.domain.consent import Action, ConsentChange, ConsentText, Scope
from bot.domain.ids import PersonId
from bot.live.workers import Workers
from bot.services.exports import plan_export
from bot.services.facts.library import Library
from bot.store.consents import append_consents
from bot.store.speaker_splits import sides_in, speaker_splits
from bot.store.stillness import still
from tools.synthetic.session import GUILD_ID, NOW, PERFORMER_SCOPES, Troupe

WRITE_VERSION = 18
"""The offset of the header's byte above whose value 2 SQLite only reads a file (sqlite.org/fileformat.html)."""


async def play(troupe: Troupe, performers: Sequence[PersonId]) -> None:
    await troupe.add_take(await troupe.add_session(performers[0]), performers)


async def people(troupe: Troupe, count: int) -> list[PersonId]:
    return [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(count)]


async def release(troupe: Troupe, out: Path, **options: Any) -> dict[str, str]:
    """Export everything that was played, or what the options say; return the side of each speaker in the dataset."""
    options = {"session_ids": list(troupe.sessions), "options": Options(Layout.AUDIOFOLDER)} | options
    progress = options.pop("progress", None)
    order = ExportOrder(troupe.database.path, troupe.home, out, **options)
    await asyncio.to_thread(export_dataset, order, progress=progress)
    sides: dict[str, str] = {}
    for row in rows(out):
        assert sides.setdefault(row["speaker_id"], row["split"]) == row["split"]
    return sides


def rows(out: Path) -> list[dict[str, Any]]:
    return [row for path in sorted(out.glob("clips/*/metadata.parquet")) for row in pq.read_table(path).to_pylist()]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def manifest(out: Path) -> dict[str, Any]:
    return json.loads((out / "manifest.json").read_text("utf-8"))


async def test_later_releases_only_add_whoever_comes_and_goes(troupe: Troupe, tmp_path: Path):
    first, second = await people(troupe, 6), await people(troupe, 5)
    await play(troupe, first)
    before = await release(troupe, tmp_path / "1")
    assert Counter(before.values()) == {"train": 4, "test": 1, "validation": 1}
    gone = next(person for person in first if before[f"spk_{person:08x}"] == "test")
    await troupe.withdraw(gone, Scope.RECORD)
    await play(troupe, [*first[:2], *second])
    between = await release(troupe, tmp_path / "2", seed=99)
    assert f"spk_{gone:08x}" not in between
    assert before.items() - between.items() == {(f"spk_{gone:08x}", "test")}
    assert Counter(between.values()) == {"train": 6, "test": 2, "validation": 2}
    async with troupe.database.transaction() as tx:
        granted = [ConsentChange(scope, Action.GRANT, GUILD_ID) for scope in PERFORMER_SCOPES]
        await append_consents(tx, gone, granted, ConsentText("2026-1", "0" * 64, "en", ""), NOW)
    after = await release(troupe, tmp_path / "3")
    assert after == between | {f"spk_{gone:08x}": "test"}
    assert manifest(tmp_path / "3")["sessions_across_splits"] == ["S0001", "S0002"]
    assert "2 of 2 sessions" in (tmp_path / "3" / "README.md").read_text("utf-8")


async def test_a_release_of_one_side_says_so(troupe: Troupe, tmp_path: Path):
    everyone = await people(troupe, 10)
    await play(troupe, everyone)
    sides = await release(troupe, tmp_path / "all")
    train = [person for person in everyone if sides[f"spk_{person:08x}"] == "train"]
    await play(troupe, train)
    again = await release(troupe, tmp_path / "train", session_ids=troupe.sessions[1:])
    assert set(again.values()) == {"train"}
    assert "All of these 6 speakers are on the same side" in (tmp_path / "train" / "README.md").read_text("utf-8")


async def test_an_export_that_fails_leaves_sides_that_the_next_one_uses(troupe: Troupe, tmp_path: Path):
    await play(troupe, await people(troupe, 4))

    def fail(stage: str, _done: int, _total: int) -> None:
        if stage == "tables":
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await release(troupe, tmp_path / "out", seed=1, progress=fail)
    assert not (tmp_path / "out").exists()
    with still(troupe.database.path) as store:
        kept = {name: side.value for name, side in sides_in(store).items()}
    assert len(kept) == 4
    assert await release(troupe, tmp_path / "out", seed=2) == kept


async def test_exports_at_the_same_moment_agree(troupe: Troupe, tmp_path: Path):
    everyone = await people(troupe, 8)
    await play(troupe, everyone[:6])
    await play(troupe, everyone[2:])
    one, other = await asyncio.gather(
        release(troupe, tmp_path / "one", session_ids=troupe.sessions[:1]),
        release(troupe, tmp_path / "other", session_ids=troupe.sessions[1:], seed=3),
    )
    with still(troupe.database.path) as store:
        kept = {name: side.value for name, side in sides_in(store).items()}
    assert kept == one | other == other | one


async def test_an_export_beside_the_bot_stores_sides_while_the_bot_writes(troupe: Troupe, tmp_path: Path):
    await play(troupe, await people(troupe, 4))
    library, workers = Library(tmp_path), Workers()
    order = await plan_export(
        troupe.database, troupe.home, library, guild_id=None, session_id=None, out=tmp_path / "out"
    )
    exporting = asyncio.create_task(export_apart(partial(export_dataset, order), workers))
    written = 0
    while not exporting.done():
        async with troupe.database.transaction() as tx:
            await tx.insert("events", kind="scene_dealt", detail="{}", happened_at=NOW)
            await asyncio.sleep(0.05)
        # A bot's writes have pauses: SQLite's lock is not fair to those who wait.
        await asyncio.sleep(0.05)
        written += 1
    assert (await exporting).speakers == 4
    workers.close()
    assert await troupe.database.fetch_value("SELECT count(*) FROM speaker_splits") == 4
    assert await troupe.database.fetch_value("SELECT count(*) FROM events WHERE session_id IS NULL") == written


async def test_from_a_copy_that_cannot_be_written_only_known_speakers_are_exported(troupe: Troupe, tmp_path: Path):
    known = await people(troupe, 3)
    await play(troupe, known)
    sides = await release(troupe, tmp_path / "before")
    await play(troupe, [*known, *await people(troupe, 1)])
    await troupe.database.close()
    content = bytearray(troupe.database.path.read_bytes())
    content[WRITE_VERSION] = 3
    troupe.database.path.write_bytes(content)
    assert await release(troupe, tmp_path / "again", session_ids=troupe.sessions[:1]) == sides
    with pytest.raises(SplitsUnwritable, match="The splits of new speakers cannot be stored, so nothing was exported"):
        await release(troupe, tmp_path / "both")
    assert names(tmp_path) == ["again", "before", "home"]


async def test_a_clip_names_the_fold_of_its_session(troupe: Troupe, tmp_path: Path):
    performers = await people(troupe, 2)
    for _ in range(3):
        await play(troupe, performers)
    await release(troupe, tmp_path / "all")
    assert {(row["session"], row["fold"]) for row in rows(tmp_path / "all")} == {
        ("S0001", 1),
        ("S0002", 2),
        ("S0003", 3),
    }
    await release(troupe, tmp_path / "last", session_ids=troupe.sessions[2:])
    assert {row["fold"] for row in rows(tmp_path / "last")} == {3}


async def test_what_is_stored_names_no_account(troupe: Troupe, tmp_path: Path):
    await play(troupe, await people(troupe, 2))
    await release(troupe, tmp_path / "out")
    with still(troupe.database.path) as store:
        kept = speaker_splits(store)
    assert sorted(kept) == ["spk_00000001", "spk_00000002"]
    assert {row.drawing for row in kept.values()} == {1}
