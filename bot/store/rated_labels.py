"""The emotions that peers have named so far: what the queue of raters goes by."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import SessionId, TurnId, UserId
from bot.store.reader import Reader

_RATED = """
    SELECT turn_id, perceived_emotion AS label, discord_user_id AS rater_user_id, answered_at FROM ratings
    JOIN people ON people.person_id = rater_id
"""
_OF_SESSION = f"""
    {_RATED} JOIN turns USING (turn_id) JOIN tracks USING (track_id) JOIN takes USING (take_id)
    JOIN scenes USING (scene_id) WHERE session_id = ?
"""


@dataclass(frozen=True, slots=True)
class PeerLabel:
    """The emotion that a peer has named in a turn, and when."""

    turn_id: TurnId
    label: str
    rater_user_id: UserId
    answered_at: str


async def peer_labels(reader: Reader, session_id: SessionId) -> list[PeerLabel]:
    """Return what peers have named in the turns of a session, also those who have withdrawn since then."""
    return await reader.fetch_records(PeerLabel, _OF_SESSION, session_id)


async def labels_of(reader: Reader, turn_id: TurnId) -> list[PeerLabel]:
    """Return the same of one turn."""
    return await reader.fetch_records(PeerLabel, f"{_RATED} WHERE turn_id = ?", turn_id)
