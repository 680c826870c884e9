"""A copy of a dataset is checked without the store: each kind of damage is found, and said in a sentence."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.audio import sound
from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Layout, Options
from bot.dataset.release.manifest import MANIFEST, sha256_of
from bot.dataset.sound.orders import Audio
from bot.dataset.verifying.verify import verify
from tools.synthetic.session import PERFORMER_SCOPES, open_troupe, play_evening

COPIES = {
    "parquet": Options(has_dialogues=True),
    "opus": Options(audio=Audio.OPUS),
    "files": Options(Layout.AUDIOFOLDER, has_dialogues=True),
}


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One evening in every layout; each test damages a copy."""
    folder = tmp_path_factory.mktemp("copies")
    asyncio.run(_export_all(folder))
    return folder


async def _export_all(folder: Path) -> None:
    troupe = await open_troupe(folder / "home")
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(4)]
    await play_evening(troupe, people, [])
    await troupe.database.close()
    for name, options in COPIES.items():
        export_dataset(ExportOrder(troupe.database.path, troupe.home, folder / name, troupe.sessions, options))


def damaged(copies: Path, tmp_path: Path, name: str, damage: Callable[[Path], None]) -> Path:
    shutil.copytree(copies / name, tmp_path / name)
    damage(tmp_path / name)
    return tmp_path / name


def sign(out: Path) -> None:
    """Put the hashes of all files into the manifest, as someone would who changes a dataset and its hashes."""
    manifest = json.loads((out / MANIFEST).read_text())
    manifest["files"] = {name: sha256_of(out / name) for name in manifest["files"] if (out / name).exists()}
    (out / MANIFEST).write_text(json.dumps(manifest))


def change_turns(out: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the first row of a table with clips."""
    path = next(out.glob("data/turns/*.parquet"), None) or next(out.glob("clips/*/metadata.parquet"))
    table = pq.read_table(path)
    rows = table.to_pylist()
    change(rows[0])
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)
    sign(out)


@pytest.mark.parametrize("name", COPIES)
def test_a_whole_copy_is_whole(copies: Path, name: str) -> None:
    findings = verify(copies / name)
    assert findings.wrong == []
    assert "No speaker is in two splits." in findings.done
    assert "All 8 clips decode." in findings.done
    count = {"parquet": 12, "opus": 10, "files": 12}[name]
    assert f"All {count} tracks and mixes decode." in findings.done


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _first(out: Path, pattern: str) -> Path:
    return sorted(out.glob(pattern))[0]


@pytest.mark.parametrize(
    ("name", "damage", "said"),
    [
        ("parquet", lambda out: _flip(_first(out, "tracks/*")), "The content of these files has changed: tracks/S0001"),
        ("parquet", lambda out: _first(out, "mixes/*").unlink(), "These files are missing: mixes/S0001_scene01_take01"),
        (
            "files",
            lambda out: (out / "notes.txt").write_text("mine"),
            "These files do not belong to the dataset",
        ),
        ("files", lambda out: _first(out, "clips/*/*.flac").unlink(), "These clips cannot be decoded: clips/"),
        ("files", lambda out: _first(out, "tracks/*").unlink(), "These tracks are missing: tracks/S0001_scene01"),
    ],
    ids=["changed", "missing", "foreign", "no clip", "no track"],
)
def test_files_are_compared_with_the_manifest(
    copies: Path, tmp_path: Path, name: str, damage: Callable[[Path], None], said: str
) -> None:
    wrong = verify(damaged(copies, tmp_path, name, damage)).wrong
    assert any(sentence.startswith(said) for sentence in wrong), wrong


@pytest.mark.parametrize("name", COPIES)
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda row: row.update(duration=9.0), "These clips are not what their rows say: "),
        (lambda row: row.update(sha256="0" * 64), "These clips are not what their rows say: "),
        (lambda row: row.update(track="tracks/none.flac"), "These tracks are missing: tracks/none.flac"),
        (lambda row: row.update(clip_id="S0009"), "Tables name these, which are not there: S0001_scene01_take01_"),
        (lambda row: row.update(split="nowhere"), "These clips are in another split: "),
    ],
    ids=["length", "hash", "track", "clip", "split"],
)
def test_rows_are_compared_with_their_sound_even_if_someone_changed_the_hashes(
    copies: Path, tmp_path: Path, name: str, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    wrong = verify(damaged(copies, tmp_path, name, lambda out: change_turns(out, change))).wrong
    assert any(sentence.startswith(said) for sentence in wrong), wrong


def test_a_speaker_in_two_splits_is_found(copies: Path, tmp_path: Path) -> None:
    def swap(out: Path) -> None:
        test, train = (next(out.glob(f"data/turns/{split}-*")) for split in ("test", "train"))
        (row,) = pq.read_table(test).slice(0, 1).to_pylist()
        change_turns(out, lambda other: other.update(speaker_id=row["speaker_id"]))
        table = pq.read_table(train)
        rows = table.to_pylist()
        rows[0]["speaker_id"] = row["speaker_id"]
        pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), train)
        sign(out)

    wrong = verify(damaged(copies, tmp_path, "parquet", swap)).wrong
    assert any("These speakers are in several splits: spk_0000000" in sentence for sentence in wrong), wrong


def test_sound_that_does_not_decode_is_found_in_tables_and_files(copies: Path, tmp_path: Path) -> None:
    def spoil(out: Path) -> None:
        change_turns(out, lambda row: row.update(audio={"bytes": b"fLaC no sound", "path": "x"}))
        _first(out, "mixes/*").write_bytes(b"fLaC no sound")
        sign(out)

    wrong = verify(damaged(copies, tmp_path, "parquet", spoil)).wrong
    assert any(sentence.startswith("These clips cannot be decoded: S0001_scene01") for sentence in wrong), wrong
    assert any(sentence.startswith("These files cannot be decoded: mixes/S0001_scene01") for sentence in wrong), wrong


def test_tracks_of_another_length_are_found(copies: Path, tmp_path: Path) -> None:
    def shorten(out: Path) -> None:
        sound.write_flac(_first(out, "tracks/*"), np.zeros(48_000, np.float32))
        sign(out)

    wrong = verify(damaged(copies, tmp_path, "files", shorten)).wrong
    assert wrong == ["The files of these takes are not equally long: mixes/S0001_scene01_take01.flac."]


def test_other_columns_rows_and_descriptions_are_found(copies: Path, tmp_path: Path) -> None:
    def change(out: Path) -> None:
        path = next(out.glob("data/ratings/*"))
        pq.write_table(pq.read_table(path).drop_columns(["rater_id"]), path)
        path = next(out.glob("data/people/*"))
        pq.write_table(pq.read_table(path).slice(1), path)
        card = out / "README.md"
        card.write_text(card.read_text().replace("0: anger", "0: rage").replace("'0': anger", "'0': rage"))
        sign(out)

    wrong = verify(damaged(copies, tmp_path, "parquet", change)).wrong
    assert any(said.startswith("These tables have other columns or rows: data/ratings/whole") for said in wrong), wrong
    assert any("people" in said for said in wrong), wrong
    assert any(said.startswith("The card describes these tables otherwise: ") for said in wrong), wrong


def test_what_is_no_dataset_is_said(tmp_path: Path) -> None:
    (said,) = verify(tmp_path).wrong
    assert said == f"{tmp_path} is not a dataset that Promptbook has exported: it has no manifest.json."
    (tmp_path / MANIFEST).write_text(json.dumps({"format": "promptbook-dataset", "contents": "log", "files": {}}))
    (said,) = verify(tmp_path).wrong
    assert "Ask the person who gave it to you to export it again." in said


def test_the_command_says_it_and_ends_with_1(copies: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["dataset", "verify", str(copies / "parquet")])
    assert (done.exit_code, done.stdout.splitlines()[0].split(" files")[0]) == (0, "ok    All 40")
    out = damaged(copies, tmp_path, "parquet", lambda out: (out / "LICENSE").unlink())
    done = CliRunner().invoke(app, ["dataset", "verify", str(out)])
    assert done.exit_code == 1
    assert "FAIL  These files are missing: LICENSE." in done.stdout.splitlines()
    done = CliRunner().invoke(app, ["dataset", "verify", "--json", str(out)])
    assert json.loads(done.stdout)["wrong"] == ["These files are missing: LICENSE."]
