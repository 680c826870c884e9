"""Files of transcripts: which turn a row is about, and what is wrong with a row that cannot be used."""

from __future__ import annotations

import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.transcripts import LONGEST_TEXT, Transcribed, TurnPlace, read_transcripts

CLIP = "S0001_scene02_take03_spk_0a1b2c3d_turn004"
PLACE = TurnPlace(1, 2, 3, "spk_0a1b2c3d", 4)


def rows_of(content: str, source: str | None = "asr 1") -> list[Transcribed]:
    found = read_transcripts("said.csv", content, source)
    assert found.problems == []
    return found.rows


def problems_of(content: str, source: str | None = "asr 1") -> list[tuple[int, str]]:
    return [(one.line, one.problem) for one in read_transcripts("said.csv", content, source).problems]


def test_a_turn_is_named_by_its_clip_its_file_or_its_numbers():
    by_clip = rows_of(f"\ufeffclip_id,text\n{CLIP},Hello there\n")
    by_file = rows_of(json.dumps({"file_name": f"clips/train/{CLIP}.flac", "transcript": "Hello there"}))
    head, values = "session;scene;take;speaker_id;turn;text", "S0001;2;3;spk_0a1b2c3d;4;Hello there"
    assert [by_clip, by_file, rows_of(f"{head}\n{values}\n")] == [
        [Transcribed(PLACE, "Hello there", "asr 1", line)] for line in (2, 1, 2)
    ]


def test_a_row_names_its_source_or_the_import_does():
    (row,) = rows_of(f"clip_id\ttext\tsource\n{CLIP}\tHi\ttwo students\n", None)
    assert row.source == "two students"
    ((line, problem),) = problems_of(f"clip_id,text\n{CLIP},Hi\n", None)
    assert (line, "--source" in problem) == (2, True)


def test_rows_without_text_are_counted_and_say_nothing():
    found = read_transcripts("said.csv", f"clip_id,text\n{CLIP}, \n", "asr 1")
    assert (found.rows, found.empty, found.problems) == ([], 1, [])


def test_every_row_that_cannot_be_used_is_named_by_its_line():
    rows = [f"{CLIP},Hi", f"{CLIP},Again", "turn four,Hi", ",Hi", f"{CLIP[:-1]}5,{'x' * (LONGEST_TEXT + 1)}"]
    found = problems_of("\n".join(["clip_id,text", *rows]))
    assert [line for line, _ in found] == [3, 4, 5, 6]
    for (_, problem), words in zip(found, ("line 2", "not the name", "which turn", "at most"), strict=True):
        assert words in problem


def test_what_is_no_table_is_said_once():
    assert [line for line, _ in problems_of('{"clip_id": 1}\n[1]\n')] == [1, 2]
    assert len(problems_of('clip_id,text\n"never closed')) == 1
    assert problems_of("clip_id,words\nx,y\n")[0][0] == 2
    assert read_transcripts("said.csv", "", "asr 1").rows == []


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs")), max_size=40))
def test_any_text_arrives_as_it_was_spoken(text: str):
    table = io.StringIO(newline="")
    csv.writer(table).writerows([["clip_id", "text"], [CLIP, text]])
    lines = json.dumps({"clip_id": CLIP, "text": text})
    words = " ".join(text.split())
    for content in (table.getvalue(), lines):
        assert [row.text for row in rows_of(content)] == [words] * bool(words)
