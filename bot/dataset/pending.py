"""What a running bot has been asked and has not stored yet counts for an export, too."""

from __future__ import annotations

from pathlib import Path

from bot.live.asked import CONSENT, STOPPED, asked_in
from bot.live.journal import read_journal
from bot.store.exporting import Pending


def pending_in(journal: Path) -> Pending:
    """What a journal holds that keeps something from leaving; nothing where there is no journal."""
    entries = read_journal(journal)
    return Pending(
        [(one.facts["user"], asked_in(one.facts)) for one in entries if one.kind == CONSENT],
        {one.facts["scene"]: one.facts["at"] for one in entries if one.kind == STOPPED},
    )
