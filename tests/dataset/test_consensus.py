"""What raters agree on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.dataset.model.consensus import find_consensus
from bot.domain.ids import PersonId, TrialId, TurnId
from bot.statistics.consensus import NO_AGREEMENT, majority
from bot.store.records import Rating


def _rating(emotion: str, *, dominance: int | None = None, valence: int = 3, is_partner: int = 1) -> Rating:
    scales = (2, valence, 3, dominance, 4, None, None)
    return Rating(TrialId(1), TurnId(1), PersonId(1), is_partner, emotion, None, *scales, None, "", 0, None)


@given(st.lists(st.sampled_from(["anger", "joy", "fear"]), min_size=1))
def test_a_label_stands_when_more_than_half_named_it(labels: list[str]) -> None:
    label, share = majority(labels)
    most = max(labels.count(emotion) for emotion in labels)
    assert share == most / len(labels)
    assert (label == NO_AGREEMENT) == (2 * most <= len(labels))
    assert label == NO_AGREEMENT or labels.count(str(label)) == most


def test_half_is_no_majority() -> None:
    assert majority(["anger", "anger", "joy", "fear"]) == (NO_AGREEMENT, 0.5)


def test_without_raters_there_is_no_label() -> None:
    consensus = find_consensus([])
    assert (consensus.n_raters, consensus.emotion, consensus.agreement, consensus.valence) == (0, None, None, None)


def test_means_are_over_those_who_answered_if_they_are_three() -> None:
    ratings = [
        _rating("joy", dominance=5, valence=4),
        _rating("joy", is_partner=0, valence=1),
        _rating("joy", valence=4),
    ]
    consensus = find_consensus(ratings)
    assert (consensus.dominance, consensus.valence, consensus.naturalness) == (None, 3.0, None)
    assert (consensus.n_raters, consensus.n_partner_raters) == (3, 2)


def test_two_raters_are_counted_and_make_no_label() -> None:
    consensus = find_consensus([_rating("joy"), _rating("joy")])
    assert (consensus.n_raters, consensus.n_partner_raters) == (2, 2)
    assert consensus.emotion is consensus.agreement is consensus.valence is consensus.intensity is None
