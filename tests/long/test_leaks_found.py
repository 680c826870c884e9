import numpy as np
import pytest

from bot.audio.sound import Samples
from bot.samples import Span
from bot.turns.leaks import find_leaks, foreign_steps
from bot.turns.speech import find_speech
from tests.turns.room import SECOND, activity, say, track

ONE = say("I never said that you could keep it. You took it, and then you lied to all of us about it.", "en-us+m3")
OTHER = say("Well, somebody had to. You were asleep, as you always are when there is work to do.", "en-us+f2")
DELAY, LEVEL_DB = 0.12, -20.0


def leaking(source: Samples, at: float, level_db: float = LEVEL_DB) -> tuple[float, Samples]:
    return at + DELAY, source * np.float32(10 ** (level_db / 20))


def test_a_neighbour_opens_no_turn_and_is_named():
    source = activity(track(30, (2, ONE), (16, ONE)))
    heard = activity(track(30, leaking(ONE, 2), leaking(ONE, 16), (10, OTHER)))
    [leak] = find_leaks(heard, {7: source})
    assert (leak.source, leak.level_db) == (7, pytest.approx(LEVEL_DB, abs=2.5))
    assert leak.delay_steps * 10 == pytest.approx(DELAY * 1000, abs=20)
    parts = find_speech(heard, foreign_steps(heard, [leak], {7: source}))
    assert parts[0].span.start_samples / SECOND == pytest.approx(10, abs=0.06)
    assert parts[-1].span.end_samples / SECOND == pytest.approx(10 + len(OTHER) / SECOND, abs=0.15)


def test_who_speaks_at_the_same_time_keeps_their_speech():
    source = activity(track(30, (2, ONE), (12, ONE)))
    heard = activity(track(30, leaking(ONE, 2), leaking(ONE, 12), (12.5, OTHER)))
    leaks = find_leaks(heard, {7: source})
    parts = find_speech(heard, foreign_steps(heard, leaks, {7: source}))
    spoken = sum(part.span.duration_samples for part in parts)
    assert spoken > 0.8 * len(OTHER)
    assert parts[0].span.start_samples / SECOND > 12


def test_two_people_who_talk_are_no_leak_however_soft_one_of_them_is():
    loud = activity(track(30, (1, ONE), (9, ONE), (18, ONE)))
    soft = activity(track(30, *((at, OTHER * np.float32(0.1)) for at in (2, 10, 19))))
    assert find_leaks(soft, {7: loud}) == find_leaks(loud, {7: soft}) == []


def test_the_louder_of_two_neighbours_comes_first():
    sources = {1: activity(track(30, (2, ONE))), 2: activity(track(30, (14, OTHER)))}
    heard = activity(track(30, leaking(ONE, 2, -26.0), leaking(OTHER, 14, -14.0)))
    assert [leak.source for leak in find_leaks(heard, sources)] == [2, 1]


def test_two_performers_in_one_room_each_keep_only_their_own_speech():
    mine, yours = [(1, ONE), (13, OTHER), (24, ONE)], [(7, OTHER), (18.5, ONE), (30, OTHER)]
    here = activity(track(36, *mine, *(leaking(sound, at - DELAY) for at, sound in yours)))
    there = activity(track(36, *yours, *(leaking(sound, at - DELAY) for at, sound in mine)))
    for heard, source, spoken in ((here, there, mine), (there, here, yours)):
        leaks = find_leaks(heard, {7: source})
        assert [leak.level_db for leak in leaks] == [pytest.approx(LEVEL_DB, abs=2.5)]
        own = [Span(round(at * SECOND), round(at * SECOND) + len(sound)) for at, sound in spoken]
        for part in find_speech(heard, foreign_steps(heard, leaks, {7: source})):
            middle = (part.span.start_samples + part.span.end_samples) // 2
            assert any(span.start_samples <= middle < span.end_samples for span in own)


def test_three_performers_in_one_room_are_each_heard_by_both_others():
    third = say("It was raining, and nobody had brought a coat, of course. So we stayed until the morning.", "en-us+m7")
    spoken = {1: [(1, ONE), (25, third)], 2: [(7, OTHER), (31, ONE)], 3: [(13, third), (19, OTHER), (37, ONE)]}
    room = {
        me: activity(
            track(
                44,
                *spoken[me],
                *(leaking(sound, at - DELAY) for other in spoken if other != me for at, sound in spoken[other]),
            )
        )
        for me in spoken
    }
    for me, heard in room.items():
        leaks = find_leaks(heard, {key: other for key, other in room.items() if key != me})
        assert {leak.source for leak in leaks} == spoken.keys() - {me}


def test_an_echo_of_a_voice_from_a_loud_speaker_in_a_room_opens_no_turn():
    decay = np.exp(-np.arange(SECOND // 5) / (0.05 * SECOND)) * np.random.default_rng(5).normal(0, 1, SECOND // 5)
    decay[0] = 3.0
    size = len(ONE) + len(decay)
    spectrum = np.fft.rfft(ONE, size) * np.fft.rfft(decay / np.sqrt(np.sum(decay**2)), size)
    echo = np.fft.irfft(spectrum, size).astype(np.float32) * np.float32(10 ** (-10 / 20))
    source = activity(track(40, (1, ONE), (14, ONE), (27, ONE)))
    heard = activity(track(40, *((at + 0.3, echo) for at in (1, 14, 27)), (8, OTHER), (21, OTHER), (34, OTHER)))
    leaks = find_leaks(heard, {7: source})
    assert [leak.delay_steps for leak in leaks] == [pytest.approx(31, abs=3)]
    starts = [part.span.start_samples / SECOND for part in find_speech(heard, foreign_steps(heard, leaks, {7: source}))]
    assert all(8 - 0.1 < at < 14 or 21 - 0.1 < at < 27 or at > 34 - 0.1 for at in starts)


FOUR = ("en-us+m3", "en-us+f2", "en-us+m7", "en-us+f4")
LINES = (
    "I never said that you could keep it. You took it, and then you lied to all of us about it.",
    "Well, somebody had to. You were asleep, as you always are when there is work to do.",
    "You do not have to say anything, I know how late it is, and I locked it, I checked twice.",
)


def talking(rng: np.random.Generator, voice: str) -> Samples:
    """Seven seconds of someone who hardly stops talking."""
    first, second = (say(LINES[number], voice) for number in rng.permutation(3)[:2])
    begins = float(rng.uniform(0, 1.5))
    goes_on = begins + len(first) / SECOND + float(rng.uniform(0.3, 1.2))
    return track(16, (begins, first), (goes_on, second))[: round(7.5 * SECOND)]


@pytest.mark.parametrize("seed", [7, 11, 22, 26, 49])
def test_four_people_who_talk_at_once_for_seven_seconds_are_not_each_others_leaks(seed: int):
    rng = np.random.default_rng(seed)
    found = {voice: activity(talking(rng, voice)) for voice in FOUR}
    for voice, heard in found.items():
        assert not find_leaks(heard, {other: one for other, one in found.items() if other != voice})
