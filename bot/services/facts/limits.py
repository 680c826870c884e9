"""What people do not play, as it is in force: what the store says, and what was asked for since then."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.domain.ids import UserId
from bot.domain.limits import Limits
from bot.domain.opt_ins import OptIns
from bot.live.asked import LIMITS, limit_change_in
from bot.live.promises import Promise, Promises
from bot.store.database import Database
from bot.store.limits import limits_among
from bot.store.reader import Reader


@dataclass(frozen=True, slots=True)
class LimitsInForce:
    """The limits that count for the next deal."""

    database: Database
    promises: Promises

    async def of(self, discord_user_id: UserId) -> Limits:
        """An account's own limits; for no one else's eyes."""
        return (await self.among([discord_user_id]))[discord_user_id]

    async def among(self, discord_user_ids: Collection[UserId], reader: Reader | None = None) -> dict[UserId, Limits]:
        """The limits of each of these accounts, to deal by; in a write, `reader` is its transaction."""
        # Read before the store: otherwise a request that is stored during the read would be missed in both places.
        waiting = self._waiting()
        found = await limits_among(reader or self.database, discord_user_ids)
        for promise in waiting + [one for one in self._waiting() if one not in waiting]:
            if (user := promise.facts["user"]) in found:
                found[user] = found[user].after(limit_change_in(promise.facts))
        return found

    def _waiting(self) -> list[Promise]:
        return [one for one in self.promises if one.kind == LIMITS]


def lines_of(limits: Mapping[UserId, Limits]) -> frozenset[str]:
    """The lines of all these people together."""
    return frozenset[str]().union(*(one.lines for one in limits.values()))


def refused_by(limits: Limits, kinds: OptIns, opened: Collection[str]) -> frozenset[str]:
    """The keys of the emotions that no one is dealt while this person is on stage.

    `opened` are the kinds of emotions that the server opted into.
    """
    return limits.vetoes | kinds.closed(limits.opt_ins & frozenset(opened))
