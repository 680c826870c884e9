"""An export compared with SQL on the database that it was made from: the same counts, lengths, labels and speakers."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.consumers.opening import Export, Row
from tests.consumers.stored import CONFUSION, COUNTS, EMOTIONS, SPLITS, TURNS, open_store, rows_of

SAME = (
    "clip_id speaker_id split fold found_by method target_claim target_emotion target_intensity self_emotion n_raters "
)
SAME += "perceived_emotion agreement transcript transcript_source"


@pytest.fixture
def store(export: Export, database: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_store(database, export.session_ids)) as opened:
        yield opened


def _stored(row: Row) -> Row:
    """A turn as the database has it, in the words of an export."""
    start = row["clip_start_samples"]
    until = row["target_until_samples"]
    return {name: row[name] for name in SAME.split()} | {
        "is_for_rating": bool(row["is_for_rating"]),
        "samples": (start, row["clip_end_samples"]),
        "speech_ms": (round((row["start_samples"] - start) / 48), round((row["end_samples"] - start) / 48)),
        "target_until_ms": None if until is None else round((until - start) / 48),
    }


def _exported(row: Row) -> Row:
    return {name: row[name] for name in [*SAME.split(), "is_for_rating", "target_until_ms"]} | {
        "samples": (round(row["start"] * 48_000), round(row["end"] * 48_000)),
        "speech_ms": (row["speech_start_ms"], row["speech_end_ms"]),
    }


def test_every_turn_is_the_stored_one(export: Export, store: sqlite3.Connection) -> None:
    stored = {row["clip_id"]: _stored(row) for row in rows_of(store, TURNS)}
    if export.manifest["turns"] == "rated":
        stored = {clip_id: row for clip_id, row in stored.items() if row["is_for_rating"]}
    exported = {row["clip_id"]: _exported(row) for row in export.turns()}
    assert exported == {clip_id: stored[clip_id] for clip_id in exported}
    left_out = export.manifest["left_out"]
    assert len(stored) - len(exported) == left_out["clips_unreadable"] + left_out["clips_silent"]


def test_every_split_has_as_many_turns_and_speakers_and_as_much_sound(
    export: Export, store: sqlite3.Connection
) -> None:
    turns = list(export.turns())
    found: dict[str, Counter[str]] = {}
    for row in turns:
        found.setdefault(row["side"], Counter()).update(turns=1, samples=round(row["duration"] * 48_000))
    for side, counts in found.items():
        counts["speakers"] = len({row["speaker_id"] for row in turns if row["side"] == side})
    clips = [row["clip_id"] for row in turns]
    assert found == {row.pop("split"): Counter(row) for row in rows_of(store, SPLITS, clips=clips)}


def test_every_table_has_as_many_rows(export: Export, store: sqlite3.Connection) -> None:
    unreadable = export.manifest["left_out"]["tracks_unreadable"]
    clips = [row["clip_id"] for row in export.turns()]
    for name, query in COUNTS.items():
        ((count,),) = [row.values() for row in rows_of(store, query, clips=clips)]
        if unreadable and name in {"tracks", "dialogues", "people"}:
            assert len(export.table(name)) in range(count - unreadable, count + 1), name
        else:
            assert len(export.table(name)) == count, name


def test_answers_are_counted_by_target(export: Export, store: sqlite3.Connection) -> None:
    clips = [row["clip_id"] for row in export.turns()]
    counted = rows_of(store, CONFUSION, clips=clips)
    found = [row for row in export.table("confusion") if row.pop("raters") == "all"]
    assert sorted(map(tuple, map(dict.values, found))) == sorted(map(tuple, map(dict.values, counted)))
    (everything,) = [
        row for row in export.table("hit_rates") if (row["raters"], row["target_emotion"]) == ("all", None)
    ]
    assert everything["answers"] == sum(row["answers"] for row in counted)


def test_raters_chose_from_the_whole_set_of_the_scene(export: Export, store: sqlite3.Connection) -> None:
    sets: dict[tuple[int, int], list[str]] = {}
    for row in rows_of(store, EMOTIONS):
        sets.setdefault((row["fold"], row["scene"]), []).append(row["emotion"])
    for row in export.turns():
        if emotions := sets.get((row["fold"], row["scene"])):
            assert row["answer_options"] == [*emotions, "other"]
            assert row["target_emotion"] in {*emotions, None}
