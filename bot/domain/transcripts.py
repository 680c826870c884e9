"""Transcripts of turns, as a troupe or a lab writes them into a file: CSV, or a JSON object per line. Pure.

A row names its turn by `clip_id`, or by `session`, `scene`, `take`, `speaker_id` and `turn`, as an export does. What
was said is in `text` or `transcript`, and who or what wrote it down in `source` or `transcript_source`. Other columns
are ignored, so that a table of an export with a further column can be imported as it is.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.domain.errors import DataFileInvalid
from bot.domain.plain_text import visible
from bot.domain.tables import noting

LONGEST_TEXT: Final = 10_000
"""In characters. A turn lasts 15 s at most, in which no one says more than some hundreds."""

LONGEST_SOURCE: Final = 200

_CLIP: Final = re.compile(r"(?:.*/)?S(\d{1,9})_scene(\d{1,9})_take(\d{1,9})_(\w+)_turn(\d{1,9})(?:\.\w+)?")
"""The name of a clip, or of its file."""

_NUMBERS: Final = ("session", "scene", "take", "turn")
_NUMBER: Final = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class TurnPlace:
    """Which turn it is: the numbers of session, scene and take, its speaker's pseudonym, its number in the track."""

    session: int
    scene: int
    take: int
    speaker: str
    turn: int


@dataclass(frozen=True, slots=True)
class Transcribed:
    """One row: what was said in a turn, who or what wrote that down, and the line of the file that says so."""

    place: TurnPlace
    text: str
    source: str
    line: int


@dataclass(slots=True)
class TranscriptFile:
    """What a file has. `empty` is the number of rows without text; `problems` are those of rows that cannot be used."""

    rows: list[Transcribed] = field(default_factory=list[Transcribed])
    empty: int = 0
    problems: list[DataFileInvalid] = field(default_factory=list[DataFileInvalid])


def read_transcripts(file: str, content: str, source: str | None = None) -> TranscriptFile:
    """Read the text of a file. `source` stands for that of rows which name none.

    Line breaks and runs of spaces in a text become single spaces; invisible characters go.
    """
    found = TranscriptFile()
    first_lines: dict[TurnPlace, int] = {}
    with noting(found.problems):
        for line, values in _rows(file, content.removeprefix("\ufeff")):
            with noting(found.problems):
                row = _transcribed(file, line, values, source)
                if row is None:
                    found.empty += 1
                    continue
                first = first_lines.setdefault(row.place, line)
                if first != line:
                    raise DataFileInvalid(file, line, f"line {first} has a text for the same turn; keep one of them")
                found.rows.append(row)
    return found


def _rows(file: str, content: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield every row with its line."""
    yield from _json_rows(file, content) if content.lstrip().startswith("{") else _csv_rows(file, content)


def _json_rows(file: str, content: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for line, text in enumerate(content.split("\n"), 1):
        if text.strip():
            try:
                values = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise DataFileInvalid(file, line, f"the line is not one JSON object ({error})") from error
            if not isinstance(values, dict):
                raise DataFileInvalid(file, line, "the line is not one JSON object, such as {...}")
            yield line, values


def _csv_rows(file: str, content: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the rows of a CSV. Its columns are divided by commas, semicolons or tabs: what its first line has most."""
    head = content.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(content, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    line = 1
    try:
        for values in reader:
            line = reader.line_num
            yield line, values
    except csv.Error as error:
        raise DataFileInvalid(file, line + 1, f"the file is not a readable CSV from here on ({error})") from error


def _transcribed(file: str, line: int, values: Mapping[str, Any], source: str | None) -> Transcribed | None:
    text = _words(values, ("text", "transcript"))
    if text is None:
        raise DataFileInvalid(file, line, "there is no column 'text' (or 'transcript') with what was said")
    if not text:
        return None
    origin = _words(values, ("source", "transcript_source")) or " ".join((source or "").split())
    if not origin:
        problem = "nothing says who or what wrote this down; add a column 'source', or name it with --source"
        raise DataFileInvalid(file, line, problem)
    for name, written, longest in (("text", text, LONGEST_TEXT), ("source", origin, LONGEST_SOURCE)):
        if len(written) > longest:
            raise DataFileInvalid(file, line, f"the {name} has {len(written)} characters; at most {longest} fit")
    return Transcribed(_place(file, line, values), text, origin, line)


def _words(values: Mapping[str, Any], names: Iterable[str]) -> str | None:
    """Return the text of the first of these columns that exists; '' if it is empty, None if there is none."""
    present = [values[name] for name in names if name in values]
    written = next((one for one in present if isinstance(one, str) and one.strip()), "")
    return " ".join(visible(written).split()) if present else None


def _place(file: str, line: int, values: Mapping[str, Any]) -> TurnPlace:
    name = str(values.get("clip_id") or values.get("file_name") or "").strip()
    if name:
        if not (clip := _CLIP.fullmatch(name)):
            example = "S0001_scene01_take01_spk_0a1b2c3d_turn003"
            raise DataFileInvalid(file, line, f"“{name[:80]}” is not the name of a clip, such as {example}")
        session, scene, take, speaker, turn = clip.groups()
        return TurnPlace(int(session), int(scene), int(take), speaker, int(turn))
    numbers = {one: str(values.get(one) or "").strip().removeprefix("S") for one in _NUMBERS}
    speaker = str(values.get("speaker_id") or values.get("speaker") or "").strip()
    if not speaker or not all(_NUMBER.fullmatch(one) for one in numbers.values()):
        problem = "nothing says which turn it is: name its clip_id, or its session, scene, take, speaker_id and turn"
        raise DataFileInvalid(file, line, problem)
    return TurnPlace(speaker=speaker, **{one: int(number) for one, number in numbers.items()})
