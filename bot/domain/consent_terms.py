"""The scopes of consent, and what a grant of one can be limited to.

The scopes follow SAG-AFTRA's agreements (making a replica and using it are separate consents) and the laws that treat
voiceprints apart. California's AB 2602 makes a clause on replicas void without a description of the uses, and without
counsel or a union.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from zlib import crc32


class Scope(StrEnum):
    """What a person can consent to, each separately."""

    RECORD = "record"
    STORE_AND_REVIEW = "store_and_review"
    PEER_RATING = "peer_rating"
    TRAIN_RECOGNITION = "train_recognition"
    TRAIN_GENERATIVE_SPEECH = "train_generative_speech"
    VOICE_CLONE_REPLICA = "voice_clone_replica"
    SHARE_WITH_CLIENT = "share_with_client"
    PUBLIC_RELEASE = "public_release"
    PUBLISH_DEMOGRAPHICS = "publish_demographics"
    RECONTACT = "recontact"
    CREDIT_BY_NAME = "credit_by_name"
    VOICEPRINT_ANALYSIS = "voiceprint_analysis"
    PUBLISH_TRANSCRIPT = "publish_transcript"


class Representation(StrEnum):
    """Who advised a performer on a replica of their voice."""

    COUNSEL = "counsel"
    UNION = "union"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a grant is limited to.

    `recipients` are who it directs the recordings to. It ends by itself at `ends_at`, a time as the store writes it.
    `uses` describes what a replica may be used for; `represented_by` says who advised the performer.
    """

    recipients: tuple[str, ...] = ()
    ends_at: str | None = None
    uses: str = ""
    represented_by: Representation | None = None

    def names(self, recipient: str) -> bool:
        """Whether a recipient is one of those who are named, however it is spaced and capitalised."""
        return same_name(recipient) in map(same_name, self.recipients)

    def suffice(self, scope: Scope) -> bool:
        """Whether they say what a grant of a scope must say.

        One for a replica must say what for, until when, and who advised the performer; one for sharing, with whom.
        """
        if scope is Scope.VOICE_CLONE_REPLICA:
            return bool(self.uses.strip()) and self.ends_at is not None and self.represented_by is not None
        return bool(self.recipients) or scope is not Scope.SHARE_WITH_CLIENT


NO_TERMS: Final = Terms()
"""A grant without limits."""


def digest_of(recipients: Iterable[str]) -> int:
    """Return a number that changes with the recipients, for a form to say whom it named."""
    return crc32("\n".join(recipients).encode())


def same_name(name: str) -> str:
    """Return a name in the form in which two spellings of it are equal."""
    return " ".join(name.split()).casefold()
