"""A dataset as Parquet: every turn with its sound, labels as numbers with names, and every table named in the card."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import soundfile
import yaml

from bot.config import PROJECT_FOLDER
from bot.dataset.errors import IdentityFound
from bot.dataset.export import ExportOrder, ExportResult, export_dataset
from bot.dataset.formats import parquet, parquet_layout
from bot.dataset.formats.parquet import features_in
from bot.dataset.model.labels import Labels
from bot.dataset.model.options import Layout, Options, Turns
from bot.dataset.release.manifest import MANIFEST
from bot.dataset.rows.schema import DIALOGUES, OTHERS, TABLES
from bot.dataset.rows.turn_columns import TURN_COLUMNS
from bot.domain.cues import CueTimes
from bot.domain.ids import PersonId
from bot.samples import SAMPLE_RATE_HZ
from bot.services.facts.library import Library
from bot.store.cues import add_cue
from bot.store.database import Database
from bot.store.materials import keep_emotion_set
from bot.store.notes import add_note
from tools.synthetic.session import EMOTIONS, FIRST_USER_ID, NOW, PERFORMER_SCOPES, TAKE_S, Troupe, play_evening

LIBRARY = Library(PROJECT_FOLDER / "data")
BASIC = [emotion.key for emotion in LIBRARY.emotion_set("basic").emotions]


@pytest.fixture
async def performers(troupe: Troupe) -> list[PersonId]:
    """Who played an evening of two scenes, each with one turn that was rated and one that was not put up."""
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(4)]
    await play_evening(troupe, people, [])
    async with troupe.database.transaction() as tx:
        await tx.execute(
            "INSERT INTO turns (track_id, number, start_samples, end_samples, clip_start_samples, clip_end_samples, "
            "is_for_rating, found_by, method) SELECT track_id, 2, 120000, 144000, 115200, 148800, 0, 'level', "
            "'silero-1' FROM tracks"
        )
    return people


def exported(troupe: Troupe, out: Path, **options: Any) -> ExportResult:
    order = ExportOrder(
        troupe.database.path,
        troupe.home,
        out,
        troupe.sessions,
        Options(**options),
        emotion_sets=[LIBRARY.emotion_set("basic")],
    )
    return export_dataset(order)


def rows(out: Path, table: str = "turns") -> list[dict[str, Any]]:
    paths = sorted((out / "data" / table).iterdir())
    return [row for path in paths for row in pq.read_table(path).to_pylist()]


def card(out: Path) -> dict[str, Any]:
    return yaml.safe_load((out / "README.md").read_text("utf-8").split("---\n")[1])


async def test_every_turn_is_a_row_with_its_sound(troupe: Troupe, performers: list[PersonId], tmp_path: Path) -> None:
    result = exported(troupe, tmp_path / "out")
    found = rows(result.path)
    assert (result.clips, len(found), result.splits) == (16, 16, {"train": 12, "test": 4})
    assert {(row["turn"], row["is_for_rating"], row["n_raters"]) for row in found} == {(1, True, 3), (2, False, 0)}
    for row in found:
        samples, rate = soundfile.read(io.BytesIO(row["audio"]["bytes"]))
        assert rate == SAMPLE_RATE_HZ
        assert row["audio"]["path"] == f"{row['clip_id']}.flac"
        assert len(samples) == round(row["duration"] * SAMPLE_RATE_HZ)
        track, _ = soundfile.read(result.path / row["track"])
        assert len(track) == TAKE_S * SAMPLE_RATE_HZ
    unrated = next(row for row in found if row["turn"] == 2)
    assert (unrated["speech_start_ms"], unrated["speech_end_ms"], unrated["duration"]) == (100, 600, 0.7)
    assert (unrated["found_by"], unrated["perceived_emotion"], unrated["self_emotion"]) == ("level", None, None)


async def test_only_rated_turns_if_that_is_asked_for(
    troupe: Troupe, performers: list[PersonId], tmp_path: Path
) -> None:
    out = exported(troupe, tmp_path / "out", turns=Turns.RATED).path
    assert {row["turn"] for row in rows(out)} == {1}
    dialogue = rows(out, "dialogues")[0]
    assert [(turn["turn"], turn["clip_id"] is None) for turn in dialogue["turns"]] == [(1, False)] * 4 + [(2, True)] * 4
    files = exported(troupe, tmp_path / "files", layout=Layout.AUDIOFOLDER, turns=Turns.ALL)
    assert len(list(files.path.glob("clips/*/*.flac"))) == files.clips == 16


async def test_labels_are_the_whole_emotion_set(troupe: Troupe, performers: list[PersonId], tmp_path: Path) -> None:
    out = exported(troupe, tmp_path / "out").path
    names = {"target_emotion": BASIC, "self_emotion": [*BASIC, "other"]}
    names["perceived_emotion"] = [*BASIC, "other", "no_agreement"]
    for path in (out / "data" / "turns").iterdir():
        features = features_in(path)
        assert {name: features[name]["names"] for name in names} == names
        assert features["audio"] == {"decode": False, "_type": "Audio"}
    info = next(one for one in card(out)["dataset_info"] if one["config_name"] == "turns")
    in_yaml = {one["name"]: one.get("dtype") for one in info["features"]}
    for name, labels in names.items():
        assert list(in_yaml[name]["class_label"]["names"].values()) == labels
    for row in rows(out):
        expected = EMOTIONS[(row["scene"] - 1 + int(row["speaker_id"][-1]) - 1) % 4]
        assert names["target_emotion"][row["target_emotion"]] == expected
        assert row["answer_options"] == [*BASIC, "other"]


async def test_an_emotion_that_is_in_no_known_set_has_a_name_too(
    troupe: Troupe, performers: list[PersonId], tmp_path: Path
) -> None:
    async with troupe.database.transaction() as tx:
        await tx.execute("UPDATE castings SET target_emotion = 'ennui' WHERE person_id = ?", performers[0])
    out = exported(troupe, tmp_path / "out").path
    (path, *_) = (out / "data" / "turns").iterdir()
    assert features_in(path)["target_emotion"]["names"] == [*BASIC, "ennui"]


async def test_the_card_names_every_table_that_has_rows(
    troupe: Troupe, performers: list[PersonId], tmp_path: Path
) -> None:
    result = exported(troupe, tmp_path / "out")
    front = card(result.path)
    manifest = json.loads((result.path / MANIFEST).read_text())
    with_rows = [name for name, count in manifest["rows"].items() if count]
    assert [config["config_name"] for config in front["configs"]] == with_rows
    assert [info["config_name"] for info in front["dataset_info"]] == with_rows
    assert [config["config_name"] for config in front["configs"] if config.get("default")] == ["turns"]
    for config, info in zip(front["configs"], front["dataset_info"], strict=True):
        for one, split in zip(config["data_files"], info["splits"], strict=True):
            paths = list(result.path.glob(one["path"]))
            assert one["split"] == split["name"]
            assert sum(pq.read_metadata(path).num_rows for path in paths) == split["num_examples"]
            assert sum(path.stat().st_size for path in paths) == split["num_bytes"]
    # An empty table is a file with its schema: `datasets` cannot load it, everything else can.
    (empty,) = (result.path / "data" / "holes").iterdir()
    assert pq.read_schema(empty).names == ["session", "scene", "take", "cause", "start", "end", "speaker_id"]
    assert (front["license"], front["license_link"]) == ("other", "LICENSE")
    assert "There is no public licence" in (result.path / "LICENSE").read_text()


async def test_schemas_are_explicit_whatever_is_null(
    troupe: Troupe, performers: list[PersonId], tmp_path: Path
) -> None:
    out = exported(troupe, tmp_path / "out").path
    kinds = {"double": "float64", "list<element: string>": "list<string>", "string": "string"}
    (path, *_) = (out / "data" / "turns").iterdir()
    found = {field.name: kinds.get(str(field.type), str(field.type)) for field in pq.read_schema(path)}
    assert found.pop("audio") == "struct<bytes: binary, path: string>"
    assert found == {column.name: "int64" if column.names else column.kind for column in TURN_COLUMNS}
    for table in (DIALOGUES, *OTHERS):
        (path,) = (out / "data" / table.name).iterdir()
        assert pq.read_schema(path).names == table.head


async def test_labels_keep_their_names_without_the_card(
    troupe: Troupe, performers: list[PersonId], tmp_path: Path
) -> None:
    """`datasets` takes a label's names from the file only if its field can be null."""
    out = exported(troupe, tmp_path / "out").path
    for path in (out / "data").rglob("*.parquet"):
        assert [field.name for field in pq.read_schema(path) if not field.nullable] == []
    with parquet.TableFile(tmp_path / "castings.parquet", TABLES["castings"].columns, Labels(BASIC, {})) as file:
        row = dict.fromkeys(TABLES["castings"].head) | {"session": "S0001", "scene": 1, "speaker_id": "spk_00000001"}
        with pytest.raises(ValueError, match="no value in role, is_overridden"):
            file.add(row)


async def test_a_row_reads_without_another_file(troupe: Troupe, performers: list[PersonId], tmp_path: Path) -> None:
    voice = json.dumps({"temperament": "is never in a hurry", "pitch": "low"})
    async with troupe.database.transaction() as tx:
        await tx.execute(
            "UPDATE castings SET character_name = 'Slow River', voice_direction = ?, "
            "emotion_direction = 'Let it out.', second_emotion = 'disgust', second_intensity = 3, "
            "second_emotion_direction = 'Turn away.', want = 'to be let in', direction_number = 2, "
            "second_direction_number = 3, shift = 'sudden'",
            voice,
        )
        await tx.execute("""UPDATE sessions SET dealt_emotions = '["anger", "disgust"]'""")
        await tx.execute("UPDATE scenes SET place = 'A kitchen', relationship = 'Neighbours', pull = '[\"fear\"]'")
        sha256 = await keep_emotion_set(tx, LIBRARY.emotion_set("categories-27"))
        await tx.execute("UPDATE scenes SET emotion_set_sha256 = ?", sha256)
        casting = await tx.fetch_value("SELECT casting_id FROM castings ORDER BY casting_id LIMIT 1")
        await add_cue(tx, 1, casting, "coordinator", CueTimes(96_000))  # type: ignore[arg-type]
    out = exported(troupe, tmp_path / "out").path
    options = [emotion.key for emotion in LIBRARY.emotion_set("categories-27").emotions]
    names = features_in(next((out / "data" / "turns").iterdir()))["target_emotion"]["names"]
    assert names[: len(options)] == options
    found = {(row["scene"], row["speaker_id"], row["turn"]): row for row in rows(out)}
    before, after = (found[1, "spk_00000001", turn] for turn in (1, 2))
    assert before["prompt_text"] == 'Somebody has the keys, and\nnobody "has" them.'
    assert (before["place"], before["relationship"], before["role"]) == ("A kitchen", "Neighbours", "the neighbour")
    assert before["want"] == "to be let in"
    (path,) = (out / "data" / "dialogues").iterdir()
    assert {part["want"] for take in pq.read_table(path).to_pylist() for part in take["performers"]} == {"to be let in"}
    (path,) = (out / "data" / "scenes").iterdir()
    assert pq.read_table(path)["pull"].to_pylist() == [["fear"]] * 2
    assert (before["character_name"], before["voice_direction"]) == (
        "Slow River",
        "temperament: is never in a hurry; pitch: low",
    )
    assert before["answer_options"] == [*options, "other"]
    assert before["partners"] == ["spk_00000002", "spk_00000003", "spk_00000004"]
    # The first turn runs from 1.0 s to 3.5 s and the cue came at 2.0 s; the second turn begins after it.
    assert (before["target_until_ms"], after["target_until_ms"]) == (1000, None)
    directions = [(row["emotion_direction"], names[row["target_emotion"]]) for row in (before, after)]
    assert directions == [("Let it out.", "anger"), ("Turn away.", "disgust")]
    assert [(row["direction_number"], row["shift"]) for row in (before, after)] == [(2, "sudden"), (3, "sudden")]
    dealt = rows(out, "castings")[0]
    assert (dealt["direction_number"], dealt["second_direction_number"], dealt["shift"]) == (2, 3, "sudden")
    assert rows(out, "sessions")[0]["dealt_emotions"] == ["anger", "disgust"]
    (first, *_) = rows(out, "dialogues")
    assert (first["performers"][0]["cue_at"], first["cues"][0]["at"]) == (2.0, 2.0)
    assert (first["performers"][0]["cue_basis"], first["cues"][0]["second_from"]) == ("told", 2.0)
    assert [performer["channel"] for performer in first["performers"]] == [0, 1, 2, 3]
    assert rows(out, "materials")[0]["name"] == "categories-27"


async def test_large_splits_are_continued_in_another_file(
    troupe: Troupe, performers: list[PersonId], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = {row["clip_id"]: row for row in rows(exported(troupe, tmp_path / "whole").path)}
    monkeypatch.setattr(parquet_layout, "SHARD_BYTES", 600_000)
    monkeypatch.setattr(parquet, "ROW_GROUP_BYTES", 200_000)
    out = exported(troupe, tmp_path / "out").path
    names = sorted(path.name for path in (out / "data" / "turns").iterdir())
    assert len(names) > 2
    assert names[-1].split("-of-")[1] == f"{sum(name.startswith('train') for name in names):05}.parquet"
    assert {row["clip_id"]: row for row in rows(out)} == whole


async def test_an_id_in_a_table_with_sound_is_found(troupe: Troupe, performers: list[PersonId], tmp_path: Path) -> None:
    await _write_into_a_prompt(troupe.database, f"Call {FIRST_USER_ID + 1}!")
    with pytest.raises(IdentityFound, match="contained Discord's number"):
        exported(troupe, tmp_path / "out")
    assert not (tmp_path / "out").exists()


async def _write_into_a_prompt(database: Database, text: str) -> None:
    async with database.transaction() as tx:
        await tx.execute("UPDATE scenes SET prompt_text = ?", text)


async def test_notes_are_labels_for_audacity_if_they_are_asked_for(
    troupe: Troupe, performers: list[PersonId], tmp_path: Path
) -> None:
    async with troupe.database.transaction() as tx:
        for at, text in ((96_000, "A real\tlaugh\nhere"), (48_000, "Starts well")):
            await add_note(tx, troupe.sessions[0], text, NOW, scene_id=1, take_id=1, position_samples=at)  # type: ignore[arg-type]
        await add_note(tx, troupe.sessions[0], "Break", NOW, scene_id=None, take_id=None, position_samples=None)
    assert not (exported(troupe, tmp_path / "without").path / "notes").exists()
    out = exported(troupe, tmp_path / "out", has_notes=True).path
    (path,) = (out / "notes").iterdir()
    assert path.name == "S0001_scene01_take01.txt"
    assert path.read_text() == "1.000000\t1.000000\tStarts well\n2.000000\t2.000000\tA real laugh here\n"
    assert "| `notes/` | 2 of the coordinators' notes" in (out / "README.md").read_text()
