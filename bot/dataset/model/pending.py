"""What a running bot was asked to do but has not stored yet: it counts for an export, too."""

from __future__ import annotations

from pathlib import Path

from bot.domain.consent import Scope
from bot.live.asked import CONSENT, ERASURE, STOPPED, WITHDRAWAL, asked_in
from bot.live.journal import Entry, read_journal
from bot.store.exporting import Pending


def pending_in(journal: Path) -> Pending:
    """Return the entries of a journal that keep something out of an export; none if the journal does not exist."""
    entries = read_journal(journal)
    return Pending(
        [(one.facts["user"], asked_in(one.facts)) for one in entries if one.kind == CONSENT],
        {one.facts["scene"]: one.facts["at"] for one in entries if one.kind == STOPPED},
        [(one.facts["user"], _ended(one)) for one in entries if one.kind in (ERASURE, WITHDRAWAL)],
    )


def _ended(entry: Entry) -> frozenset[Scope]:
    names = entry.facts["scopes"].split() if entry.kind == WITHDRAWAL else Scope
    return frozenset(Scope(name) for name in names)
