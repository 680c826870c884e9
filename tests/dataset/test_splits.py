"""The rule of the splits holds for any troupe."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.dataset.splits import TEST_SHARE, UNITS_FOR_VALIDATION, connected_groups, split_speakers

SPEAKERS = [f"spk_{number:08x}" for number in range(12)]
NAMES = st.sampled_from(SPEAKERS)
CLIPS = st.dictionaries(NAMES, st.integers(1, 40), min_size=1)
SESSIONS = st.dictionaries(st.sampled_from("ABCDEF"), st.sets(NAMES, min_size=1))
SEEDS = st.integers(-(2**31), 2**31)


@given(CLIPS, SESSIONS, SEEDS)
def test_every_speaker_is_in_exactly_one_split(clips: dict[str, int], sessions: dict[str, set[str]], seed: int) -> None:
    splits = split_speakers(clips, sessions, seed)
    assert splits.of_speaker.keys() == clips.keys()
    assert set(splits.of_speaker.values()) <= {"train", "test", "validation"}


@given(CLIPS, SESSIONS, SEEDS)
def test_two_speakers_make_two_splits(clips: dict[str, int], sessions: dict[str, set[str]], seed: int) -> None:
    present = set(split_speakers(clips, sessions, seed).of_speaker.values())
    assert present >= ({"train", "test"} if len(clips) > 1 else {"train"})


@given(CLIPS, SESSIONS, SEEDS)
def test_whole_groups_stay_together_where_there_are_two(
    clips: dict[str, int], sessions: dict[str, set[str]], seed: int
) -> None:
    splits = split_speakers(clips, sessions, seed)
    groups = connected_groups(clips, sessions)
    assert splits.unit == ("group" if len(groups) > 1 else "speaker")
    if splits.unit == "group":
        for members in sessions.values():
            assert len({splits.of_speaker[speaker] for speaker in members if speaker in clips}) <= 1


@given(CLIPS, SESSIONS, SEEDS, st.randoms())
def test_order_does_not_matter_and_seeds_reproduce(
    clips: dict[str, int], sessions: dict[str, set[str]], seed: int, random: object
) -> None:
    shuffled = list(clips.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = split_speakers(dict(shuffled), dict(reversed(sessions.items())), seed)
    assert dict(again.of_speaker) == dict(split_speakers(clips, sessions, seed).of_speaker)


@given(CLIPS, SESSIONS, SEEDS)
def test_validation_comes_with_enough_to_divide(
    clips: dict[str, int], sessions: dict[str, set[str]], seed: int
) -> None:
    splits = split_speakers(clips, sessions, seed)
    units = connected_groups(clips, sessions) if splits.unit == "group" else list(clips)
    if len(units) < UNITS_FOR_VALIDATION:
        assert "validation" not in splits.of_speaker.values()


@given(st.integers(UNITS_FOR_VALIDATION, 12), SEEDS)
def test_even_speakers_divide_near_the_shares(count: int, seed: int) -> None:
    splits = split_speakers(dict.fromkeys(SPEAKERS[:count], 10), {"A": SPEAKERS}, seed)
    sizes = Counter(splits.of_speaker.values())
    for split in ("test", "validation"):
        assert sizes[split] >= 1
        assert abs(sizes[split] - TEST_SHARE * count) <= 0.5 + 1e-9
    assert sizes["train"] == max(sizes.values())


def test_the_seed_decides_who_is_tested() -> None:
    drawn = {
        next(
            name
            for name, split in split_speakers(dict.fromkeys(SPEAKERS[:4], 2), {}, seed).of_speaker.items()
            if split == "test"
        )
        for seed in range(40)
    }
    assert drawn == set(SPEAKERS[:4])


def test_a_chain_of_sessions_is_one_group() -> None:
    chain = {str(number): set(pair) for number, pair in enumerate(pairwise(SPEAKERS[:5]))}
    assert connected_groups(SPEAKERS[:6], chain) == [frozenset(SPEAKERS[:5]), frozenset(SPEAKERS[5:6])]


def test_people_without_clips_link_no_one() -> None:
    sessions = {"A": {SPEAKERS[0], SPEAKERS[9]}, "B": {SPEAKERS[1], SPEAKERS[9]}}
    assert len(connected_groups(SPEAKERS[:2], sessions)) == 2
