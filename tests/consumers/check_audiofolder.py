"""An export as playable files: `datasets.load_dataset(DIR)` in version 3, without Promptbook installed."""

# Only the consumers' environment contains `datasets`.
# pyright: reportMissingImports=false

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import soundfile
from datasets import Audio, DatasetDict, load_dataset

FEWEST_CLIPS = 8
FEWEST_SPEAKERS = 3
SAMPLE_SECONDS = 1 / 48_000
SILENCE_DBFS = -65.0


@pytest.fixture(scope="session")
def loaded(files: Path) -> DatasetDict:
    return load_dataset(str(files)).cast_column("audio", Audio(decode=False))


@pytest.fixture(scope="session")
def rows(loaded: DatasetDict) -> list[dict[str, Any]]:
    return [dict(row) | {"loaded_as": split} for split in loaded for row in loaded[split]]


def _decoded(row: dict[str, Any]) -> tuple[Any, int]:
    audio = row["audio"]
    source = io.BytesIO(audio["bytes"]) if audio["bytes"] else audio["path"]
    return soundfile.read(source, dtype="float32")


def test_schema_is_the_same_in_every_split(loaded: DatasetDict) -> None:
    schemas = [{name: str(feature) for name, feature in split.features.items()} for split in loaded.values()]
    assert all(schema == schemas[0] for schema in schemas)
    assert {"audio", "clip_id", "partners", "target_emotion", "answer_options", "sha256"} <= schemas[0].keys()


def test_only_clips_are_loaded_and_all_of_them(files: Path, rows: list[dict[str, Any]]) -> None:
    assert len(rows) >= FEWEST_CLIPS
    on_disk = {path.relative_to(files / "clips").as_posix() for path in files.glob("clips/*/*.flac")}
    assert {f"{row['loaded_as']}/{row['clip_id']}.flac" for row in rows} == on_disk
    assert len({row["clip_id"] for row in rows}) == len(rows)


def test_every_file_is_named_and_every_name_is_a_file(files: Path) -> None:
    for folder in (files / "clips").iterdir():
        named = pq.read_table(folder / "metadata.parquet")["file_name"].to_pylist()
        assert sorted(named) == sorted(path.name for path in folder.iterdir() if path.name != "metadata.parquet")


def test_no_speaker_is_in_two_splits(rows: list[dict[str, Any]]) -> None:
    speakers: dict[str, set[str]] = {}
    for row in rows:
        assert row["split"] == row["loaded_as"]
        speakers.setdefault(row["split"], set()).add(row["speaker_id"])
    assert {"train", "test"} <= speakers.keys()
    everybody = set().union(*speakers.values())
    assert len(everybody) >= FEWEST_SPEAKERS
    assert sum(map(len, speakers.values())) == len(everybody)


def test_sound_is_what_its_row_says(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        samples, rate = _decoded(row)
        assert rate == row["sampling_rate"] == 48_000
        assert samples.ndim == 1
        assert len(samples) / rate == pytest.approx(row["duration"], abs=SAMPLE_SECONDS / 2)
        assert row["end"] - row["start"] == pytest.approx(row["duration"], abs=SAMPLE_SECONDS / 2)
        level_dbfs = 10 * np.log10(np.mean(np.square(samples, dtype=np.float64)))
        assert level_dbfs > SILENCE_DBFS
        assert level_dbfs == pytest.approx(row["level_dbfs"], abs=0.01)


def test_clips_are_stretches_of_their_tracks_and_unaltered(files: Path, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        samples, rate = _decoded(row)
        start, end = round(row["start"] * rate), round(row["end"] * rate)
        track, _ = soundfile.read(files / row["track"], start=start, stop=end, dtype="float32")
        assert np.array_equal(samples, track)
        path = files / "clips" / row["split"] / f"{row['clip_id']}.flac"
        assert hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]


def test_intended_felt_and_perceived_stay_apart(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert row["target_emotion"]
        assert (row["perceived_emotion"] is None) == (row["n_raters"] < 3)
        assert (row["agreement"] is None) == (row["n_raters"] < 3)
        assert (row["self_emotion"] is None) == (row["self_intensity"] is None)
    assert any(row["perceived_emotion"] for row in rows)
    assert any(row["self_emotion"] for row in rows)
