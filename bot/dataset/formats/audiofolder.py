"""A dataset as playable files: Hugging Face's AudioFolder, with every table as CSV and JSON beside it.

`clips/<split>/` holds the clips and `metadata.parquet`, `tables/` the tables.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from bot.dataset.formats.listing import write_table
from bot.dataset.formats.notes import write_notes
from bot.dataset.formats.parquet import TableFile
from bot.dataset.formats.written import Split, Written, place_files
from bot.dataset.model.contents import Contents
from bot.dataset.progress import Progress
from bot.dataset.rows.schema import TABLES
from bot.dataset.rows.tables import table_rows
from bot.dataset.rows.tally import Tally
from bot.dataset.rows.turn_columns import FILE_NAME, TURN_COLUMNS
from bot.dataset.rows.turns import TurnRows

METADATA = "metadata.parquet"


def write_audiofolder(contents: Contents, folder: Path, progress: Progress) -> Written:
    """Write clips, tracks, mixes and tables into the folder."""
    place_files(contents, folder)
    tally = Tally()
    sizes = contents.bytes_of_splits()
    with ExitStack() as stack:
        files: dict[str, TableFile] = {}
        for split in sizes:
            (folder / "clips" / split).mkdir(parents=True)
            path = folder / "clips" / split / METADATA
            files[split] = stack.enter_context(TableFile(path, (FILE_NAME, *TURN_COLUMNS)))
        rows = TurnRows(contents)
        for clip, sound in contents.clips():
            row = rows.row(clip)
            (folder / "clips" / row["split"] / clip.file_name).write_bytes(sound)
            files[row["split"]].add({FILE_NAME.name: clip.file_name, **row})
            tally.add(row)
            progress("tables", tally.clips, len(contents.clip_bytes))
    (folder / "tables").mkdir()
    counts = {name: write_table(folder / "tables", TABLES[name], make()) for name, make in table_rows(contents).items()}
    splits = [Split(name, f"clips/{name}/*", tally.sides[name].clips, size) for name, size in sizes.items()]
    return Written(tally, counts, {"default": splits}, write_notes(contents, folder))
