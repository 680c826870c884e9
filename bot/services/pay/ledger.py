"""What coordinators enter into the pay ledger: rates, corrections and proceeds."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.currencies import currency_of, minor_units
from bot.domain.errors import NoPayRate, SessionUnknown
from bot.domain.ids import GuildId, SessionId, UserId
from bot.domain.pay import BASIS_POINTS, Rate
from bot.live.ports import Clock
from bot.store import pay
from bot.store.database import Database
from bot.store.people import ensure_person
from bot.store.records import Session
from bot.store.sessions import find_session
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RateWish:
    """A rate as it was typed: amounts per hour in the currency's main unit, and the share of proceeds in per cent."""

    currency: str
    stage: str
    rating: str
    share_percent: float = 0.0


@dataclass(frozen=True, slots=True)
class Ledger:
    """Adds to the pay ledger. Nothing in it is ever changed."""

    database: Database
    clock: Clock

    async def set_rate(self, guild_id: GuildId, wish: RateWish, first_session: SessionId | None) -> Rate:
        """Set the rate for sessions that start from now on, or from an earlier session on.

        Raises CurrencyUnknown, AmountInvalid and SessionUnknown.
        """
        currency = currency_of(wish.currency)
        stage, rating = (abs(minor_units(text, currency)) for text in (wish.stage, wish.rating))
        rate = Rate(currency, stage, rating, round(wish.share_percent * BASIS_POINTS / 100))
        async with self.database.transaction() as tx:
            now = self.clock.now()
            since = now if first_session is None else (await _session(tx, guild_id, first_session)).started_at
            await pay.set_rate(tx, guild_id, rate, since=since, now=now)
        return rate

    async def rate_now(self, guild_id: GuildId) -> Rate | None:
        """Return the rate of a session that would start now."""
        return await pay.rate_at(self.database, guild_id, self.clock.now())

    async def correct(
        self, guild_id: GuildId, session_id: SessionId, user_id: UserId, amount: str, reason: str
    ) -> tuple[int, str]:
        """Add an amount such as "-2.50" to a person's pay; return it in minor units, with its currency.

        Raises SessionUnknown, NoPayRate and AmountInvalid.
        """
        async with self.database.transaction() as tx:
            currency = await _currency(tx, guild_id, session_id)
            value, now = minor_units(amount, currency), self.clock.now()
            person = await ensure_person(tx, user_id, now)
            await pay.add_correction(tx, session_id, person.person_id, value, currency, reason, now)
        return value, currency

    async def add_proceeds(self, guild_id: GuildId, session_id: SessionId, amount: str, reason: str) -> tuple[int, str]:
        """Add what a session earned; return it in minor units, with its currency. Raises what `correct` raises."""
        async with self.database.transaction() as tx:
            currency = await _currency(tx, guild_id, session_id)
            value = minor_units(amount, currency)
            await pay.add_proceeds(tx, session_id, value, currency, reason, self.clock.now())
        return value, currency


async def _session(tx: Transaction, guild_id: GuildId, session_id: SessionId) -> Session:
    session = await find_session(tx, session_id)
    if session is None or session.guild_id != guild_id:
        raise SessionUnknown(session_id)
    return session


async def _currency(tx: Transaction, guild_id: GuildId, session_id: SessionId) -> str:
    session = await _session(tx, guild_id, session_id)
    rate = await pay.rate_at(tx, guild_id, session.started_at)
    if rate is None:
        raise NoPayRate
    return rate.currency
