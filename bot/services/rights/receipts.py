"""Receipts: after each change of consent, a file that says what changed, what holds now, and whom to ask.

A person who changes something in Discord gets theirs immediately. What changes in other ways (an operator's command, a
request that the database took later, a process that was killed in between) is found in the store, and `Letters` sends
it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.domain.ids import GuildId, UserId
from bot.domain.permission import scopes_in_force
from bot.domain.standing import standings
from bot.domain.telling import Delivered
from bot.live.ports import Clock, timestamp
from bot.services.access.guild_settings import Guilds
from bot.services.access.operators import Operators
from bot.services.facts.consent_texts import ConsentTexts
from bot.services.ports.post import Post, Receipt, ReceiptPlace, Sent
from bot.store.consents import events_among, guilds_with_consents
from bot.store.database import Database
from bot.store.people import find_person
from bot.store.receipts import (
    all_changes,
    changes_without_receipt,
    note_receipt,
    people_without_receipt,
    texts_with,
)
from bot.store.records import ConsentRow, Person

OWN_SECONDS: Final = 60
"""For how long a change is left to the press that made it, which can also answer those who take no messages."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """Makes receipts, sends them, and notes who has one."""

    database: Database
    clock: Clock
    guilds: Guilds
    operators: Operators
    texts: ConsentTexts
    post: Post
    _one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, user_id: UserId, language: str | None = None) -> Receipt | None:
        """Send a receipt for what changed and has none. Return it if the person takes no messages: answer with it.

        Then call `answered`. Nothing is sent if nothing changed.
        """
        async with self._one_by_one:
            receipt = await self._due(user_id, language)
            sent = await self.post.send_receipt(receipt) if receipt else Sent.LATER
            if receipt and sent is Sent.ACCEPTED:
                await self._note(receipt, Delivered.MESSAGE)
            return receipt if sent is Sent.REFUSED else None

    async def answered(self, receipt: Receipt) -> None:
        """Note that a person who takes no messages has a receipt in an answer."""
        await self._note(receipt, Delivered.ANSWER)

    async def _note(self, receipt: Receipt, delivered: Delivered) -> None:
        async with self.database.transaction() as tx:
            # Who was erased in the meantime must not come back by this.
            if await find_person(tx, receipt.user_id):
                await note_receipt(tx, receipt.person_id, receipt.up_to, delivered, self.clock.now())

    async def send_due(self) -> None:
        """Send what no press has sent. Those who take no messages can ask for theirs at any time."""
        before = timestamp(self.clock.wall() - timedelta(seconds=OWN_SECONDS))
        for user_id in await people_without_receipt(self.database, before):
            if refused := await self.send(user_id):
                await self._note(refused, Delivered.NOWHERE)

    async def of(self, user_id: UserId, language: str) -> Receipt | None:
        """Return a receipt for everything that a person ever changed; None if they never did."""
        person = await find_person(self.database, user_id)
        changes = await all_changes(self.database, person.person_id) if person else []
        return await self._made(person, changes, language) if person and changes else None

    async def _due(self, user_id: UserId, language: str | None) -> Receipt | None:
        person = await find_person(self.database, user_id)
        changes = await changes_without_receipt(self.database, person.person_id) if person else []
        return await self._made(person, changes, language) if person and changes else None

    async def _made(self, person: Person, changes: list[ConsentRow], language: str | None) -> Receipt:
        user_id, at = person.discord_user_id, changes[-1].guild_id
        known = await guilds_with_consents(self.database, user_id) | {change.guild_id for change in changes}
        return Receipt(
            user_id,
            person.person_id,
            person.pseudonym,
            self.clock.now(),
            tuple(changes),
            tuple(await texts_with(self.database, {change.text_sha256 for change in changes})),
            tuple([await self._place(user_id, guild_id) for guild_id in sorted(one for one in known if one)]),
            language or self.guilds.language_in(at or GuildId(0)),
        )

    async def _place(self, user_id: UserId, guild_id: GuildId) -> ReceiptPlace:
        found = standings((await events_among(self.database, [user_id]))[user_id], guild_id)
        holds = scopes_in_force(found, self.clock.now(), await self.texts.known(self.database))
        operator = await self.operators.of(guild_id)
        return ReceiptPlace(operator, {scope: found[scope] for scope in found if scope in holds})
