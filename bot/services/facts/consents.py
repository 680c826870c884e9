"""The consent that is in force: on one server, or on every server of the bot if a person says so.

A request takes effect in memory and in the journal when it is made. The store gets requests in the same order, so that
a person's last request counts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.domain.consent import TO_PERFORM, Consented, Scope
from bot.domain.errors import ConsentMissing
from bot.domain.ids import GuildId, UserId
from bot.live.asked import CONSENT, ERASURE, WITHDRAWAL, left_after
from bot.live.promises import Promise, Promises
from bot.store.consents import consents_among, consents_of, guilds_with_consents
from bot.store.database import Database
from bot.store.reader import Reader


@dataclass(frozen=True, slots=True)
class ConsentsInForce:
    """Who may be recorded, and who may rate: what the store says, minus what was withdrawn since then."""

    database: Database
    promises: Promises

    async def stored(self, discord_user_id: UserId, guild_id: GuildId) -> Consented:
        """What the store says about an account on a server: what people find ticked on their form."""
        return await consents_of(self.database, discord_user_id, guild_id)

    async def guilds_of(self, discord_user_id: UserId) -> frozenset[GuildId | None]:
        """The servers on which an account has ever given or withdrawn consent, or played; None for every server."""
        return await guilds_with_consents(self.database, discord_user_id)

    async def of(self, discord_user_id: UserId, guild_id: GuildId, reader: Reader | None = None) -> frozenset[Scope]:
        """The scopes that are in force for an account on a server now; in a write, `reader` is its transaction."""
        return (await self.consented(discord_user_id, guild_id, reader)).here

    async def consented(self, discord_user_id: UserId, guild_id: GuildId, reader: Reader | None = None) -> Consented:
        """What is in force for an account on a server now: what the store says, minus what was withdrawn since then."""
        return (await self.consented_among([discord_user_id], guild_id, reader))[discord_user_id]

    async def consented_among(
        self, discord_user_ids: Collection[UserId], guild_id: GuildId, reader: Reader | None = None
    ) -> dict[UserId, Consented]:
        """`consented` for each of these accounts, in one reading of the store."""
        # Read before the store: otherwise a request that is stored during the read would be missed in both places.
        waiting = self._waiting()
        found = await consents_among(reader or self.database, discord_user_ids, guild_id)
        for promise in waiting + [one for one in self._waiting() if one not in waiting]:
            if (user := promise.facts["user"]) in found:
                found[user] = left_after(promise.facts, promise.kind, found[user], guild_id)
        return found

    def _waiting(self) -> list[Promise]:
        return [one for one in self.promises if one.kind in (CONSENT, ERASURE, WITHDRAWAL)]

    async def require(
        self, discord_user_id: UserId, guild_id: GuildId, scopes: frozenset[Scope], reader: Reader | None = None
    ) -> None:
        """Raise ConsentMissing for the first of these scopes that is not in force on a server."""
        in_force = await self.of(discord_user_id, guild_id, reader)
        for scope in Scope:
            if scope in scopes and scope not in in_force:
                raise ConsentMissing(scope.value)

    async def may_perform(self, discord_user_id: UserId, guild_id: GuildId) -> bool:
        """Whether an account may be dealt cards and be recorded on a server now."""
        return await self.of(discord_user_id, guild_id) >= TO_PERFORM

    async def who_consent(
        self,
        discord_user_ids: Collection[UserId],
        guild_id: GuildId,
        scopes: frozenset[Scope],
        reader: Reader | None = None,
    ) -> frozenset[UserId]:
        """Those of these accounts for whom all these scopes are in force on a server now."""
        found = await self.consented_among(discord_user_ids, guild_id, reader)
        return frozenset(user for user, consented in found.items() if consented.here >= scopes)

    async def performers_among(
        self, discord_user_ids: Collection[UserId], guild_id: GuildId, reader: Reader | None = None
    ) -> frozenset[UserId]:
        """Those of these accounts who may be dealt cards and be recorded on a server now."""
        return await self.who_consent(discord_user_ids, guild_id, TO_PERFORM, reader)
