"""Target emotions and their intensities."""

from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise, product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.casting.deal import History
from bot.domain.casting.emotions import Option, choose_emotions, choose_intensity, combinations_of
from bot.domain.emotions import Emotion, EmotionSet
from bot.domain.ids import PersonId
from tests.domain.pieces import persons

QUICK = settings(deadline=None, max_examples=60)


def set_of(count: int) -> EmotionSet:
    return EmotionSet("e", "E", tuple(Emotion(f"e{number}", "l", "d", number > 0) for number in range(count)))


def play(groups: Sequence[Collection[int]], people: int, emotions: EmotionSet, seed: int) -> list[dict[PersonId, str]]:
    """What each of these groups is dealt, in order."""
    dealt: list[dict[PersonId, str]] = []
    counts, last = Counter[tuple[PersonId, str]](), dict[PersonId, str]()
    random = Random(seed)
    for group in groups:
        history = History(emotions=counts, last_emotions=last)
        found = choose_emotions(persons(sorted(group)), persons(range(people)), emotions, history, random)
        dealt.append({person: emotion.key for person, emotion in found.items()})
        counts.update(dealt[-1].items())
        last |= dealt[-1]
    return dealt


groups_strategy = st.lists(st.sets(st.integers(0, 5), min_size=1, max_size=6), min_size=1, max_size=25)


@QUICK
@given(groups_strategy, st.integers(2, 9), st.integers(0, 2**31))
def test_no_one_is_dealt_one_emotion_two_times_more_than_another(groups: list[set[int]], count: int, seed: int):
    emotions = set_of(count)
    times = Counter[tuple[PersonId, str]]()
    for dealt in play(groups, 6, emotions, seed):
        times.update(dealt.items())
        for person in dealt:
            own = [times[person, one.key] for one in emotions.emotions]
            assert max(own) - min(own) <= 1


@QUICK
@given(st.integers(1, 4), st.integers(1, 5), st.integers(0, 2**31))
def test_no_other_combination_costs_less_than_the_one_that_is_found(people: int, count: int, seed: int):
    random = Random(seed)
    emotions = set_of(count).emotions
    options = [
        [Option(one, random.random() < 0.3, -random.randint(0, 2), random.random()) for one in emotions[:people]]
        for _ in range(people)
    ]

    def cost(chosen: Sequence[Option]) -> tuple[int, int, int, float]:
        times = Counter(one.emotion.key for one in chosen)
        repeated = sum(number * number for number in times.values())
        return (
            repeated,
            sum(one.is_last for one in chosen),
            sum(one.not_due for one in chosen),
            sum(one.lot for one in chosen),
        )

    assert list(combinations_of(options)[0].chosen) == list(min(product(*options), key=cost))


@QUICK
@given(st.sets(st.integers(0, 5), min_size=1, max_size=6), st.integers(2, 9), st.integers(0, 2**31))
def test_a_first_scene_has_as_many_emotions_as_performers_as_long_as_the_set_lasts(
    group: set[int], count: int, seed: int
):
    dealt = play([group], 6, set_of(count), seed)[0]
    assert len(set(dealt.values())) == min(len(group), count)
    assert max(Counter(dealt.values()).values()) == -(-len(group) // min(len(group), count))


@QUICK
@given(st.integers(2, 4), st.integers(0, 7), st.integers(0, 2**31))
def test_those_who_always_play_together_never_share_an_emotion_nor_play_one_twice_running(
    people: int, more: int, seed: int
):
    emotions = set_of(people + more)
    evenings = play([range(people)] * (3 * (people + more)), people, emotions, seed)
    assert all(len(set(dealt.values())) == people for dealt in evenings)
    for dealt, following in pairwise(evenings):
        assert not dealt.items() & following.items()


def test_with_a_large_set_nothing_comes_twice_before_all_has_come_once():
    evenings = play([range(4)] * 40, 4, set_of(40), 3)
    for person in persons(range(4)):
        assert len({dealt[person] for dealt in evenings}) == 40


@QUICK
@given(st.integers(1, 40), st.integers(0, 2**31))
def test_intensities_of_a_performer_are_even_and_there_is_one_where_there_are_no_degrees(scenes: int, seed: int):
    emotions = set_of(4)
    random = Random(seed)
    person = PersonId(7)
    times = Counter[tuple[PersonId, str, int]]()
    for _ in range(scenes):
        emotion = random.choice(emotions.emotions)
        intensity = choose_intensity(person, emotion, emotions, History(intensities=times), random)
        assert intensity == 1 or emotion.has_degrees
        times[person, emotion.key, intensity] += 1
    of_degrees = [sum(times[person, f"e{number}", degree] for number in (1, 2, 3)) for degree in (1, 2, 3)]
    assert max(of_degrees) - min(of_degrees) <= 1
