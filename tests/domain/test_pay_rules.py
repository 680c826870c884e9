"""Pay: every unit is accounted for, and neither an X-card nor an open form changes what is right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.currencies import currency_of, minor_units, plain_amount
from bot.domain.errors import AmountInvalid, CurrencyUnknown
from bot.domain.ids import PersonId
from bot.domain.pay import (
    HOUR_MS,
    LONGEST_RATING_MS,
    Judging,
    Rate,
    TakeWork,
    Work,
    pay_lines,
    rating_time,
    shares,
    stage_times,
    wage,
)
from bot.domain.states import CutReason

people = st.integers(1, 6).map(PersonId)
lengths = st.integers(0, 3 * HOUR_MS)
reasons = st.sampled_from([CutReason.COORDINATOR, CutReason.TIME_LIMIT, CutReason.WITHDRAWAL, CutReason.X_CARD])
takes = st.lists(st.builds(TakeWork, lengths, reasons, st.frozensets(people)), max_size=8)
judgings = st.lists(st.builds(Judging, st.integers(0, 10**9), st.none() | st.integers(0, 10**9)), max_size=10)
works = st.dictionaries(people, st.builds(Work, lengths, lengths))
money = st.integers(-(10**9), 10**9)


@given(takes)
def test_no_one_is_paid_less_than_they_played_and_an_x_card_costs_nothing(evening: list[TakeWork]):
    found = stage_times(evening)
    others = [take.played_ms for take in evening if take.reason is not CutReason.X_CARD and take.played_ms]
    usual = sum(others) // len(others) if others else 0
    for person, paid in found.items():
        own = [take for take in evening if person in take.people]
        stopped = sum(take.reason is CutReason.X_CARD for take in own)
        assert paid >= sum(take.played_ms for take in own)
        assert paid >= stopped * usual + sum(one.played_ms for one in own if one.reason is not CutReason.X_CARD)


@given(judgings)
def test_rating_is_paid_by_the_clock_and_no_answer_counts_twice(answers: list[Judging]):
    paid = rating_time(answers)
    assert 0 <= paid <= len(answers) * LONGEST_RATING_MS
    assert rating_time([*answers, *answers]) == paid
    if answers:
        assert paid >= rating_time(answers[:-1])


@given(st.integers(0, 100 * HOUR_MS), st.integers(0, 10**7))
def test_a_wage_is_rounded_once_to_the_nearest_unit(worked_ms: int, per_hour: int):
    assert -HOUR_MS <= 2 * (wage(worked_ms, per_hour) * HOUR_MS - worked_ms * per_hour) <= HOUR_MS
    assert wage(HOUR_MS, per_hour) == per_hour


def test_half_a_unit_is_rounded_up():
    assert [wage(HOUR_MS // 2, per_hour) for per_hour in (1, 2, 3)] == [1, 1, 2]


@given(st.integers(0, 10**9), st.integers(0, 10_000), st.dictionaries(people, lengths, min_size=1))
def test_shares_add_up_to_what_is_shared(proceeds: int, basis_points: int, weights: dict[PersonId, int]):
    parts = shares(proceeds, basis_points, weights)
    pool = proceeds * basis_points // 10_000
    total = sum(weights.values())
    assert sum(parts.values()) == (pool if total else 0)
    for person, part in parts.items():
        assert total == 0 or abs(part * total - pool * weights[person]) < total


@given(works, st.dictionaries(people, money), st.integers(0, 10**9))
def test_a_correction_changes_its_own_person_by_its_own_amount(
    worked: dict[PersonId, Work], corrections: dict[PersonId, int], proceeds: int
):
    rate = Rate("EUR", 2_400, 1_500, 2_000)
    before, after = pay_lines(rate, worked, {}, proceeds), pay_lines(rate, worked, corrections, proceeds)
    assert after.keys() == worked.keys() | corrections.keys()
    for person, line in after.items():
        was = before[person].total if person in before else 0
        assert line.total == was + corrections.get(person, 0)


@given(money, st.sampled_from(["EUR", "JPY", "KWD"]))
def test_an_amount_is_read_as_it_is_written(amount: int, currency: str):
    assert minor_units(plain_amount(amount, currency), currency) == amount


def test_money_has_the_decimals_of_its_currency():
    assert [plain_amount(-1_205, code) for code in ("EUR", "JPY", "KWD")] == ["-12.05", "-1205", "-1.205"]
    assert (currency_of(" eur "), minor_units("7,5", "EUR")) == ("EUR", 750)
    for text, code in (("12.345", "EUR"), ("1.5", "JPY"), ("free", "EUR"), ("1e3", "EUR"), ("", "EUR")):
        with pytest.raises(AmountInvalid):
            minor_units(text, code)
    with pytest.raises(CurrencyUnknown):
        currency_of("EURO")
