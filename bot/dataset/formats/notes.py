"""Coordinators' notes as label tracks, which Audacity opens beside the tracks of a take (File > Import > Labels)."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from bot.dataset.model.contents import Contents
from bot.dataset.model.details import without_ids
from bot.domain.ids import TakeId
from bot.samples import SAMPLE_RATE_HZ


def write_notes(contents: Contents, folder: Path) -> int:
    """Write `notes/TAKE.txt` for every take with sound and notes, if they were asked for; return how many notes.

    A label is a point: start and end in seconds, and the text, between tabs. Notes that were written while no take was
    running have no place on a take's clock, and are left out.
    """
    if not contents.options.has_notes:
        return 0
    lines: defaultdict[TakeId, list[tuple[int, str]]] = defaultdict(list)
    for note in contents.snapshot.notes:
        take_id = note.take_id
        if take_id is not None and take_id in contents.mixes and note.position_samples is not None:
            lines[take_id].append((note.position_samples, " ".join(without_ids(note.text).split())))
    if lines:
        (folder / "notes").mkdir()
    for take_id, notes in lines.items():
        labels = [f"{at / SAMPLE_RATE_HZ:.6f}\t{at / SAMPLE_RATE_HZ:.6f}\t{text}\n" for at, text in sorted(notes)]
        path = folder / "notes" / f"{contents.index.place(take_id).label}.txt"
        path.write_text("".join(labels), encoding="utf-8")
    return sum(map(len, lines.values()))
