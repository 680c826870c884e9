"""What people are told about their own rights, by direct message: receipts, uses, what is about to be deleted.

`bot.stage` implements it on Discord; services never import that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.domain.consent_terms import Scope
from bot.domain.ids import GuildId, PersonId, UserId
from bot.domain.standing import Standing
from bot.store.notices import DueUse
from bot.store.records import ConsentRow, ConsentTextRow, Operator
from bot.store.retention import DueEnd


class Sent(StrEnum):
    """What came of a message: accepted by Discord, refused because the person takes none, or neither yet."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class ReceiptPlace:
    """What holds on one server, and who is responsible there. What is not in `holds` is not allowed."""

    operator: Operator
    holds: dict[Scope, Standing]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Changes of a person's consent, the texts that they refer to, and what holds afterwards on each server.

    It covers their events up to `up_to`, and is written in a `language`.
    """

    user_id: UserId
    person_id: PersonId
    pseudonym: str
    made_at: str
    changes: tuple[ConsentRow, ...]
    texts: tuple[ConsentTextRow, ...]
    places: tuple[ReceiptPlace, ...]
    language: str

    @property
    def up_to(self) -> int:
        """The last event that it covers."""
        return self.changes[-1].consent_event_id

    @property
    def newest_place(self) -> GuildId | None:
        """The server that the last change is about; None if it is about every server."""
        return self.changes[-1].guild_id


class Post(Protocol):
    """Direct messages to people about themselves. Each says what came of it, and raises nothing."""

    async def send_receipt(self, receipt: Receipt) -> Sent:
        """Send a receipt as a file."""
        ...

    async def tell_of_use(self, use: DueUse, language: str) -> Sent:
        """Tell a person that a dataset with their sound was made for someone."""
        ...

    async def tell_of_end(self, due: DueEnd, language: str) -> Sent:
        """Tell a person when sound of theirs will be deleted."""
        ...
