"""Statements of pay: who worked how long in which session, and what that is worth."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.currencies import plain_amount
from bot.domain.errors import MonthInvalid, SessionUnknown
from bot.domain.ids import GuildId, PersonId, SessionId, UserId
from bot.domain.pay import PayLine, Rate, pay_lines
from bot.store import pay
from bot.store.database import Database
from bot.store.people import accounts_of, find_person
from bot.store.sessions import find_session
from bot.store.transaction import Transaction

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_HEAD = (
    "session",
    "started_at",
    "account",
    "currency",
    "stage_seconds",
    "rating_seconds",
    "stage",
    "rating",
    "corrections",
    "share",
    "total",
    "reasons",
)


@dataclass(frozen=True, slots=True)
class PaidLine:
    """One person's line of one session; without a rate, `currency` is None and time is worth nothing.

    `user_id` is None once the account is erased. `reasons` are those of the corrections.
    """

    session_id: SessionId
    started_at: str
    user_id: UserId | None
    currency: str | None
    line: PayLine
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statements:
    """Reads the pay ledger, and brings the time worked up to date first."""

    database: Database

    async def of_sessions(
        self, guild_id: GuildId | None, session_id: SessionId | None = None, month: str | None = None
    ) -> list[PaidLine]:
        """Return the lines of one session, of a month such as '2027-03' (UTC), or of all sessions of a server.

        Without a server, those of all servers. Raises SessionUnknown and MonthInvalid.
        """
        if month is not None and not _MONTH.fullmatch(month.strip()):
            raise MonthInvalid
        async with self.database.transaction() as tx:
            known = await pay.sessions_to_pay(tx, guild_id, month.strip() if month else None)
            if session_id is not None and session_id not in known:
                raise SessionUnknown(session_id)
            chosen = known if session_id is None else [session_id]
            return [line for one in chosen for line in await _lines(tx, one)]

    async def of_person(self, user_id: UserId) -> list[PaidLine]:
        """Return a person's own lines, on every server."""
        person = await find_person(self.database, user_id)
        if person is None:
            return []
        async with self.database.transaction() as tx:
            sessions = await pay.sessions_worked_by(tx, person.person_id)
            return [line for one in sessions for line in await _lines(tx, one, person.person_id)]


async def _lines(tx: Transaction, session_id: SessionId, only: PersonId | None = None) -> list[PaidLine]:
    session = await find_session(tx, session_id)
    if session is None:
        raise SessionUnknown(session_id)
    await pay.keep_work(tx, session_id)
    rate = await pay.rate_at(tx, session.guild_id, session.started_at)
    corrections = await pay.corrections_in(tx, session_id)
    lines = pay_lines(
        rate,
        await pay.work_in(tx, session_id),
        _sums((one.person_id, one.amount_minor) for one in corrections),
        sum(one.amount_minor for one in await pay.proceeds_in(tx, session_id)),
    )
    accounts = await accounts_of(tx, lines)
    return [
        PaidLine(
            session_id,
            session.started_at,
            accounts.get(person),
            _currency(rate, [one.currency for one in corrections]),
            line,
            tuple(one.reason for one in corrections if one.person_id == person and one.reason),
        )
        for person, line in lines.items()
        if only is None or person == only
    ]


def _sums(amounts: Iterable[tuple[PersonId, int]]) -> dict[PersonId, int]:
    found: dict[PersonId, int] = {}
    for person, amount in amounts:
        found[person] = found.get(person, 0) + amount
    return found


def _currency(rate: Rate | None, others: Sequence[str]) -> str | None:
    return rate.currency if rate else next(iter(others), None)


def totals(lines: Iterable[PaidLine]) -> dict[str, int]:
    """Return the sums by currency, in minor units."""
    found: Counter[str] = Counter()
    for line in lines:
        if line.currency:
            found[line.currency] += line.line.total
    return dict(sorted(found.items()))


def statement_csv(lines: Iterable[PaidLine]) -> str:
    """Return lines as CSV. Amounts are numbers with the currency's decimals; an account is Discord's id.

    A reason that a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    for line in lines:
        paid = line.line
        sums = (paid.stage, paid.rating, paid.corrections, paid.share, paid.total)
        amounts = [plain_amount(one, line.currency) for one in sums] if line.currency else [""] * len(sums)
        seconds = (paid.work.stage_ms // 1000, paid.work.rating_ms // 1000)
        reasons = "; ".join(line.reasons)
        safe = f"'{reasons}" if reasons[:1] in ("=", "+", "-", "@") and reasons else reasons
        who = line.user_id or ""
        writer.writerow([line.session_id, line.started_at, who, line.currency or "", *seconds, *amounts, safe])
    return text.getvalue()
