"""Notes: the form in which a coordinator writes one, where it was kept, and the list of all."""

from __future__ import annotations

from collections.abc import Sequence

from bot.services.take.notes import NoteWritten
from bot.store.records import PlacedNote
from bot.ui.texts.words import as_typed, count, minutes, shortened

MOST_NOTE_TEXT = 1850
"""A message has 2,000 characters; this leaves room for the text around the notes."""

FORM_TITLE = "A note"
FIELD = "Note"
EXPLAINED = "It is kept with the moment at which you pressed Note."
QUESTION = "What did you notice?"


def note_text(note: NoteWritten) -> str:
    """For the person who wrote a note: where it is kept."""
    if note.position_samples is not None:
        return f"Noted at {minutes(note.position_samples)} of take {note.take_number}, scene {note.scene_number}."
    return f"Noted for scene {note.scene_number}." if note.scene_number else "Noted for this session."


def notes_text(notes: Sequence[PlacedNote]) -> str:
    """For a coordinator: the newest notes of the session, as many as a message holds."""
    if not notes:
        return "No notes yet. Write one with **Note** or `/session note`."
    rows: list[str] = []
    for note in reversed(notes):
        row = shortened(f"- {_note_place(note)}{as_typed(note.text)}", MOST_NOTE_TEXT)
        if sum(map(len, rows)) + len(rows) + len(row) > MOST_NOTE_TEXT:
            rows.append(f"-# and {count(len(notes) - len(rows), 'older note')}, in the database")
            break
        rows.append(row)
    return "\n".join(["**Notes, newest first**", *rows])


def _note_place(note: PlacedNote) -> str:
    if note.position_samples is not None:
        return f"scene {note.scene_number}, take {note.take_number}, {minutes(note.position_samples)}: "
    return f"scene {note.scene_number}: " if note.scene_number else ""
