"""What holders of a dataset must delete: the list names it by version, the command deletes it, and the rest loads."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Layout, Options
from bot.dataset.sound.orders import Audio
from bot.dataset.verifying.copies import Copy
from bot.dataset.verifying.finding_revoked import find_revoked
from bot.dataset.verifying.revoked import Revoked, read_revocations, read_revoked
from bot.dataset.verifying.verify import verify
from bot.domain.erasing import Asker, ErasureWish
from bot.home.places import Home
from bot.rights.asking import ask_erasure_of
from bot.rights.steps import do_all_steps
from tools.synthetic.session import NOW, PERFORMER_SCOPES, open_troupe, play_evening

COPIES = {
    "parquet": Options(has_dialogues=True),
    "opus": Options(audio=Audio.OPUS),
    "files": Options(Layout.AUDIOFOLDER, has_dialogues=True),
}
ERASED = "spk_00000001"


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One evening in every layout, given away before one of its performers was erased; its home, and versions after."""
    folder = tmp_path_factory.mktemp("given")
    asyncio.run(_give(folder))
    return folder


async def _give(folder: Path) -> None:
    troupe = await open_troupe(folder / "home")
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(4)]
    await play_evening(troupe, people, [])
    await troupe.database.close()

    def export(suffix: str) -> None:
        for name, options in COPIES.items():
            out = folder / f"{name}{suffix}"
            export_dataset(ExportOrder(troupe.database.path, troupe.home, out, troupe.sessions, options))

    export("")
    begun = ask_erasure_of(troupe.home, ERASED, ErasureWish(Asker.OPERATOR, NOW))
    assert begun is not None
    do_all_steps(troupe.home, begun.erasure_id, NOW)
    export("-after")


def sounds_of(out: Path) -> dict[str, set[str]]:
    """The hashes of all sounds of a dataset, by kind, read from its files and rows."""
    manifest = json.loads((out / "manifest.json").read_text())
    kinds = {"tracks": "track", "mixes": "mix", "dialogues": "dialogue"}
    found: dict[str, set[str]] = {kind: set() for kind in (*kinds.values(), "clip")}
    for name, sha256 in manifest["files"].items():
        if kind := kinds.get(name.split("/")[0]):
            found[kind].add(sha256)
    for path in [*out.glob("data/turns/*.parquet"), *out.glob("clips/*/metadata.parquet")]:
        found["clip"] |= set(pq.read_table(path, columns=["sha256"])["sha256"].to_pylist())
    return found


def revoked_list(given: Path) -> Path:
    return Home(given / "home").revoked


@pytest.mark.parametrize("name", COPIES)
def test_the_list_is_what_the_next_version_has_no_longer(given: Path, name: str):
    before, after = sounds_of(given / name), sounds_of(given / f"{name}-after")
    version = str(json.loads((given / name / "manifest.json").read_text())["version"]["number"])
    listed = read_revocations(revoked_list(given))[version]
    # A mix without someone is another mix, so that the mix of before is among what is gone.
    gone = {kind: sorted(before[kind] - after[kind]) for kind in before}
    assert {kind: list(hashes) for kind, hashes in listed.items()} == {kind: one for kind, one in gone.items() if one}
    assert gone["clip"]
    assert gone["mix"]
    assert ERASED not in revoked_list(given).read_text()


@pytest.mark.parametrize("name", COPIES)
def test_what_is_revoked_is_named_and_deleted_and_the_rest_is_whole(given: Path, tmp_path: Path, name: str):
    copy = shutil.copytree(given / name, tmp_path / name)
    kept = sounds_of(given / f"{name}-after")
    call = CliRunner().invoke
    words = ["revoked", str(copy), "--list", str(revoked_list(given))]
    told = call(app, words)
    assert told.exit_code == 1
    assert "Delete them with --apply" in told.output
    assert any("These are revoked" in one for one in verify(copy, read_revoked(revoked_list(given))).wrong)
    done = call(app, [*words, "--apply"])
    assert done.exit_code == 0, done.output
    found = verify(copy, read_revoked(revoked_list(given)))
    assert found.wrong == []
    assert call(app, words).output == "Nothing in this dataset is revoked.\n"
    left = sounds_of(copy)
    assert left["clip"] == kept["clip"]
    assert left["track"] == kept["track"]
    tables = [path for path in [*copy.glob("tables/*"), *copy.glob("data/*/*")] if ERASED.encode() in path.read_bytes()]
    # What they said about others is in the labels of those clips, and goes with the next version.
    named = {(path.parent if path.suffix == ".parquet" else path).stem for path in tables}
    assert named <= {"people", "rater_agreement", "ratings", "answers"}


def test_an_interrupted_deletion_can_be_repeated(given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    copy = shutil.copytree(given / "parquet", tmp_path / "parquet")
    replaced: list[Path] = []
    replace = Path.replace

    def replace_few(self: Path, target: Path) -> Path:
        replaced.append(target)
        if len(replaced) % 3 == 0:
            raise OSError("no space left on device")
        return replace(self, target)

    words = ["revoked", str(copy), "--list", str(revoked_list(given)), "--apply"]
    monkeypatch.setattr(Path, "replace", replace_few)
    assert CliRunner().invoke(app, words).exit_code == 1
    monkeypatch.undo()
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert verify(copy, read_revoked(revoked_list(given))).wrong == []


def test_clips_of_older_versions_are_found_by_the_first_digits(given: Path):
    copy = Copy(given / "parquet")
    turn = next(turn for turn in copy.turns() if turn.row["speaker_id"] == ERASED)
    found = find_revoked(copy, Revoked(frozenset(), frozenset({turn.row["sha256"][:16]})))
    assert found.clips == {one.row["clip_id"] for one in copy.turns() if one.row["sha256"] == turn.row["sha256"]}
    assert not found.files
