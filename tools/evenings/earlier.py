"""A home folder in which a troupe has played before: many sessions, written to the store by SQL in one to ten seconds.

No code of the bot is used, so that an older and a newer bot get the same rows. The tables are those of migration 0004;
a checkout's later migrations are applied over the rows. Each session has four scenes with five takes, four performers
on stage and a track for each. As in the bot, one turn per track is for rating, and another one for each performer who
was given a cue. Tracks and their turns are short: the load of an export on the store and the event loop depends on how
many there are.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.audio.sound import write_ogg_opus
from bot.embedded.guild.world import World
from bot.samples import SAMPLE_RATE_HZ
from tools.evenings.earlier_rows import TAKE_SAMPLES, TRACKS, rows_of

FILLED_AT = 4
"""The migration whose tables are filled here."""

PAGE_CACHE_KIB = 200_000
_MIGRATION = re.compile(r"(\d{4})_\w+\.sql")
_INSERT = "INSERT INTO {} VALUES ({})"


@dataclass(frozen=True)
class Earlier:
    """Sessions with turns, of the people of a world, for the bot of a checkout."""

    checkout: Path
    world: World
    sessions: int
    turns: int

    def place(self, home: Path, cache: Path) -> None:
        """Put the store and the tracks into an empty home folder. The store is built once per schema and size."""
        store = cache / f"{self._mark()}.sqlite3"
        if not store.exists():
            cache.mkdir(parents=True, exist_ok=True)
            unfinished = store.with_suffix(".part")
            unfinished.unlink(missing_ok=True)
            self._build(unfinished)
            unfinished.replace(store)
        shutil.copyfile(store, home / "promptbook.sqlite3")
        self._lay_tracks(home)

    def _mark(self) -> str:
        """Return a name for the content of the store: the migrations, these rows, these people, this size."""
        sources = [sql for _, sql in self._migrations()]
        sources += [Path(name).read_text("utf-8") for name in (__file__, rows_of.__code__.co_filename)]
        sources += [self.world.to_json(), f"{self.sessions} sessions of {self.turns} turns"]
        return hashlib.sha256("\0".join(sources).encode()).hexdigest()[:16]

    def _migrations(self) -> Sequence[tuple[int, str]]:
        folder = self.checkout / "bot" / "store" / "migrations"
        found = [(match, path) for path in folder.iterdir() if (match := _MIGRATION.fullmatch(path.name))]
        return sorted((int(match[1]), path.read_text("utf-8")) for match, path in found)

    def _build(self, path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            # An unfinished store is useless, so it needs no safety. Afterwards the bot sets its own pragmas.
            for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{PAGE_CACHE_KIB}"):
                database.execute(f"PRAGMA {pragma}")
            migrations = self._migrations()
            _migrate(database, migrations[:FILLED_AT])
            database.execute("BEGIN")
            for table, rows in rows_of(self.world, self.sessions, self.turns):
                _insert(database, table, rows)
            database.execute("COMMIT")
            _migrate(database, migrations[FILLED_AT:])

    def _lay_tracks(self, home: Path) -> None:
        """Create a file for each track. Those of a session are one file with many names."""
        sound = home / "hum.opus"
        moments = np.arange(TAKE_SAMPLES) / SAMPLE_RATE_HZ
        write_ogg_opus(sound, (0.2 * np.sin(2 * np.pi * 220 * moments)).astype(np.float32))
        for session in range(1, self.sessions + 1):
            folder = home / "recordings" / f"earlier-{session:04}"
            folder.mkdir(parents=True)
            first, *others = (folder / f"{number:02}.opus" for number in range(1, TRACKS + 1))
            shutil.copyfile(sound, first)
            for other in others:
                os.link(first, other)
        sound.unlink()


def _migrate(database: sqlite3.Connection, migrations: Iterable[tuple[int, str]]) -> None:
    for number, sql in migrations:
        database.executescript(f"BEGIN;\n{sql}\nPRAGMA user_version = {number};\nCOMMIT;")


def _insert(database: sqlite3.Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Insert rows into a table or, as in "notes (session_id, text)", into some of its columns."""
    waiting = iter(rows)
    if first := next(waiting, None):
        sql = _INSERT.format(table, ", ".join("?" * len(first)))
        database.execute(sql, first)
        database.executemany(sql, waiting)
