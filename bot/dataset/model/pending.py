"""What a running bot was asked to do but has not stored yet: it counts for an export, too."""

from __future__ import annotations

from pathlib import Path

from bot.live.asked import CONSENT, ERASURE, STOPPED, asked_in
from bot.live.journal import read_journal
from bot.store.exporting import Pending


def pending_in(journal: Path) -> Pending:
    """Return the entries of a journal that keep something out of an export; none if the journal does not exist."""
    entries = read_journal(journal)
    return Pending(
        [(one.facts["user"], asked_in(one.facts)) for one in entries if one.kind == CONSENT],
        {one.facts["scene"]: one.facts["at"] for one in entries if one.kind == STOPPED},
        frozenset(one.facts["user"] for one in entries if one.kind == ERASURE),
    )
