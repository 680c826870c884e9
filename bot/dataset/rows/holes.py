"""What an export says about a hole."""

from __future__ import annotations

from bot.dataset.model.index import Index
from bot.dataset.rows.columns import Row
from bot.dataset.rows.places import seconds
from bot.store.records import Hole


def hole_facts(hole: Hole, index: Index) -> Row:
    """Return the columns of a hole: why, from when until when in seconds, and whom it is about (None: everyone)."""
    return {
        "cause": hole.cause,
        "start": seconds(hole.start_samples),
        "end": seconds(hole.end_samples),
        "speaker_id": index.hole_owner(hole),
    }
