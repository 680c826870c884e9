"""The consent that is in force: on one server, or on every server of the bot if a person says so.

A request takes effect in memory and in the journal when it is made. The store gets requests in the same order, so that
a person's last request counts. What is permitted says `bot.domain.permission`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from bot.domain.consent import Consented
from bot.domain.consent_terms import Scope
from bot.domain.errors import ConsentMissing, ConsentTextNew
from bot.domain.ids import GuildId, UserId
from bot.domain.permission import TO_KEEP_ANSWERS, TO_RECORD, Permission, Use, Wanted, consented, permitted
from bot.domain.standing import ConsentEvent, Refusal, Standings, TextInForce, narrowed, standings
from bot.live.asked import CONSENT, ERASURE, WITHDRAWAL, left_after
from bot.live.ports import Clock
from bot.live.promises import Promise, Promises
from bot.services.facts.consent_texts import ConsentTexts
from bot.store.consents import consents_of, events_among, guilds_with_consents, steady_among
from bot.store.database import Database
from bot.store.ratings import RateableTurn
from bot.store.reader import Reader


class Answered(Protocol):
    """An answer of a rater, and when they gave it, as the store writes times."""

    @property
    def rater_user_id(self) -> UserId:
        """Who gave it."""
        ...

    @property
    def answered_at(self) -> str:
        """When."""
        ...


_Answered = TypeVar("_Answered", bound=Answered)


@dataclass(frozen=True, slots=True)
class ConsentsInForce:
    """Who may be recorded, and who may rate: what the store says, minus what was withdrawn since then."""

    database: Database
    clock: Clock
    promises: Promises
    texts: ConsentTexts

    async def stored(self, discord_user_id: UserId, guild_id: GuildId) -> Consented:
        """What the store says about an account on a server: what people find ticked on their form."""
        return await consents_of(self.database, discord_user_id, guild_id, self.clock.now())

    async def shared_with(self, discord_user_id: UserId, guild_id: GuildId) -> tuple[str, ...]:
        """To whom the account directs its recordings on a server, as the store says; empty if to no one."""
        events = (await events_among(self.database, [discord_user_id]))[discord_user_id]
        standing = standings(events, guild_id).get(Scope.SHARE_WITH_CLIENT)
        return standing.terms.recipients if standing and standing.ended is None else ()

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
        """`consented` for each of these accounts, in one reading of the store.

        What is needed to be recorded is not in it for those who must agree to a new text first.
        """
        read = await self._read(discord_user_ids, reader)
        return {user: read.consented(user, guild_id, read.texts) for user in discord_user_ids}

    async def permission(
        self, discord_user_id: UserId, guild_id: GuildId, wanted: Wanted, reader: Reader | None = None
    ) -> Permission:
        """Whether an account permits a use of what comes from a server now, or why not."""
        read = await self._read([discord_user_id], reader, for_use=wanted.use)
        return read.permission(discord_user_id, guild_id, wanted)

    async def require(
        self, discord_user_id: UserId, guild_id: GuildId, wanted: Wanted, reader: Reader | None = None
    ) -> None:
        """Raise ConsentMissing if an account does not permit a use, ConsentTextNew if it must agree to a text first."""
        permission = await self.permission(discord_user_id, guild_id, wanted, reader)
        if permission.why_not is Refusal.TEXT_IS_NEW:
            raise ConsentTextNew
        if permission.scope:
            raise ConsentMissing(permission.scope.value)

    async def may_perform(self, discord_user_id: UserId, guild_id: GuildId) -> bool:
        """Whether an account may be dealt cards and be recorded on a server now."""
        return bool(await self.permission(discord_user_id, guild_id, TO_RECORD))

    async def who_permit(
        self, discord_user_ids: Collection[UserId], guild_id: GuildId, wanted: Wanted, reader: Reader | None = None
    ) -> frozenset[UserId]:
        """Those of these accounts who permit a use on a server now."""
        read = await self._read(discord_user_ids, reader, for_use=wanted.use)
        return frozenset(user for user in discord_user_ids if read.permission(user, guild_id, wanted))

    async def performers_among(
        self, discord_user_ids: Collection[UserId], guild_id: GuildId, reader: Reader | None = None
    ) -> frozenset[UserId]:
        """Those of these accounts who may be dealt cards and be recorded on a server now."""
        return await self.who_permit(discord_user_ids, guild_id, TO_RECORD, reader)

    async def may_be_heard(
        self, turns: Iterable[RateableTurn], guild_id: GuildId, use: Use = Use.LET_RATE
    ) -> list[RateableTurn]:
        """Those of these turns that raters may hear now, as their performers permit.

        `use` is LET_ABSENT_RATE for people who came by an invitation.
        """
        waiting = list(turns)
        let_rate = Wanted(use)
        read = await self._read({turn.performer_user_id for turn in waiting}, None, for_use=let_rate.use)
        return [
            turn
            for turn in waiting
            if read.permission(turn.performer_user_id, guild_id, replace(let_rate, made_at=turn.called_at))
        ]

    async def may_be_kept(
        self, answers: Iterable[_Answered], guild_id: GuildId, reader: Reader | None = None
    ) -> list[_Answered]:
        """Those of these answers that may be kept now, as those who gave them permit."""
        given = list(answers)
        raters = {one.rater_user_id for one in given}
        # Nearly everyone has never taken anything back, and each clip that a crowd is given asks about all of it.
        doubtful = (raters & self._asking()) | (raters - await steady_among(reader or self.database, raters))
        read = await self._read(doubtful, reader, for_use=Use.RATE)
        while late := raters & self._asking() - doubtful:
            doubtful |= late
            read = await self._read(doubtful, reader, for_use=Use.RATE)
        kept = {
            (user, at): bool(read.permission(user, guild_id, replace(TO_KEEP_ANSWERS, made_at=at)))
            for user, at in {(one.rater_user_id, one.answered_at) for one in given if one.rater_user_id in doubtful}
        }
        return [one for one in given if kept.get((one.rater_user_id, one.answered_at), True)]

    async def _read(
        self, discord_user_ids: Collection[UserId], reader: Reader | None, for_use: Use = Use.RECORD
    ) -> _Read:
        # Read before the store: otherwise a request that is stored during the read would be missed in both places.
        waiting = self._waiting()
        events = await events_among(reader or self.database, discord_user_ids)
        # Nothing else depends on the texts, and a crowd of raters asks at once.
        texts = await self.texts.known(reader or self.database) if for_use is Use.RECORD else ()
        asked: dict[UserId, list[Promise]] = {user: [] for user in discord_user_ids}
        for promise in waiting + [one for one in self._waiting() if one not in waiting]:
            if (user := promise.facts["user"]) in asked:
                asked[user].append(promise)
        return _Read(events, asked, texts, self.clock.now())

    def _asking(self) -> frozenset[UserId]:
        """Those who asked for something that the store does not have yet."""
        return frozenset(promise.facts["user"] for promise in self._waiting())

    def _waiting(self) -> list[Promise]:
        return [one for one in self.promises if one.kind in (CONSENT, ERASURE, WITHDRAWAL)]


_Folded = dict[tuple[UserId, GuildId], Standings]


@dataclass(frozen=True, slots=True)
class _Read:
    """What the store says at a moment, and what was asked for and is not stored, by account."""

    events: Mapping[UserId, Collection[ConsentEvent]]
    asked: Mapping[UserId, Collection[Promise]]
    texts: Collection[TextInForce]
    now: str
    _standings: _Folded = field(default_factory=_Folded)
    """Of those who were asked about: a session has many turns and answers by few people."""

    def consented(self, user: UserId, guild_id: GuildId, texts: Collection[TextInForce] = ()) -> Consented:
        found = consented(self.events[user], guild_id, self.now, tuple(texts))
        for one in self.asked[user]:
            found = left_after(one.facts, one.kind, found, guild_id)
        return found

    def permission(self, user: UserId, guild_id: GuildId, wanted: Wanted) -> Permission:
        return permitted(self._standings_of(user, guild_id), wanted, self.now, tuple(self.texts))

    def _standings_of(self, user: UserId, guild_id: GuildId) -> Standings:
        found = self._standings.get((user, guild_id))
        if found is None:
            found = standings(self.events[user], guild_id)
            if self.asked[user]:
                found = narrowed(found, self.consented(user, guild_id).here)
            self._standings[user, guild_id] = found
        return found
