"""The directions of a part that a coordinator changes by hand."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from bot.domain.casting.deal import Casting
from bot.domain.casting.directions import directed
from bot.domain.emotions import EmotionSet
from bot.domain.events.kinds import EventKind
from bot.live.session import LiveSession
from bot.store.database import Database
from bot.store.events import count_events
from bot.store.history import history_of, read_played
from bot.store.records import PerformerCasting


async def directed_again(
    database: Database, session: LiveSession, before: PerformerCasting, wanted: Casting, emotions: EmotionSet
) -> Casting:
    """Return a changed part with its directions: as they were dealt for what stays the same, drawn for what is new."""
    played = await read_played(database, session.guild_id, session.session_id)
    history = history_of(played, [before.person_id])
    changes = await count_events(database, session.session_id, (EventKind.CASTING_OVERRIDDEN,))
    random = Random(f"{session.seed}/part/{changes}")  # noqa: S311 - must be reproducible
    changed = directed(wanted, emotions, history, random)
    arc = changed.arc
    if arc and (arc.second_emotion, arc.second_intensity) == (before.second_emotion, before.second_intensity):
        manner = before.shift or arc.manner
        changed = replace(changed, arc=replace(arc, direction=before.second_direction_number, manner=manner))
    if (changed.target_emotion, changed.target_intensity) == (before.target_emotion, before.target_intensity):
        changed = replace(changed, direction=before.direction_number)
    return changed
