"""What a take is called with, and the ids of its place in the evening."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from bot.domain.ids import SceneId, SessionId, TakeId, UserId
from bot.store.records import Take


class TakeIds(TypedDict):
    """Ids of a take, its scene and its session."""

    session_id: SessionId
    scene_id: SceneId
    take_id: TakeId


@dataclass(frozen=True, slots=True)
class TakePlan:
    """What a take is called with. `track_names` are the file names of everyone on stage, by account.

    `is_rated` is False for a calibration.
    """

    take: Take
    session_id: SessionId
    starts_at: float
    limit_seconds: float
    folder: Path
    track_names: Mapping[UserId, str]
    is_rated: bool = True
