"""What people ask for on the form for their limits: it takes effect first and is stored afterwards.

No event is logged: whether a person has limits is private.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.ids import UserId
from bot.domain.limits import LimitChange, LimitKind
from bot.live.asked import LIMITS, limit_change_in, limit_facts
from bot.live.ports import Clock
from bot.live.promises import Promise, Promises
from bot.store.database import Database
from bot.store.limits import change_limits
from bot.store.people import ensure_person

MOST_CHARACTERS = 280
"""How much of a form goes into one request: with user and moment, it fits into a slot of the journal."""


@dataclass(frozen=True, slots=True)
class LimitRequests:
    """What people ask for on the form for their limits."""

    database: Database
    clock: Clock
    promises: Promises

    def ask_now(self, discord_user_id: UserId, changes: Sequence[LimitChange]) -> list[Promise]:
        """Accept a form without waiting for anything. It counts from the next deal."""
        now = self.clock.now()
        parts = [part for change in changes for part in parts_of(change)]
        return [self.promises.make(LIMITS, limit_facts(discord_user_id, part, now)) for part in parts]

    async def ask(
        self, discord_user_id: UserId, kind: LimitKind, there: Collection[str], gone: Collection[str]
    ) -> None:
        """`ask_now` for keys of one kind, and wait until the store has them."""
        change = LimitChange(kind, frozenset(there), frozenset(gone) - frozenset(there))
        await asyncio.gather(*(promise.kept for promise in self.ask_now(discord_user_id, [change])))

    async def store(self, facts: Mapping[str, Any]) -> None:
        """Store one request."""
        change = limit_change_in(facts)
        async with self.database.transaction() as tx:
            person = await ensure_person(tx, facts["user"], facts["at"])
            await change_limits(tx, person.person_id, change, facts["at"])


def parts_of(change: LimitChange) -> Iterator[LimitChange]:
    """Divide a change into parts that are short enough for the journal."""
    keys, size = list[str](), 0
    for key in sorted(change.there | change.gone):
        if size + len(key) + 1 > MOST_CHARACTERS:
            yield _part(change, keys)
            keys, size = [], 0
        keys.append(key)
        size += len(key) + 1
    if keys:
        yield _part(change, keys)


def _part(change: LimitChange, keys: Sequence[str]) -> LimitChange:
    return LimitChange(change.kind, change.there.intersection(keys), change.gone.intersection(keys))
