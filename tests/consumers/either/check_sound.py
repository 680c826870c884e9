"""The sound of an export: decoded with soundfile, and compared with what the tables say about it."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from tests.consumers.opening import Export, Row

FEWEST_TURNS = 8
FEWEST_SPEAKERS = 3
SAMPLE_SECONDS = 1 / 48_000
SILENCE_DBFS = -65.0

# An Opus decoder that begins in the middle of a sound needs a moment until its state is that of the whole track. In the
# synthetic evenings, it was at most 135 ms, and the error 35 dB below the sound.
CONVERGED_SAMPLES = 9_600
CONVERGED_ERROR = 1e-4
WORST_ERROR_DB = -30.0


def _decoded(row: Row) -> Any:
    samples, rate = soundfile.read(io.BytesIO(row["sound"]), dtype="float32")
    assert rate == row["sampling_rate"] == 48_000
    return samples


def test_sound_is_what_its_row_says(export: Export) -> None:
    names = []
    for row in export.turns():
        samples = _decoded(row)
        assert samples.ndim == 1
        assert len(samples) * SAMPLE_SECONDS == pytest.approx(row["duration"], abs=SAMPLE_SECONDS / 2)
        assert row["end"] - row["start"] == pytest.approx(row["duration"], abs=SAMPLE_SECONDS / 2)
        level_dbfs = 10 * np.log10(np.mean(np.square(samples, dtype=np.float64)))
        assert level_dbfs > SILENCE_DBFS
        assert level_dbfs == pytest.approx(row["level_dbfs"], abs=0.1 if _is_opus(row) else 0.01)
        assert hashlib.sha256(row["sound"]).hexdigest() == row["sha256"]
        assert Path(row["name"]).stem == row["clip_id"]
        names.append(row["clip_id"])
    assert len(set(names)) == len(names) >= FEWEST_TURNS


def test_turns_are_stretches_of_their_tracks_and_unaltered(export: Export) -> None:
    for row in export.turns():
        start, end = round(row["start"] * 48_000), round(row["end"] * 48_000)
        track, _ = soundfile.read(export.folder / row["track"], start=start, stop=end, dtype="float32")
        samples = _decoded(row)
        if _is_opus(row):
            assert np.abs(samples - track)[CONVERGED_SAMPLES:].max(initial=0) <= CONVERGED_ERROR
            assert _energy(samples - track) <= _energy(track) * 10 ** (WORST_ERROR_DB / 10)
        else:
            assert np.array_equal(samples, track)


def _is_opus(row: Row) -> bool:
    return row["name"].endswith(".opus")


def _energy(samples: Any) -> float:
    return float(np.sum(np.square(samples, dtype=np.float64)))


def test_the_tracks_of_a_take_are_as_long_as_its_mix(export: Export) -> None:
    lengths = {row["file"]: round(row["duration"] * 48_000) for row in export.table("tracks")}
    assert {name: soundfile.info(export.folder / name).frames for name in lengths} == lengths
    of_take: dict[tuple[Any, ...], set[int]] = {}
    for row in export.table("tracks"):
        of_take.setdefault((row["session"], row["scene"], row["take"]), set()).add(lengths[row["file"]])
    for row in export.table("dialogues"):
        mix = soundfile.info(export.folder / row["mix"])
        assert of_take.pop((row["session"], row["scene"], row["take"])) == {mix.frames}
        assert mix.frames == round(row["duration"] * 48_000)
        if row["file"]:
            file = soundfile.info(export.folder / row["file"])
            assert (file.frames, file.channels) == (mix.frames, len(row["performers"]))
    assert not of_take


def test_no_speaker_is_in_two_splits(export: Export) -> None:
    sides: dict[str, set[str]] = {}
    for row in export.turns():
        assert row["split"] == row["side"]
        sides.setdefault(row["speaker_id"], set()).add(row["side"])
    assert len(sides) >= FEWEST_SPEAKERS
    assert {len(splits) for splits in sides.values()} == {1}
    assert {"train", "test"} <= set().union(*sides.values())
    people = {row["person"]: row["split"] for row in export.table("people") if row["split"]}
    assert people == {speaker: splits.pop() for speaker, splits in sides.items()}


def test_everything_is_named_and_every_name_is_a_file(export: Export) -> None:
    files = {path.relative_to(export.folder).as_posix() for path in export.folder.rglob("*") if path.is_file()}
    assert files == {*export.manifest["files"], "manifest.json"}
    for name, sha256 in export.manifest["files"].items():
        assert hashlib.sha256((export.folder / name).read_bytes()).hexdigest() == sha256
    rows = export.table("dialogues")
    named = {row["file"] for row in export.table("tracks")} | {row["mix"] for row in rows}
    named |= {row["file"] for row in rows if row["file"]}
    turns = list(export.turns())
    assert {row["track"] for row in turns} <= named
    if not export.is_parquet:
        named |= {f"clips/{row['side']}/{row['name']}" for row in turns}
    assert named == {name for name in files if Path(name).suffix in {".flac", ".opus", ".wav"}}


def test_ratings_are_of_turns_that_are_there(export: Export) -> None:
    rated = {row["clip_id"]: row["n_raters"] for row in export.turns()}
    counted = dict.fromkeys(rated, 0)
    for row in export.table("ratings"):
        counted[row["clip_id"]] += 1
    assert counted == rated
    assert {row["clip_id"] for row in export.table("self_ratings")} <= rated.keys()


def test_intended_felt_and_perceived_stay_apart(export: Export) -> None:
    rows = list(export.turns())
    for row in rows:
        assert (row["perceived_emotion"] is None) == (row["n_raters"] < 3)
        assert (row["agreement"] is None) == (row["n_raters"] < 3)
        assert (row["self_emotion"] is None) == (row["self_intensity"] is None)
    assert any(row["target_emotion"] for row in rows)
    assert sum(row["self_emotion"] is not None for row in rows) == len(export.table("self_ratings"))
