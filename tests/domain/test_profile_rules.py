"""Profiles: an answer leaves the store only with its person's consent, and only among enough people."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consent import Scope
from bot.domain.ids import PersonId
from bot.domain.profile import (
    ANSWERS,
    LEAST_SHARING,
    Profile,
    Question,
    answer_of,
    profile_may_be_exported,
    shared_answers,
)
from bot.ui.texts.profile import answer_label

profiles = st.dictionaries(
    st.integers(1, 30).map(PersonId),
    st.fixed_dictionaries({}, optional={one: st.sampled_from(ANSWERS[one][:2]) for one in list(Question)[:3]}),
    max_size=14,
)


@given(profiles)
def test_an_answer_is_exported_exactly_if_five_people_give_it(everyone: dict[PersonId, Profile]):
    shared = shared_answers(everyone)
    givers = Counter(item for profile in everyone.values() for item in profile.items())
    assert shared.keys() == everyone.keys()
    for person, profile in everyone.items():
        assert shared[person] == {key: value for key, value in profile.items() if givers[key, value] >= LEAST_SHARING}


@given(st.frozensets(st.sampled_from(Scope)))
def test_only_the_scope_for_it_lets_a_profile_go(scopes: frozenset[Scope]):
    assert profile_may_be_exported(scopes) == (Scope.PUBLISH_DEMOGRAPHICS in scopes)


@given(st.sampled_from(Question), st.lists(st.sampled_from([*"abc", "-", "en", "de", "none", "18-24"])))
def test_what_is_not_offered_is_not_stored(question: Question, keys: list[str]):
    answer = answer_of(question, keys)
    assert answer is None or set(answer.split()) <= set(keys) & set(ANSWERS[question])


def test_menus_have_room_and_every_answer_has_words_of_its_own():
    for keys in ANSWERS.values():
        assert len(keys) <= 24
        assert len({answer_label(key) for key in keys}) == len(keys)
    assert answer_of(Question.OTHER_LANGUAGES, ["fr", "none", "de"]) == "de fr"
    assert answer_of(Question.AGE_BAND, ["-"]) is None
