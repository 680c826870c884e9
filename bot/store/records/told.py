"""What people were told about their rights, and how."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import PersonId
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
    """A row of `notices`: a person is to be told of a use once. Both last fields are None until that has happened."""

    notice_id: int
    person_id: PersonId
    use_id: int
    told_at: str | None
    delivered: Delivered | None
