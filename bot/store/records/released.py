"""What the store remembers of exports: who is on which side of the splits, versions, and uses."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import PersonId, ReleaseId
from bot.domain.splits import Split


@dataclass(frozen=True, slots=True)
class SpeakerSplit:
    """A row of `speaker_splits`: the side that a speaker was given, by pseudonym, which outlives the person's row.

    `drawing` is 1, and grows by one with each deliberate redrawing.
    """

    pseudonym: str
    split: Split
    drawn_at: str
    drawing: int


@dataclass(frozen=True, slots=True)
class Release:
    """A row of `releases`: one version of the dataset, whose number is `release_id`.

    `parent_id` is the version before it; None for the first. `selection`, `clips` (the first digits of each clip's
    SHA-256, by clip id) and `software` (versions by name) are JSON objects, with sorted keys.
    """

    release_id: ReleaseId
    parent_id: ReleaseId | None
    selection: str
    content_sha256: str
    clips: str
    software: str
    made_at: str


@dataclass(frozen=True, slots=True)
class Use:
    """A row of `uses`: one export, even of a version that was exported before.

    `purpose` is a scope of consent, None for what stays with the operator; `recipient` is None for no one else.
    `content_sha256` is that of all files, `sessions` a JSON list of labels. `has_sound` is 0 if it had only
    features and labels.
    """

    use_id: int
    made_at: str
    purpose: str | None
    recipient: str | None
    release_id: ReleaseId | None
    content_sha256: str
    sessions: str
    clips: int
    has_sound: int


@dataclass(frozen=True, slots=True)
class UsePerson:
    """A row of `use_people`: someone whose sound was in a use, and how many clips of theirs."""

    use_id: int
    person_id: PersonId
    clips: int
