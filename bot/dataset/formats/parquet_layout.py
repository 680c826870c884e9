"""A dataset as Parquet: a folder per table, and the sound of every turn in its row.

Only `turns` has sound in it: a cell with a whole track costs a reader gigabytes. Tracks, mixes and dialogues lie beside
it as files. An export of features and labels alone has neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from bot.dataset.formats.notes import write_notes
from bot.dataset.formats.parquet import TableFile, write_parquet
from bot.dataset.formats.written import Split, Written, place_files
from bot.dataset.model.contents import Contents
from bot.dataset.progress import Progress
from bot.dataset.rows.schema import DIALOGUES, OTHERS
from bot.dataset.rows.tables import table_rows
from bot.dataset.rows.tally import Tally
from bot.dataset.rows.turn_columns import TURN_COLUMNS
from bot.dataset.rows.turns import TurnRows

TURNS: Final = "turns"

WHOLE: Final = "whole"
"""The only split of a table that is not divided. `datasets` reserves the name `all`."""

SHARD_BYTES: Final = 500 * 10**6
"""The size from which a split is continued in another file, as Hugging Face recommends."""


def write_parquet_layout(contents: Contents, folder: Path, progress: Progress) -> Written:
    """Write the tables, and tracks and mixes beside them, into the folder."""
    if not contents.options.is_derived:
        place_files(contents, folder)
    tally = Tally()
    splits = {TURNS: list(_write_turns(contents, folder, tally, progress))}
    counts = {TURNS: tally.clips}
    rows = table_rows(contents)
    for table in (DIALOGUES, *OTHERS):
        path = _shard(folder, table.name, WHOLE, 0, 1)
        path.parent.mkdir(parents=True)
        counts[table.name] = write_parquet(path, table.columns, rows[table.name](), contents.labels)
        splits[table.name] = [_split(folder, table.name, WHOLE, counts[table.name])]
    return Written(tally, counts, splits, write_notes(contents, folder))


def _write_turns(contents: Contents, folder: Path, tally: Tally, progress: Progress) -> Iterator[Split]:
    rows, has_sound = TurnRows(contents), not contents.options.is_derived
    with ExitStack() as stack:
        sides = {
            split: stack.enter_context(_Shards(contents, folder, split, size if has_sound else 0))
            for split, size in contents.bytes_of_splits().items()
        }
        for clip, sound in contents.clips():
            row = rows.row(clip)
            file = sides[row["split"]].file(len(sound) if has_sound else 0)
            file.add(row, sound, clip.file_name)
            tally.add(row)
            progress("tables", tally.clips, len(contents.clip_bytes))
    for split in sides:
        yield _split(folder, TURNS, split, tally.sides[split].clips)


class _Shards:
    """The files of one split, of which one is open."""

    def __init__(self, contents: Contents, folder: Path, split: str, size_bytes: int) -> None:
        self._contents = contents
        self._paths = [
            _shard(folder, TURNS, split, number, count)
            for count in (max(-(-size_bytes // SHARD_BYTES), 1),)
            for number in range(count)
        ]
        self._share_bytes = size_bytes / len(self._paths)
        self._written_bytes = 0
        self._number = 0
        self._file = self._open()

    def file(self, size_bytes: int) -> TableFile:
        """Return the file for the next clip, which has this size."""
        if self._written_bytes >= self._share_bytes * (self._number + 1) and self._number + 1 < len(self._paths):
            self._file.close()
            self._number += 1
            self._file = self._open()
        self._written_bytes += size_bytes
        return self._file

    def __enter__(self) -> _Shards:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _open(self) -> TableFile:
        path = self._paths[self._number]
        path.parent.mkdir(parents=True, exist_ok=True)
        return TableFile(path, TURN_COLUMNS, self._contents.labels, has_sound=not self._contents.options.is_derived)


def _shard(folder: Path, table: str, split: str, number: int, count: int) -> Path:
    return folder / "data" / table / f"{split}-{number:05}-of-{count:05}.parquet"


def _split(folder: Path, table: str, split: str, rows: int) -> Split:
    pattern = f"data/{table}/{split}-*"
    return Split(split, pattern, rows, sum(path.stat().st_size for path in folder.glob(pattern)))


def table_of(path: str) -> Mapping[str, str] | None:
    """Return the table and the split of a file of this layout; None for any other file."""
    parts = Path(path).parts
    if len(parts) != 3 or parts[0] != "data" or not path.endswith(".parquet"):
        return None
    return {"table": parts[1], "split": parts[2].split("-")[0]}
