"""Notes: the form in which a coordinator writes one, where it was kept, and the list of all."""

from __future__ import annotations

from collections.abc import Sequence

from bot.services.take.notes import NoteWritten
from bot.store.records import PlacedNote
from bot.ui.texts.language import phrase, say, say_count
from bot.ui.texts.words import as_typed, minutes, shortened

MOST_NOTE_TEXT = 1850
"""A message has 2,000 characters; this leaves room for the text around the notes."""

FORM_TITLE = phrase("A note")
FIELD = phrase("Note")
EXPLAINED = phrase("It is kept with the moment at which you pressed Note.")
QUESTION = phrase("What did you notice?")


def note_text(note: NoteWritten) -> str:
    """For the person who wrote a note: where it is kept."""
    if note.position_samples is not None:
        return say(
            "Noted at {position} of take {take}, scene {scene}.",
            position=minutes(note.position_samples),
            take=note.take_number,
            scene=note.scene_number,
        )
    if note.scene_number:
        return say("Noted for scene {scene}.", scene=note.scene_number)
    return say("Noted for this session.")


def notes_text(notes: Sequence[PlacedNote]) -> str:
    """For a coordinator: the newest notes of the session, as many as a message holds."""
    if not notes:
        return say("No notes yet. Write one with **Note** or `/session note`.")
    rows: list[str] = []
    for note in reversed(notes):
        row = shortened(f"- {_note_row(note)}", MOST_NOTE_TEXT)
        if sum(map(len, rows)) + len(rows) + len(row) > MOST_NOTE_TEXT:
            rows.append(f"-# {_older_text(len(notes) - len(rows))}")
            break
        rows.append(row)
    return "\n".join([say("**Notes, newest first**"), *rows])


def _older_text(number: int) -> str:
    return say_count("and {number} older note, in the database", "and {number} older notes, in the database", number)


def _note_row(note: PlacedNote) -> str:
    text = as_typed(note.text)
    if note.position_samples is not None:
        return say(
            "scene {scene}, take {take}, {position}: {note}",
            scene=note.scene_number,
            take=note.take_number,
            position=minutes(note.position_samples),
            note=text,
        )
    return say("scene {scene}: {note}", scene=note.scene_number, note=text) if note.scene_number else text
