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
    """Return a changed part with its directions: as they were dealt for what stays the same, drawn for what is new.

    One that is no longer among `emotions`, because an opt-in for it was taken back, is drawn again.
    """
    played = await read_played(database, session.guild_id, session.session_id)
    history = history_of(played, [before.person_id])
    changes = await count_events(database, session.session_id, (EventKind.CASTING_OVERRIDDEN,))
    random = Random(f"{session.seed}/part/{changes}")  # noqa: S311 - must be reproducible
    changed = directed(wanted, emotions, history, random)
    arc = changed.arc
    if arc and (arc.second_emotion, arc.second_intensity) == (before.second_emotion, before.second_intensity):
        number = _kept(before.second_direction_number, arc.direction, emotions, arc.second_emotion)
        changed = replace(changed, arc=replace(arc, direction=number, manner=before.shift or arc.manner))
    if (changed.target_emotion, changed.target_intensity) == (before.target_emotion, before.target_intensity):
        number = _kept(before.direction_number, changed.direction, emotions, changed.target_emotion)
        changed = replace(changed, direction=number)
    return changed


def _kept(before: int | None, drawn: int | None, emotions: EmotionSet, emotion: str) -> int | None:
    offered = emotions.find(emotion).directions
    return before if before is None or not offered or before <= len(offered[0]) else drawn
