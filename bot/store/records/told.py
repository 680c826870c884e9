"""What people were told about their rights, and how."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import PersonId


class Delivered(StrEnum):
    """How something reached a person: nowhere if they accept no direct messages."""

    MESSAGE = "message"
    ANSWER = "answer"
    NOWHERE = "nowhere"
    BEFORE = "before"
    """It is from before people were told such things."""


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
    """A row of `notices`: a person is to be told of a use once. Both last fields are None until that has happened."""

    notice_id: int
    person_id: PersonId
    use_id: int
    told_at: str | None
    delivered: Delivered | None
