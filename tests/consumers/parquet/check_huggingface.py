"""An export as a user of `datasets` loads it, without libraries for sound and without Promptbook."""

# Only the consumers' environments contain `datasets`.
# pyright: reportMissingImports=false

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import datasets
import pytest
from datasets import ClassLabel, DatasetDict, get_dataset_config_names, load_dataset

from tests.consumers.opening import Export
from tests.consumers.reading import Tables, kind_of, note, reading_of, with_rows, written_in

# The columns of a turn as Arrow types: what a consumer's code may rely on.
KINDS = {
    "sound": "audio",
    "string": "clip_id split session language transcript transcript_source "
    "speaker_id prompt_id prompt_title prompt_text place relationship role want "
    "character character_name voice_direction target_claim emotion_direction cue_basis found_by method track sha256 "
    "kind calibration_part calibration_voice calibration_place replay_of replay_mode replay_line shift",
    "bool": "is_for_rating",
    "int32": "fold scene take turn direction_number target_intensity target_until_ms self_intensity self_valence "
    "self_arousal self_dominance self_authenticity n_raters n_partner_raters speech_start_ms speech_end_ms "
    "sampling_rate",
    "int64": "target_emotion arc_first_emotion arc_second_emotion self_emotion perceived_emotion",
    "float64": "agreement perceived_intensity perceived_valence perceived_arousal perceived_dominance "
    "perceived_authenticity perceived_naturalness perceived_voice_consistency start end duration level_dbfs peak_dbfs "
    "cue_at",
    "list<string>": "partners answer_options consents",
}


@pytest.fixture(scope="session")
def loaded(dataset: Path) -> dict[str, DatasetDict]:
    return {table: load_dataset(str(dataset), table) for table in get_dataset_config_names(str(dataset))}


def _kinds(split: Any) -> dict[str, str]:
    return {field.name: kind_of(field.type) for field in split.features.arrow_schema}


def test_nothing_decodes_sound_here() -> None:
    assert [name for name in ("torch", "torchcodec", "librosa") if importlib.util.find_spec(name)] == []


def test_every_table_with_rows_has_a_name(dataset: Path, loaded: dict[str, DatasetDict]) -> None:
    assert set(loaded) == set(with_rows(dataset))
    assert load_dataset(str(dataset)).num_rows == loaded["turns"].num_rows


def test_everything_is_read_as_it_was_written(dataset: Path, loaded: dict[str, DatasetDict]) -> None:
    read: Tables = {
        table: {split: reading_of(_kinds(rows), rows) for split, rows in splits.items()}
        for table, splits in loaded.items()
    }
    assert read == written_in(dataset)
    note(dataset, f"datasets {datasets.__version__}", read)


def test_the_columns_of_turns_have_the_promised_types(loaded: dict[str, DatasetDict]) -> None:
    expected = {name: kind for kind, names in KINDS.items() for name in names.split()}
    for split in loaded["turns"].values():
        assert _kinds(split) == expected


def test_a_label_can_be_any_emotion_of_the_sets(export: Export, loaded: dict[str, DatasetDict]) -> None:
    """Sessions of earlier versions did not keep their emotion sets: what occurs in them comes after those."""
    content = [json.loads(row["content"]) for row in export.table("materials")]
    emotions = list(dict.fromkeys(emotion["key"] for one in content for emotion in one.get("emotions", [])))
    for split in loaded["turns"].values():
        targets = split.features["target_emotion"].names
        assert targets[: len(emotions)] == emotions
        for column, more in (("target", []), ("self", ["other"]), ("perceived", ["other", "no_agreement"])):
            label = split.features[f"{column}_emotion"]
            assert isinstance(label, ClassLabel)
            assert label.names == [*targets, *more]


def _names(feature: Any) -> Any:
    """The names of every label in a feature. Lists are of other classes in each version of `datasets`."""
    if isinstance(feature, ClassLabel):
        return feature.names
    if isinstance(feature, dict):
        return {name: _names(one) for name, one in feature.items()}
    return _names(feature[0] if isinstance(feature, list) else getattr(feature, "feature", None)) if feature else None


def test_labels_have_their_names_without_the_card(dataset: Path, loaded: dict[str, DatasetDict]) -> None:
    for table, splits in with_rows(dataset).items():
        bare = load_dataset("parquet", data_files={split: list(map(str, paths)) for split, paths in splits.items()})
        for split in splits:
            assert _kinds(bare[split]) == _kinds(loaded[table][split])
            assert _names(dict(bare[split].features)) == _names(dict(loaded[table][split].features))
