"""`/pay`: rates, corrections and proceeds as they were entered, and statements."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.currencies import plain_amount
from bot.domain.pay import BASIS_POINTS, Rate
from bot.services.pay.statements import PaidLine, totals
from bot.ui.texts.language import phrase, say
from bot.ui.texts.words import as_typed, shortened

NO_RATE = phrase("This server has no rate of pay yet. A coordinator sets one with `/pay rate`.")
NOTHING_TO_PAY = phrase("There is nothing to pay yet: no one was on stage or rated.")
NOTHING_EARNED = phrase("You have not been on stage or rated yet, so there is no statement for you.")
STATEMENT_FILE = "statement.csv"
_MOST_TEXT = 1900


def rate_text(rate: Rate, *, is_new: bool) -> str:
    """What an hour is paid."""
    stage, rating = (f"{plain_amount(one, rate.currency)}" for one in (rate.stage_per_hour, rate.rating_per_hour))
    told = [
        say(
            "An hour on stage is paid {stage} {currency}, an hour of rating {rating} {currency}.",
            stage=stage,
            rating=rating,
            currency=rate.currency,
        )
    ]
    if is_new:
        told.insert(0, say("Saved."))
    if rate.share_basis_points:
        share = f"{100 * rate.share_basis_points / BASIS_POINTS:g}"
        told.append(say("{share} % of proceeds go to the people who were on stage.", share=share))
    return " ".join(told)


def corrected_text(amount: int, currency: str, reason: str) -> str:
    """A correction, as it was entered."""
    return say(
        "Saved: a correction of {amount} {currency}. The performer sees this reason: {reason}",
        amount=plain_amount(amount, currency),
        currency=currency,
        reason=as_typed(reason),
    )


def proceeds_text(amount: int, currency: str) -> str:
    """Proceeds, as they were entered."""
    return say("Saved: proceeds of {amount} {currency}.", amount=plain_amount(amount, currency), currency=currency)


def statement_text(lines: Sequence[PaidLine]) -> str:
    """The answer beside a statement's file."""
    if not lines:
        return say(NOTHING_TO_PAY)
    sums = [f"{_total(amount, currency)}." for currency, amount in totals(lines).items()]
    unpaid = sorted({line.session_id for line in lines if line.currency is None})
    if unpaid:
        numbers = ", ".join(map(str, unpaid))
        sums.append(say("Sessions without a rate: {numbers}. Set one with `/pay rate`.", numbers=numbers))
    return shortened("\n".join(sums), _MOST_TEXT)


def own_text(lines: Sequence[PaidLine]) -> str:
    """A person's own statement: a line per session, newest first, and the sums."""
    if not lines:
        return say(NOTHING_EARNED)
    sums = [f"**{_total(amount, currency)}**" for currency, amount in totals(lines).items()]
    rows = [_own_line(line) for line in reversed(lines)]
    return shortened("\n".join((*sums, *rows)), _MOST_TEXT)


def _own_line(line: PaidLine) -> str:
    stage, rating = _minutes(line.line.work.stage_ms), _minutes(line.line.work.rating_ms)
    head = say(
        "Session {number}, {day}: {stage} min on stage, {rating} min of rating",
        number=line.session_id,
        day=line.started_at[:10],
        stage=stage,
        rating=rating,
    )
    if line.currency is None:
        return say("- {session}; no rate has been set.", session=head)
    parts = [(say("corrections"), line.line.corrections), (say("share of proceeds"), line.line.share)]
    more = "".join(f", {name} {plain_amount(value, line.currency)}" for name, value in parts if value)
    reasons = f" ({as_typed('; '.join(line.reasons))})" if line.reasons else ""
    return f"- {head}: {plain_amount(line.line.total, line.currency)} {line.currency}{more}{reasons}"


def _total(amount: int, currency: str) -> str:
    return say("Total: {amount} {currency}", amount=plain_amount(amount, currency), currency=currency)


def _minutes(ms: int) -> str:
    seconds = ms // 1000
    return f"{seconds // 60}:{seconds % 60:02}"
