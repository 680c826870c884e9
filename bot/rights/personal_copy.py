"""A copy of everything that is held about one person, for themselves: one ZIP that can be read without this bot."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.home.places import Home
from bot.store.personal import Rows, personal_tables
from bot.store.records import Person
from bot.store.stillness import still

_README = """\
This is everything that the bot holds about you. Your name in its datasets is {pseudonym}; your account is {account}.

- sound/: your recordings, one file per take, in Ogg Opus, which browsers and most players play. Only you are on them,
  except for what your microphone picked up of others. File names in tables/tracks are those in this folder.
- tables/: the same tables twice, as CSV for a spreadsheet and together as JSON (everything.json): what you consented to
  and when, the parts that you were dealt, your recordings and turns, what others heard in your turns (without who said
  so), what you said about others' turns and about your own, sound checks, and what you do not play. Times are UTC,
  positions are seconds since the start of the take.

{missing}You can have all of it erased, or withdraw each consent, at any time.
"""


@dataclass(frozen=True, slots=True)
class PersonalCopy:
    """A finished copy: how many recordings are in it, and the names of those whose files are missing."""

    path: Path
    size_bytes: int
    recordings: int
    missing: tuple[str, ...]


def write_personal_copy(home: Home, person: Person, target: Path) -> PersonalCopy:
    """Write a person's copy to a new private file. Raises FileExistsError, or OSError if it cannot be written.

    A file that is not complete is removed.
    """
    with still(home.database) as store:
        tables = personal_tables(store, person.person_id)
    sounds = {str(row["file"]): home.track(row["file"]) for row in tables["tracks"]}
    missing = tuple(name for name, path in sounds.items() if not path.is_file())
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", _readme(person, missing))
            _write_tables(archive, person, tables)
            for name, path in sounds.items():
                if name not in missing:
                    # Opus does not get smaller.
                    archive.write(path, f"sound/{_flat(name)}", zipfile.ZIP_STORED)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return PersonalCopy(target, target.stat().st_size, len(sounds) - len(missing), missing)


def _readme(person: Person, missing: tuple[str, ...]) -> str:
    gone = f"The files of {len(missing)} recordings are missing on the bot's disk.\n\n" if missing else ""
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
