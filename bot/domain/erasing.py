"""Erasure: the steps in which everything about a person goes, in the order in which they are done. Pure.

Each step can be done again without harm, so that an erasure that was interrupted goes on with the first step that is
not known to be done. The link from the account to the pseudonym is cut only when nothing needs it any more; what SQLite
left of deleted rows goes last, because the link leaves such traces, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ERASED: Final = "[erased]"
"""What stands in a text in place of a name."""


class ErasureStep(StrEnum):
    """The steps of an erasure, in their order."""

    WITHDRAW = "withdraw"
    """Every consent is withdrawn on every server, as events of the log."""

    LIST = "list"
    """The lists beside the database name it: what a restored backup must erase again, and what holders must delete."""

    SOUND = "sound"
    """Tracks and clips are deleted: before the rows that say where they are."""

    ROWS = "rows"
    """The store forgets their tracks, turns, ratings, limits, sign-ups and what was written to them or names them."""

    EXPORTS = "exports"
    """Finished and unfinished exports, logs and archives that have them are deleted."""

    COPIES = "copies"
    """Older copies of the database that have them are deleted; in homes that a backup replaced, they are erased."""

    ACCOUNT = "account"
    """The link from the account to the pseudonym is cut."""

    PAGES = "pages"
    """Free pages and the write-ahead log lose what they had of deleted rows."""


class Asker(StrEnum):
    """Who asked for an erasure: the person, the operator for them, or the restoring of a backup from before it."""

    PERSON = "person"
    OPERATOR = "operator"
    RESTORE = "restore"


class OperatorDeed(StrEnum):
    """What an operator does for someone who cannot reach the bot; each is noted with a reason."""

    EXPORT = "export"
    WITHDRAW = "withdraw"
    ERASE = "erase"


class SoundKind(StrEnum):
    """What a sound in a dataset is."""

    CLIP = "clip"
    TRACK = "track"
    MIX = "mix"
    DIALOGUE = "dialogue"


AT_ONCE: Final = frozenset({ErasureStep.WITHDRAW, ErasureStep.LIST})
"""Steps that wait for nothing. The others wait until no take of the person is running."""

IN_PEACE: Final = frozenset({ErasureStep.PAGES})
"""Steps that keep other writers waiting, and therefore wait until no take is running at all."""


def steps_left(done: ErasureStep | None) -> tuple[ErasureStep, ...]:
    """Return the steps that are still to be done, in order, after the last one that is done."""
    steps = tuple(ErasureStep)
    return steps if done is None else steps[steps.index(done) + 1 :]


@dataclass(frozen=True, slots=True)
class ErasureWish:
    """What is asked for. `names` are to be taken out of all texts; with `keeps_ratings`, their judgements stay."""

    asked_by: Asker
    asked_at: str
    keeps_ratings: bool = False
    names: tuple[str, ...] = ()


def without_names(text: str, names: Iterable[str]) -> str:
    """Return a text with ERASED in place of every name that stands in it as a word, in upper or lower case.

    Within other words, a name is kept: it would not be the person's there.
    """
    wanted = sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True)
    if not wanted:
        return text
    either = "|".join(map(re.escape, wanted))
    return re.sub(rf"(?<!\w)(?:{either})(?!\w)", ERASED, text, flags=re.IGNORECASE)
