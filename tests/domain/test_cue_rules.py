"""What is claimed of a performer who was sent a cue, by what is known about when they saw it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cues import CueTimes, Shift
from bot.domain.states import CueAnswer, CueBasis, TargetClaim
from bot.samples import Span

SECOND = 48_000
FIRST, SECOND_ONE, UNCERTAIN = TargetClaim.FIRST, TargetClaim.SECOND, TargetClaim.UNCERTAIN

moments = st.integers(0, 100 * SECOND)
answers = st.sampled_from([None, *CueAnswer])


def sent(**known: object) -> CueTimes:
    """A cue that was sent under the card at 10 s and as a direct message at 14 s."""
    return CueTimes(10 * SECOND, 10 * SECOND, 14 * SECOND, **known)  # type: ignore[arg-type]


def claims(shift: Shift) -> list[TargetClaim]:
    """What is claimed of turns that begin just before and at 10, 12 and 19 s."""
    at = (10 * SECOND - 1, 10 * SECOND, 12 * SECOND - 1, 12 * SECOND, 19 * SECOND - 1, 19 * SECOND)
    return [shift.claim_at(position) for position in at]


@pytest.mark.parametrize(
    ("cue", "basis", "expected"),
    [
        (CueTimes(10 * SECOND), CueBasis.TOLD, [FIRST, *[SECOND_ONE] * 5]),
        (
            sent(acknowledged_samples=12 * SECOND),
            CueBasis.ACKNOWLEDGED,
            [FIRST, UNCERTAIN, UNCERTAIN, *[SECOND_ONE] * 3],
        ),
        (sent(answer=CueAnswer.SAW), CueBasis.REMEMBERED, [FIRST, *[UNCERTAIN] * 4, SECOND_ONE]),
        (sent(answer=CueAnswer.NOT_SEEN), CueBasis.NOT_SEEN, [FIRST] * 6),
        (sent(answer=CueAnswer.UNSURE), CueBasis.UNCERTAIN, [FIRST, *[UNCERTAIN] * 5]),
        (sent(), CueBasis.UNCERTAIN, [FIRST, *[UNCERTAIN] * 5]),
        (CueTimes(10 * SECOND, None, 10 * SECOND), CueBasis.UNCERTAIN, [FIRST, *[UNCERTAIN] * 5]),
    ],
    ids=["told", "acknowledged", "saw", "not seen", "unsure", "no answer", "by message only"],
)
def test_what_is_claimed_follows_from_what_is_known(cue: CueTimes, basis: CueBasis, expected: list[TargetClaim]):
    assert (cue.basis, claims(cue.shift)) == (basis, expected)
    assert cue.shift.has_shifted == (SECOND_ONE in expected)


def test_the_first_target_ends_where_the_cue_was_sent_unless_it_was_not_seen():
    across, before = Span(8 * SECOND, 20 * SECOND), Span(2 * SECOND, 10 * SECOND)
    for cue in (sent(), sent(acknowledged_samples=12 * SECOND), sent(answer=CueAnswer.SAW)):
        assert cue.shift.claim_ends_in(across) == 10 * SECOND
        assert cue.shift.claim_ends_in(before) is None
    assert sent(answer=CueAnswer.NOT_SEEN).shift.claim_ends_in(across) is None


def test_what_a_performer_remembers_counts_from_five_seconds_after_the_last_sending():
    assert CueTimes(SECOND, SECOND, answer=CueAnswer.SAW).shift.second_from_samples == 6 * SECOND
    assert sent(answer=CueAnswer.SAW).shift.second_from_samples == 19 * SECOND


@given(moments, answers, moments)
def test_whatever_is_answered_later_what_was_put_up_after_a_cue_is_not_before_it(
    position: int, answer: CueAnswer | None, at: int
):
    open_one = CueTimes(position, position)
    if open_one.likeliest_shift.claim_at(at) is SECOND_ONE:
        expected = {CueAnswer.SAW: SECOND_ONE, CueAnswer.NOT_SEEN: FIRST, CueAnswer.UNSURE: UNCERTAIN, None: UNCERTAIN}
        assert CueTimes(position, position, answer=answer).shift.claim_at(at) is expected[answer]
