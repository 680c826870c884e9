"""What people are told before the sound of a session is deleted at its date, and how long sound is kept."""

from __future__ import annotations

from bot.store.retention import DueEnd
from bot.ui.texts.language import phrase, say
from bot.ui.texts.words import as_typed

DAYS_TITLE = phrase("Delete recordings after this many days")
DAYS_EXPLAINED = phrase("30 or more, from a session's end; empty: never. Performers are told 14 days before.")
DAYS_INVALID = phrase("The days must be a whole number from 30 to 36500, or empty. The other fields are saved.")

_ENDS = phrase(
    "**Your recordings of session {session} on {server} will be deleted on {day}**: the people who run it keep "
    "recordings only for a time. What was answered about them goes, too. Until then, `/me export` sends you a copy."
)


def ending_text(due: DueEnd, server: str) -> str:
    """When sound of a person will be deleted."""
    return say(_ENDS, session=due.session_id, server=as_typed(server), day=due.deletes_at[:10])
