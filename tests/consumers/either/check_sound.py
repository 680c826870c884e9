"""The sound of an export: decoded with soundfile, and compared with what the tables say about it."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.consumers.reading import files_in, rows_in

FEWEST_TURNS = 8
FEWEST_SPEAKERS = 3
SAMPLE_SECONDS = 1 / 48_000
SILENCE_DBFS = -65.0


def _turns(dataset: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for split, paths in files_in(dataset)["turns"].items():
        for row in rows_in(paths):
            yield split, row


def _rows(dataset: Path, table: str) -> list[dict[str, Any]]:
    return list(rows_in(files_in(dataset)[table]["whole"]))


def _decoded(row: dict[str, Any]) -> tuple[Any, int]:
    return soundfile.read(io.BytesIO(row["audio"]["bytes"]), dtype="float32")


def test_sound_is_what_its_row_says(dataset: Path) -> None:
    found = set()
    for _, row in _turns(dataset):
        samples, rate = _decoded(row)
        assert rate == row["sampling_rate"] == 48_000
        assert samples.ndim == 1
        assert len(samples) / rate == pytest.approx(row["duration"], abs=SAMPLE_SECONDS / 2)
        assert row["end"] - row["start"] == pytest.approx(row["duration"], abs=SAMPLE_SECONDS / 2)
        level_dbfs = 10 * np.log10(np.mean(np.square(samples, dtype=np.float64)))
        assert level_dbfs > SILENCE_DBFS
        assert level_dbfs == pytest.approx(row["level_dbfs"], abs=0.01)
        assert hashlib.sha256(row["audio"]["bytes"]).hexdigest() == row["sha256"]
        assert row["audio"]["path"].startswith(f"{row['clip_id']}.")
        found.add(row["clip_id"])
    assert len(found) == sum(1 for _ in _turns(dataset)) >= FEWEST_TURNS


def test_turns_are_stretches_of_their_tracks_and_unaltered(dataset: Path) -> None:
    for _, row in _turns(dataset):
        samples, rate = _decoded(row)
        start, end = round(row["start"] * rate), round(row["end"] * rate)
        track, _ = soundfile.read(dataset / row["track"], start=start, stop=end, dtype="float32")
        assert np.array_equal(samples, track)


def test_the_tracks_of_a_take_are_as_long_as_its_mix(dataset: Path) -> None:
    lengths = {row["file"]: round(row["duration"] * 48_000) for row in _rows(dataset, "tracks")}
    assert {name: soundfile.info(dataset / name).frames for name in lengths} == lengths
    of_take: dict[tuple[Any, ...], set[int]] = {}
    for row in _rows(dataset, "tracks"):
        of_take.setdefault((row["session"], row["scene"], row["take"]), set()).add(lengths[row["file"]])
    for row in _rows(dataset, "dialogues"):
        assert of_take.pop((row["session"], row["scene"], row["take"])) == {soundfile.info(dataset / row["mix"]).frames}
        if row["file"]:
            info = soundfile.info(dataset / row["file"])
            assert (info.frames, info.channels) == (round(row["duration"] * 48_000), len(row["performers"]))
    assert not of_take


def test_no_speaker_is_in_two_splits(dataset: Path) -> None:
    sides: dict[str, set[str]] = {}
    for split, row in _turns(dataset):
        assert row["split"] == split
        sides.setdefault(row["speaker_id"], set()).add(split)
    assert len(sides) >= FEWEST_SPEAKERS
    assert {len(splits) for splits in sides.values()} == {1}
    assert {"train", "test"} <= set().union(*sides.values())
    people = {row["person"]: row["split"] for row in _rows(dataset, "people") if row["split"]}
    assert people == {speaker: splits.pop() for speaker, splits in sides.items()}


def test_everything_is_named_and_every_name_is_a_file(dataset: Path) -> None:
    manifest = json.loads((dataset / "manifest.json").read_bytes())
    files = {path.relative_to(dataset).as_posix() for path in dataset.rglob("*") if path.is_file()}
    assert files == {*manifest["files"], "manifest.json"}
    for name, sha256 in manifest["files"].items():
        assert hashlib.sha256((dataset / name).read_bytes()).hexdigest() == sha256
    rows = _rows(dataset, "dialogues")
    named = {row["file"] for row in _rows(dataset, "tracks")} | {row["mix"] for row in rows}
    named |= {row["file"] for row in rows if row["file"]}
    assert named == {name for name in files if name.startswith(("tracks/", "mixes/", "dialogues/"))}
    assert {row["track"] for _, row in _turns(dataset)} <= named


def test_ratings_are_of_turns_that_are_there(dataset: Path) -> None:
    rated = {row["clip_id"]: row["n_raters"] for _, row in _turns(dataset)}
    counted = dict.fromkeys(rated, 0)
    for row in _rows(dataset, "ratings"):
        counted[row["clip_id"]] += 1
    assert counted == rated
    assert {row["clip_id"] for row in _rows(dataset, "self_ratings")} <= rated.keys()


def test_intended_felt_and_perceived_stay_apart(dataset: Path) -> None:
    rows = [row for _, row in _turns(dataset)]
    for row in rows:
        assert (row["perceived_emotion"] is None) == (row["n_raters"] < 3)
        assert (row["agreement"] is None) == (row["n_raters"] < 3)
        assert (row["self_emotion"] is None) == (row["self_intensity"] is None)
    for column in ("target_emotion", "perceived_emotion", "self_emotion"):
        assert any(row[column] is not None for row in rows)
