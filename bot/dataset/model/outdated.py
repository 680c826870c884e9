"""Whether something was withdrawn while an export was written."""

from __future__ import annotations

from pathlib import Path

from bot.dataset.model.pending import pending_in
from bot.home.places import Home
from bot.store.exporting import read_withheld
from bot.store.snapshot import Snapshot


def is_outdated(snapshot: Snapshot, database: Path, home: Home) -> bool:
    """Whether, since the snapshot was read, someone withdrew consent, left out a turn, or had a take struck.

    Asks the journal, too.
    """
    sessions = [session.session_id for session in snapshot.sessions]
    now = read_withheld(database, sessions, pending_in(home.journal))
    taken_back = any(
        now.standings[key][scope].is_less_than(standing)
        for key, found in snapshot.standings.items()
        for scope, standing in found.items()
    )
    if now.left_out - snapshot.left_out:
        return True
    return taken_back or any(take.take_id in now.takes for take in snapshot.takes if take.struck_at is None)
