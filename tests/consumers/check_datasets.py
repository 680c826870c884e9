"""An export as users of Hugging Face's `datasets` load it, plain, without torch, in versions 3, 4 and 5."""

# Only the consumers' environments contain `datasets`.
# pyright: reportMissingImports=false

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import datasets
import pytest
import yaml
from comparing import compare_turns, snippets
from datasets import DatasetDict, load_dataset

WITHOUT = ("torch", "torchcodec", "librosa")


@pytest.fixture(scope="session")
def turns(export: Path) -> DatasetDict:
    return load_dataset(str(export), "turns")


def test_it_is_the_version_that_is_meant_without_libraries_for_sound() -> None:
    assert datasets.__version__.split(".")[0] == os.environ["PROMPTBOOK_CONSUMER"].removeprefix("datasets")
    assert [name for name in WITHOUT if importlib.util.find_spec(name)] == []


def test_turns_are_equal_to_sql_on_the_store(turns: DatasetDict, truth: dict[str, Any]) -> None:
    rows = [row for split in turns.values() for row in split]
    features = turns["train"].features

    def named(column: str, value: int | None) -> str | None:
        return None if value is None else features[column].int2str(value)

    compare_turns(rows, truth, named)
    for split, loaded in turns.items():
        assert set(loaded["split"]) == {split}


def test_labels_are_the_whole_emotion_set(turns: DatasetDict, truth: dict[str, Any]) -> None:
    for loaded in turns.values():
        assert loaded.features["target_emotion"].names[: len(truth["emotions"])] == truth["emotions"]
        names = loaded.features["perceived_emotion"].names
        assert names == [*loaded.features["target_emotion"].names, "other", "no_agreement"]


def test_no_speaker_is_in_two_splits(turns: DatasetDict) -> None:
    speakers = [set(loaded["speaker_id"]) for loaded in turns.values()]
    assert len(speakers) > 1
    assert sum(map(len, speakers)) == len(set().union(*speakers))


def test_every_table_loads_by_its_name(export: Path, truth: dict[str, Any]) -> None:
    front = yaml.safe_load((export / "README.md").read_text("utf-8").split("---\n")[1])
    names = [config["config_name"] for config in front["configs"]]
    loaded = {name: load_dataset(str(export), name) for name in names}
    counts = {name: sum(split.num_rows for split in table.values()) for name, table in loaded.items()}
    expected = {table: count for table, count in truth["rows"].items() if count}
    assert {table: counts[table] for table in expected} == expected
    assert {split for name, table in loaded.items() if name != "turns" for split in table} == {"whole"}
    assert load_dataset(str(export)).keys() == loaded["turns"].keys()


def test_dialogues_name_their_files(export: Path) -> None:
    for row in load_dataset(str(export), "dialogues", split="whole"):
        assert [performer["channel"] for performer in row["performers"]] == list(range(len(row["performers"])))
        named = [row["mix"], *(performer["track"] for performer in row["performers"]), row["file"]]
        assert [name for name in named if name and not (export / name).is_file()] == []


def test_the_cards_snippets_run_verbatim(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turns: DatasetDict
) -> None:
    blocks = snippets(export, tmp_path, monkeypatch, "datasets")
    assert len(blocks) == 2
    names: dict[str, Any] = {}
    for block in blocks:
        exec(block, names)
    assert names["sampling_rate"] == 48_000
    assert len(names["samples"]) == round(turns["train"][0]["duration"] * 48_000)
    assert names["emotion"] in turns["train"].features["target_emotion"].names
