"""Compares what a library has loaded with what SQL says about the store."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import soundfile
import yaml

RATE_HZ = 48_000
SAME = (
    *("speaker_id", "session", "scene", "take", "turn", "split", "found_by", "n_raters", "target_intensity"),
    *("character_name", "prompt_text"),
)
LABELS = ("target_emotion", "self_emotion", "perceived_emotion")
PLACEHOLDER = "path/to/this/folder"

Row = Mapping[str, Any]
Named = Callable[[str, Any], str | None]
"""Returns the name of a label: its column and its value."""


def compare_turns(rows: Sequence[Row], truth: Mapping[str, Any], named: Named) -> None:
    """Every turn of the store is there once, with its labels, its speaker and its sound, and there is no other."""
    expected = {row["clip_id"]: row for row in truth["turns"]}
    assert sorted(row["clip_id"] for row in rows) == sorted(expected)
    for row in rows:
        turn = expected[row["clip_id"]]
        assert {name: row[name] for name in SAME} == {name: turn[name] for name in SAME}
        assert {name: named(name, row[name]) for name in LABELS} == {name: turn[name] for name in LABELS}
        assert bool(row["is_for_rating"]) == bool(turn["is_for_rating"])
        assert round(row["duration"] * RATE_HZ) == turn["samples"]
        until = turn["target_until_samples"]
        assert row["target_until_ms"] == (until and round((until - turn["start_samples"]) / 48))
        assert (row["voice_direction"] is None) == (turn["voice_direction"] is None)
        _compare_sound(row, turn["samples"])
    seconds = sum(row["duration"] for row in rows)
    assert abs(seconds - sum(turn["samples"] for turn in truth["turns"]) / RATE_HZ) < 1e-6


def _compare_sound(row: Row, samples: int) -> None:
    data = row["audio"]["bytes"]
    assert hashlib.sha256(data).hexdigest() == row["sha256"]
    decoded, rate = soundfile.read(io.BytesIO(data))
    assert (len(decoded), rate) == (samples, RATE_HZ)


def names_in_card(export: Path) -> Named:
    """Names of labels as the YAML of the card lists them, for libraries that do not read features."""
    front = yaml.safe_load((export / "README.md").read_text("utf-8").split("---\n")[1])
    (info,) = [one for one in front["dataset_info"] if one["config_name"] == "turns"]
    found = {one["name"]: one["dtype"] for one in info["features"] if "dtype" in one}

    def named(column: str, value: Any) -> str | None:
        return None if value is None else found[column]["class_label"]["names"][str(int(value))]

    return named


def snippets(export: Path, tmp_path: Path, monkeypatch: Any, of: str) -> list[str]:
    """The Python in a card that is about one library; the folder that it names leads to the export."""
    link = tmp_path / PLACEHOLDER
    link.parent.mkdir(parents=True)
    link.symlink_to(export)
    monkeypatch.chdir(tmp_path)
    blocks = (export / "README.md").read_text("utf-8").split("```python\n")[1:]
    return [block.split("```")[0] for block in blocks if (of == "pandas") == ("import pandas" in block.split("```")[0])]
