"""What a layout has written, for the card and the manifest."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.dataset.model.contents import AudioFile, Contents
from bot.dataset.rows.tally import Tally


@dataclass(frozen=True, slots=True)
class Split:
    """A part of a table, as `datasets` names it: its files, as a pattern, how many rows and bytes they have."""

    name: str
    path: str
    rows: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Written:
    """The counts over all clips, how many rows every table has, and the splits of the tables that `datasets` loads.

    `notes` counts the notes that were written beside the tables.
    """

    tally: Tally
    table_rows: Mapping[str, int]
    splits: Mapping[str, list[Split]]
    notes: int


def place_files(contents: Contents, folder: Path) -> None:
    """Put tracks, mixes and dialogues into the folder of the dataset. They stay where they were made, too."""
    for files in (contents.tracks, contents.mixes, contents.dialogues):
        _place(files.values(), folder)


def _place(files: Iterable[AudioFile], folder: Path) -> None:
    for file in files:
        target = folder / file.path
        target.parent.mkdir(exist_ok=True)
        try:
            os.link(file.made, target)
        except OSError:
            # Some file systems have no links.
            shutil.copyfile(file.made, target)
