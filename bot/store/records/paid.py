"""The pay ledger, of which nothing is ever exported. Money is in minor units of an ISO 4217 currency."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import GuildId, PersonId, SessionId


@dataclass(frozen=True, slots=True)
class PayWork:
    """A row of `pay_work`: how long a person was on stage and rated in a session. Neither time ever falls."""

    session_id: SessionId
    person_id: PersonId
    stage_ms: int
    rating_ms: int


@dataclass(frozen=True, slots=True)
class PayRate:
    """A row of `pay_rates`: what an hour is paid on a server, for sessions that start at `since` or later.

    `share_basis_points` is the share of a session's proceeds that goes to the people who were on stage. Rows are never
    changed.
    """

    pay_rate_id: int
    guild_id: GuildId
    currency: str
    stage_per_hour: int
    rating_per_hour: int
    share_basis_points: int
    since: str
    set_at: str


@dataclass(frozen=True, slots=True)
class PayCorrection:
    """A row of `pay_corrections`: an amount that is added to one person's pay for a session, or taken off.

    `reason` is empty if it was erased. Nothing else of a row is ever changed.
    """

    pay_correction_id: int
    session_id: SessionId
    person_id: PersonId
    amount_minor: int
    currency: str
    reason: str
    entered_at: str


@dataclass(frozen=True, slots=True)
class PayProceeds:
    """A row of `pay_proceeds`: what a session earned, or had to give back if it is negative. Rows never change."""

    pay_proceeds_id: int
    session_id: SessionId
    amount_minor: int
    currency: str
    reason: str
    entered_at: str
