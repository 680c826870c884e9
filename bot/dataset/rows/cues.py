"""What is known of a cue: when it was sent, whether its performer saw it, and what is claimed because of it."""

from __future__ import annotations

from bot.dataset.rows.columns import Row
from bot.dataset.rows.places import seconds
from bot.store.records import Cue


def cue_facts(cue: Cue) -> Row:
    """Return a cue's columns besides its place and its performer; all times are seconds since the take's start."""
    shift = cue.times.shift
    return {
        "cause": str(cue.cause),
        "at": seconds(cue.position_samples),
        "card_sent": seconds(cue.card_sent_samples),
        "dm_sent": seconds(cue.dm_sent_samples),
        "acknowledged": seconds(cue.acknowledged_samples),
        "asked_at": cue.asked_at,
        "answer": cue.answer and str(cue.answer),
        "answered_at": cue.answered_at,
        "basis": str(shift.basis),
        "first_until": seconds(shift.first_until_samples),
        "second_from": seconds(shift.second_from_samples),
    }
