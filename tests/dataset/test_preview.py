"""A dry run says what an export would contain and leave out, and changes nothing."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.dataset.errors import FolderTaken, NothingToExport
from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.preview import preview
from bot.domain.consent import Scope
from bot.domain.ids import PersonId
from tools.synthetic.session import PERFORMER_SCOPES, Troupe, play_evening


@pytest.fixture
async def performers(troupe: Troupe) -> list[PersonId]:
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(4)]
    await play_evening(troupe, people, [])
    return people


def order_for(troupe: Troupe, out: Path) -> ExportOrder:
    return ExportOrder(troupe.database.path, troupe.home, out, troupe.sessions)


async def test_it_says_what_an_export_then_does(troupe: Troupe, performers: list[PersonId], tmp_path: Path) -> None:
    await troupe.withdraw(performers[0], Scope.RECORD)
    await troupe.add_take(troupe.sessions[0], performers, state="void")
    lost = sorted(troupe.home.recordings.rglob(f"take1_{performers[1]}.opus"))
    lost[0].unlink()
    order = order_for(troupe, tmp_path / "out")
    found = preview(order)
    assert await troupe.database.fetch_value("SELECT count(*) FROM speaker_splits") == 0
    assert not order.out.exists()
    result = export_dataset(order)
    assert {split: share.clips for split, share in found.splits.items()} == result.splits
    assert (
        (found.clips, found.seconds, found.tracks) == (result.clips, 2.5 * result.clips, result.tracks) == (5, 12.5, 5)
    )
    assert found.left_out == result.left_out
    assert found.takes == {"S0001_scene03_take01": "void"}
    assert found.files == [f"S0001_scene01_take01_spk_{performers[1]:08x}"]
    assert {split: share.clips for split, share in preview(order).splits.items()} == result.splits


async def test_it_refuses_what_an_export_refuses(troupe: Troupe, performers: list[PersonId], tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("mine")
    with pytest.raises(FolderTaken):
        preview(order_for(troupe, tmp_path / "thesis"))
    for performer in performers:
        await troupe.withdraw(performer, Scope.RECORD)
    with pytest.raises(NothingToExport, match="speakers who do not consent to this export"):
        preview(order_for(troupe, tmp_path / "out"))


async def test_the_command_line_prints_it(troupe: Troupe, performers: list[PersonId], tmp_path: Path) -> None:
    await troupe.add_take(troupe.sessions[0], performers, state="void")
    await troupe.database.close()
    words = ["export", "--home", str(troupe.home.folder), "--out", str(tmp_path / "out"), "--dry-run"]
    done = await asyncio.to_thread(CliRunner().invoke, app, words)
    assert done.stdout.splitlines() == [
        "This would export 8 turns (20.0 s) of 4 speakers and 8 tracks.",
        "  train: 6 turns (15.0 s) of 3 speakers",
        "  test: 2 turns (5.0 s) of 1 speakers",
        "It would leave out:",
        "  takes that were struck, not kept or still running: 1: S0001_scene03_take01 (void)",
    ]
    done = await asyncio.to_thread(CliRunner().invoke, app, [*words, "--json"])
    assert json.loads(done.stdout)["takes_not_kept"] == {"S0001_scene03_take01": "void"}
    assert not (tmp_path / "out").exists()
