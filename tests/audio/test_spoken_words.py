"""Where eSpeak's words are: compared with the sound itself, which is silent in pauses."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from bot.audio.speech import Utterance, VoiceDirection, utter
from bot.audio.spoken_words import SpokenWord, WordEvent, place_words
from bot.samples import SAMPLE_RATE_HZ

LINE = "You came, you really came, and you brought the whole family! It moved; something in there just moved."
VOICE = VoiceDirection("en-us+m3")
MS = SAMPLE_RATE_HZ // 1000


def silences(spoken: Utterance, shortest: int) -> list[tuple[int, int]]:
    """Where nothing is louder than -60 dB below the peak for at least `shortest` samples."""
    loud = np.flatnonzero(np.abs(spoken.samples) > np.max(np.abs(spoken.samples)) / 1000)
    gaps = [(int(before) + 1, int(after)) for before, after in pairwise(loud)]
    return [(start, end) for start, end in gaps if end - start >= shortest]


@pytest.mark.parametrize("variant", ["en-us+m3", "en+linda", "en+whisper", "en-us+steph"])
def test_words_begin_and_end_where_the_sound_does(variant: str) -> None:
    spoken = utter(LINE, VoiceDirection(variant))
    assert [word.text for word in spoken.words][:6] == ["You", "came", "you", "really", "came", "and"]
    pauses = silences(spoken, 90 * MS)
    assert len(pauses) >= 4, "four marks are pauses"
    ends = np.array([word.end_samples for word in spoken.words])
    starts = np.array([word.start_samples for word in spoken.words])
    for start, end in pauses:
        assert np.min(np.abs(ends - start)) <= 2 * MS, "a word ends where a pause begins"
        assert np.min(np.abs(starts - end)) <= 2 * MS, "a word begins where a pause ends"


def test_words_are_in_order_and_hold_all_the_sound() -> None:
    spoken = utter(LINE, VOICE)
    bounds = [position for word in spoken.words for position in (word.start_samples, word.end_samples)]
    assert bounds == sorted(bounds)
    outside = spoken.samples.copy()
    for word in spoken.words:
        outside[word.start_samples : word.end_samples] = 0
    assert np.sum(outside**2) < 1e-4 * np.sum(spoken.samples**2)


def test_a_word_alone_is_as_long_as_in_its_sentence_says() -> None:
    """A word between pauses sounds as if it were spoken alone, so its place can be found by its shape."""
    spoken = utter("Wait, seven, then go.", VOICE)
    (word,) = (word for word in spoken.words if word.text == "seven")
    alone = utter("seven,", VOICE)
    longest = alone.words[0].end_samples - alone.words[0].start_samples
    assert word.end_samples - word.start_samples == pytest.approx(longest, rel=0.1)


def test_letters_beyond_ascii_count_as_one_character() -> None:
    spoken = utter("El café está aquí, señor.", VoiceDirection("es"))
    assert [word.text for word in spoken.words] == ["El", "café", "está", "aquí", "señor"]


def sound(*stretches: tuple[int, int], length: int = 100) -> np.ndarray:
    samples = np.zeros(length, np.float32)
    for start, end in stretches:
        samples[start:end] = 0.5
    return samples


def test_a_word_lasts_from_its_first_to_its_last_sound() -> None:
    words = place_words("to be", [WordEvent(0, 10), WordEvent(3, 50)], sound((12, 30), (52, 90)), SAMPLE_RATE_HZ)
    assert words == (SpokenWord("to", 12, 30), SpokenWord("be", 52, 90))


def test_positions_are_those_of_48_khz() -> None:
    (word,) = place_words("to", [WordEvent(0, 0)], sound((10, 60)), SAMPLE_RATE_HZ // 2)
    assert (word.start_samples, word.end_samples) == (20, 120)


def test_words_that_are_spoken_as_one_stay_together_and_silent_ones_are_left_out() -> None:
    events = [WordEvent(0, 0), WordEvent(7, 50), WordEvent(14, 60)]
    words = place_words("of the; hm ... dog", events, sound((0, 50), (70, 80)), SAMPLE_RATE_HZ)
    assert [word.text for word in words] == ["of the", "dog"]
