"""A copy of everything that is held about one person, for themselves: one ZIP that can be read without this bot."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.home.places import Home
from bot.store.personal import Rows, personal_tables
from bot.store.records import Person
from bot.store.stillness import still

_README = """\
This is everything that the bot holds about you. Your name in its datasets is {pseudonym}; your account is {account}.

- sound/: your recordings, one file per take, in Ogg Opus, which browsers and most players play. Only you are on them,
  except for what your microphone picked up of others. File names in tables/tracks are those in this folder.
- tables/: the same tables twice, as CSV for a spreadsheet and together as JSON (everything.json): what you consented to
  and when, the parts that you were dealt, your recordings and turns, your words if someone wrote them down, what others
  heard in your turns (without who said so), what you said about others' turns and about your own, sound checks, and
  what you do not play. Times are UTC, positions are seconds since the start of the take.

{missing}You can have all of it erased, or withdraw each consent, at any time.
"""


@dataclass(frozen=True, slots=True)
class PersonalCopy:
    """A finished copy or part of one: how many recordings are in it, and the names of those that are in no part."""

    path: Path
    size_bytes: int
    recordings: int
    missing: tuple[str, ...]


def write_personal_copy(home: Home, person: Person, target: Path) -> PersonalCopy:
    """Write a person's whole copy to a new private file. Raises FileExistsError, or OSError if it cannot be written.

    A file that is not complete is removed.
    """
    return write_personal_parts(home, person, target)[0]


def write_personal_parts(
    home: Home, person: Person, first: Path, most_bytes: int | None = None
) -> Sequence[PersonalCopy]:
    """Write a person's copy as files of at most `most_bytes`: `first`, which has the tables, and others beside it.

    Raises what `write_personal_copy` raises, and leaves nothing behind then.
    """
    with still(home.database) as store:
        tables = personal_tables(store, person.person_id)
    sounds = {str(row["file"]): home.track(row["file"]) for row in tables["tracks"]}
    sizes = {name: path.stat().st_size + _ENTRY_BYTES for name, path in sounds.items() if path.is_file()}
    left_out = tuple(name for name in sounds if name not in sizes)
    room = None if most_bytes is None else most_bytes - _tables_bytes(person, tables)
    parts, too_large = _divided(sizes, room, most_bytes)
    missing = (*left_out, *too_large)
    made: list[PersonalCopy] = []
    try:
        for number, names in enumerate(parts):
            path = first.with_name(f"{first.stem}-{number + 1}{first.suffix}") if number else first
            chosen = {name: sounds[name] for name in names}
            made.append(_write_part(path, person, chosen, tables if number == 0 else None, missing))
    except BaseException:
        for one in made:
            one.path.unlink(missing_ok=True)
        raise
    return made


_ENTRY_BYTES: Final = 1024
"""More than a ZIP file has for one member beside its content."""


def _tables_bytes(person: Person, tables: Mapping[str, Rows]) -> int:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        _write_tables(archive, person, tables)
    return len(packed.getvalue()) + len(_README) + _ENTRY_BYTES


def _divided(sizes: Mapping[str, int], room: int | None, most: int | None) -> tuple[list[list[str]], list[str]]:
    """Return the recordings of each part, in their order, and those that are too large for any."""
    if room is None or most is None:
        return [list(sizes)], []
    parts: list[list[str]] = [[]]
    too_large: list[str] = []
    for name, size in sizes.items():
        if size > most - _ENTRY_BYTES:
            too_large.append(name)
            continue
        if size > room:
            parts.append([])
            room = most - _ENTRY_BYTES
        parts[-1].append(name)
        room -= size
    return parts, too_large


def _write_part(
    path: Path, person: Person, sounds: Mapping[str, Path], tables: Mapping[str, Rows] | None, missing: tuple[str, ...]
) -> PersonalCopy:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            if tables is not None:
                archive.writestr("README.txt", _readme(person, missing))
                _write_tables(archive, person, tables)
            for name, sound in sounds.items():
                # Opus does not get smaller.
                archive.write(sound, f"sound/{_flat(name)}", zipfile.ZIP_STORED)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return PersonalCopy(path, path.stat().st_size, len(sounds), missing)


def _readme(person: Person, missing: tuple[str, ...]) -> str:
    named = "\n".join(f"  {_flat(name)}" for name in missing)
    gone = f"Not in it, because the files are missing or too large to be sent:\n{named}\n\n" if missing else ""
    return _README.format(pseudonym=person.pseudonym, account=person.discord_user_id, missing=gone)


def _write_tables(archive: zipfile.ZipFile, person: Person, tables: Mapping[str, Rows]) -> None:
    named = {name: [_with_flat_name(row) for row in rows] for name, rows in tables.items()}
    about = {"pseudonym": person.pseudonym, "discord_user_id": str(person.discord_user_id), "since": person.created_at}
    archive.writestr("tables/everything.json", json.dumps({"about": about, **named}, indent=1, ensure_ascii=False))
    for name, rows in named.items():
        if rows:
            archive.writestr(f"tables/{name}.csv", _as_csv(rows))


def _with_flat_name(row: Mapping[str, object]) -> dict[str, object]:
    return {**row, "file": _flat(str(row["file"]))} if "file" in row else dict(row)


def _flat(name: str) -> str:
    """Return the name of a track in the folder `sound`: the path in the home folder, in one part."""
    return name.removeprefix("recordings/").replace("/", "_")


def _as_csv(rows: Rows) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
