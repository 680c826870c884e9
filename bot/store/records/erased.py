"""Erasures, and the sound that is in versions of the dataset."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.domain.erasing import Asker, ErasureStep, OperatorDeed, SoundKind
from bot.domain.ids import ReleaseId, SessionId


@dataclass(frozen=True, slots=True)
class Erasure:
    """A row of `erasures`: what is erased, how far that has come, and, once it is finished, that it happened.

    `done` is the last step that is done. `keeps_ratings` is 0 or 1. `names` is a JSON array of names to be taken out of
    texts, None as soon as that is done. `counts` is a JSON object: how many of each kind went.
    """

    erasure_id: int
    pseudonym: str
    asked_by: Asker
    asked_at: str
    keeps_ratings: int
    names: str | None
    done: ErasureStep | None
    counts: str
    finished_at: str | None

    @property
    def named(self) -> tuple[str, ...]:
        """The names to be taken out of texts."""
        return tuple(json.loads(self.names)) if self.names else ()


@dataclass(frozen=True, slots=True)
class OperatorAct:
    """A row of `operator_acts`: what an operator did for someone ('export', 'withdraw' or 'erase'), and why."""

    operator_act_id: int
    pseudonym: str
    act: OperatorDeed
    reason: str
    done_at: str


@dataclass(frozen=True, slots=True)
class ReleasedSound:
    """A row of `released_sounds`: a sound in a version of the dataset. `speakers` is a JSON array of pseudonyms.

    `session_id` is None in versions from before it was remembered.
    """

    release_id: ReleaseId
    sha256: str
    kind: SoundKind
    speakers: str
    session_id: SessionId | None
