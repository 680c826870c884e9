"""Features and labels alone: no sound in any file, the card says so, and everything else is as in a whole dataset."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Options
from bot.dataset.verifying.revoked import read_revoked
from bot.dataset.verifying.verify import verify
from bot.domain.erasing import Asker, ErasureWish
from bot.home.places import Home
from bot.rights.asking import ask_erasure_of
from bot.rights.steps import do_all_steps
from tools.synthetic.session import NOW, PERFORMER_SCOPES, open_troupe, play_evening

ERASED = "spk_00000001"
DERIVED = Options(is_derived=True)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One evening with sound and without, and without once more after one of its performers was erased."""
    folder = tmp_path_factory.mktemp("derived")
    asyncio.run(_give(folder))
    return folder


async def _give(folder: Path) -> None:
    troupe = await open_troupe(folder / "home")
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(4)]
    await play_evening(troupe, people, [])
    await troupe.database.close()

    def export(name: str, options: Options) -> None:
        export_dataset(ExportOrder(troupe.database.path, troupe.home, folder / name, troupe.sessions, options))

    export("whole", Options())
    export("derived", DERIVED)
    begun = ask_erasure_of(troupe.home, ERASED, ErasureWish(Asker.OPERATOR, NOW))
    assert begun is not None
    do_all_steps(troupe.home, begun.erasure_id, NOW)
    export("after", DERIVED)


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    found = [row for path in sorted(out.glob(f"data/{table}/*.parquet")) for row in pq.read_table(path).to_pylist()]
    return [{name: value for name, value in row.items() if name != "audio"} for row in found]


def test_there_is_no_sound_in_it_and_all_else_is_as_with_sound(given: Path):
    out = given / "derived"
    files = [path for path in out.rglob("*") if path.is_file()]
    assert not [path.name for path in files for sign in (b"fLaC", b"OggS", b"RIFF") if sign in path.read_bytes()]
    assert {path.relative_to(out).parts[0] for path in files} == {"LICENSE", "README.md", "data", "manifest.json"}
    tables = {path.name for path in (out / "data").iterdir()}
    assert tables == {path.name for path in (given / "whole" / "data").iterdir()}
    for table in tables:
        assert rows(out, table) == rows(given / "whole", table), table
    card = (out / "README.md").read_text()
    assert "**There is no sound in it**" in card
    assert "soundfile" not in card
    assert "`tracks/`" not in card
    assert json.loads((out / "manifest.json").read_text())["sound"] is False
    assert "**There is no sound in it**" not in (given / "whole" / "README.md").read_text()


def test_a_copy_is_verified_and_sound_that_is_put_into_it_is_found(given: Path, tmp_path: Path):
    found = verify(given / "derived")
    assert found.wrong == []
    assert "There is no sound in it." in found.done
    copy = shutil.copytree(given / "derived", tmp_path / "copy")
    (copy / "tracks").mkdir()
    shutil.copy(next((given / "whole" / "tracks").iterdir()), copy / "tracks")
    assert any("do not belong to the dataset" in one for one in verify(copy).wrong)


def test_rows_about_revoked_sound_are_deleted_from_a_copy(given: Path, tmp_path: Path):
    copy = shutil.copytree(given / "derived", tmp_path / "copy")
    listed = Home(given / "home").revoked
    done = CliRunner().invoke(app, ["revoked", str(copy), "--list", str(listed), "--apply"])
    assert done.exit_code == 0, done.output
    assert verify(copy, read_revoked(listed)).wrong == []
    assert {row["clip_id"] for row in rows(copy, "turns")} == {row["clip_id"] for row in rows(given / "after", "turns")}
    assert ERASED not in {row["speaker_id"] for row in rows(copy, "tracks")}


def test_the_command_writes_it_and_only_as_parquet(given: Path, tmp_path: Path):
    home = ["--home", str(given / "home")]
    refused = CliRunner().invoke(app, ["export", *home, "--derived-only", "--layout", "audiofolder"])
    assert refused.exit_code == 2
    assert "leave out --layout" in refused.output
    done = CliRunner().invoke(app, ["export", *home, "--derived-only", "--json", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert not (tmp_path / "out" / "tracks").exists()
