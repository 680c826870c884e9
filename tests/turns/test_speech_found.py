import numpy as np
import pytest

from bot.audio.activity import STEP_SAMPLES
from bot.audio.sound import Samples
from bot.turns.speech import find_speech
from tests.turns.room import SECOND, activity, say, track

SENTENCE = "The bridge is closed, and we will have to walk."


def whole(samples: Samples, *, with_voice: bool = True) -> list[tuple[float, float]]:
    """The stretches of speech in seconds, joined over pauses of less than half a second."""
    joined: list[tuple[float, float]] = []
    for part in find_speech(activity(samples, with_voice=with_voice)):
        start, end = part.span.start_samples / SECOND, part.span.end_samples / SECOND
        if joined and start - joined[-1][1] < 0.5:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


@pytest.mark.parametrize("noise_dbfs", [None, -65.0, -45.0])
@pytest.mark.parametrize("with_voice", [True, False])
def test_a_sentence_is_found_with_its_bounds(noise_dbfs: float | None, with_voice: bool):
    sentence = say(SENTENCE)
    [(start, end)] = whole(track(12, (4, sentence), noise_dbfs=noise_dbfs), with_voice=with_voice)
    assert start == pytest.approx(4, abs=0.06)
    assert end == pytest.approx(4 + len(sentence) / SECOND, abs=0.15)


def test_a_client_that_cuts_its_sound_short_changes_nothing():
    sentence = say(SENTENCE)
    gated = track(12, (4, sentence), noise_dbfs=None)
    hangover = slice(4 * SECOND, 4 * SECOND + len(sentence) + SECOND // 4)
    gated[hangover] += np.random.default_rng(2).normal(0, 10 ** (-65 / 20), len(gated[hangover])).astype(np.float32)
    [(start, end)] = whole(gated)
    assert (start, end) == (pytest.approx(4, abs=0.06), pytest.approx(4 + len(sentence) / SECOND, abs=0.06))


def test_a_sound_without_a_voice_is_found_if_it_stands_out_for_long_enough():
    breath = np.random.default_rng(3).normal(0, 10 ** (-45 / 20), SECOND // 2).astype(np.float32)
    parts = find_speech(activity(track(10, (3, breath), (6, breath[: SECOND // 20]))))
    assert [(part.span.start_samples // STEP_SAMPLES, part.has_voice) for part in parts] == [(300, False)]


def test_a_fan_that_is_switched_on_is_not_speech_for_the_rest_of_the_take():
    fan = np.random.default_rng(4).normal(0, 10 ** (-50 / 20), 120 * SECOND).astype(np.float32)
    found = whole(track(180, (60, fan), (150, say(SENTENCE)), noise_dbfs=-70.0))
    assert sum(end - start for start, end in found) < 45, "its noise is that of half a minute"
    assert any(abs(start - 150) < 0.06 for start, _ in found)


def test_a_scream_that_is_all_that_a_client_sent_is_found():
    scream = 0.3 * np.sin(2 * np.pi * 900 * np.arange(2 * SECOND) / SECOND).astype(np.float32)
    [(start, end)] = whole(track(10, (5, scream), noise_dbfs=None))
    assert (start, end) == (pytest.approx(5, abs=0.03), pytest.approx(7, abs=0.03))


def test_silence_and_noise_hold_no_speech():
    assert whole(track(10, noise_dbfs=None)) == whole(track(40, noise_dbfs=-50.0)) == []
    assert find_speech(activity(np.empty(0, np.float32))) == []


def test_an_answer_of_one_word_beside_others_is_kept_and_a_click_is_not():
    click = np.full(SECOND // 50, 0.3, np.float32)
    found = whole(track(12, (2, click), (6, say(SENTENCE))))
    assert len(found) == 1
    assert found[0][0] == pytest.approx(6, abs=0.06)
