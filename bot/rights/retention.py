"""Deletes the sound of a session whose time is over. It can be done again without harm."""

from __future__ import annotations

from bot.dataset.model.index import session_label
from bot.domain.ids import SessionId
from bot.home.places import Home
from bot.rights.files import delete_exports, delete_files
from bot.store.retention import forget_sound, tracks_of_session
from bot.store.stillness import still
from bot.store.writing import writing


def end_retention(home: Home, session_id: SessionId, now: str) -> int:
    """Delete a session's tracks and clips, the datasets on this disk that have them, and their rows.

    Return how many tracks there were. Raises NotYet while an export is being written, DatabaseUnwritable or OSError if
    something cannot be deleted now.
    """
    delete_exports(home, f"{session_label(session_id)}_scene")
    with still(home.database) as store:
        tracks = tracks_of_session(store, session_id)
    # The files go before the rows that say where they are.
    delete_files(home.sound_of_tracks(tracks))
    with writing(home.database) as tx:
        return forget_sound(tx, session_id, now)
