"""What people were told about their rights, and how."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import PersonId, SessionId
from bot.domain.telling import Delivered


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A row of `receipts`: a person has a receipt for their consent events up to `up_to`."""

    receipt_id: int
    person_id: PersonId
    up_to: int
    made_at: str
    delivered: Delivered


@dataclass(frozen=True, slots=True)
class Notice:
    """A row of `notices`: a person is to be told once of a use, or of the end of a session's sound.

    Both last fields are None until that has happened.
    """

    notice_id: int
    person_id: PersonId
    use_id: int | None
    session_id: SessionId | None
    told_at: str | None
    delivered: Delivered | None


@dataclass(frozen=True, slots=True)
class Retention:
    """A row of `retentions`: the sound of a session is deleted at `deletes_at`, which was announced.

    Both last fields are None until that has happened.
    """

    session_id: SessionId
    announced_at: str
    deletes_at: str
    done_at: str | None
    tracks: int | None
