"""What a person can choose about an export."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum

from bot.dataset.sound.orders import Audio
from bot.domain.consent_terms import Scope


class Layout(StrEnum):
    """How a dataset is laid out: tables with the sound in them, or playable files with CSV and JSON beside them."""

    PARQUET = "parquet"
    AUDIOFOLDER = "audiofolder"


class Turns(StrEnum):
    """Which turns become clips: all, or those that were put up for rating."""

    ALL = "all"
    RATED = "rated"


@dataclass(frozen=True, slots=True)
class Options:
    """The choices that decide what is in the files.

    `turns` is None for what the layout has by default: all in Parquet, and those that were put up for rating as files.
    Only what people permit for the `purpose` (one of PURPOSES) and to the `recipient` is exported; without either, it
    stays with the operator, who keeps and reviews it. One that `is_derived` has features and labels, and no sound.
    """

    layout: Layout = Layout.PARQUET
    turns: Turns | None = None
    audio: Audio = Audio.FLAC24
    has_dialogues: bool = False
    has_notes: bool = False
    purpose: Scope | None = None
    recipient: str | None = None
    is_derived: bool = False

    @property
    def has_all_turns(self) -> bool:
        """Whether every turn becomes a clip."""
        wanted = self.turns or (Turns.ALL if self.layout is Layout.PARQUET else Turns.RATED)
        return wanted is Turns.ALL


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))
