"""Tones in place of speech: what an installation without eSpeak NG plays."""

from __future__ import annotations

import numpy as np
import pytest

from bot.audio import speech
from bot.audio.speech import SpeechUnavailable, VoiceDirection, utter
from bot.samples import SAMPLE_RATE_HZ

LINE = "Wait, you said that the dog walks here, by itself?"


@pytest.fixture(autouse=True)
def _without_voices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "has_voices", lambda: False)
    monkeypatch.setattr(speech, "_load", lambda: pytest.fail("eSpeak NG was loaded"))


def hertz(sound: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(sound))
    return float(np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE_HZ)[spectrum.argmax()])


def test_every_word_is_a_tone_within_its_bounds_and_between_them_is_silence() -> None:
    spoken = utter(LINE, VoiceDirection(peak_dbfs=-6))
    assert [word.text for word in spoken.words] == [word.strip(",?") for word in LINE.split()]
    assert np.max(np.abs(spoken.samples)) == pytest.approx(10 ** (-6 / 20), rel=0.01)
    inside = np.zeros(len(spoken.samples), bool)
    for word in spoken.words:
        inside[word.start_samples : word.end_samples] = True
        assert np.max(np.abs(spoken.samples[word.start_samples : word.end_samples])) > 0.1
    assert not spoken.samples[~inside].any()
    assert spoken.words[-1].end_samples == len(spoken.samples), "it ends with its last word"


def test_a_direction_is_followed() -> None:
    def first(**direction: int | str) -> np.ndarray:
        spoken = utter(LINE, VoiceDirection(**direction))  # type: ignore[arg-type]
        return spoken.samples[: spoken.words[0].end_samples]

    assert hertz(first(pitch=100)) > 1.5 * hertz(first(pitch=0))
    assert len(utter(LINE, VoiceDirection(words_per_minute=100)).samples) > 1.4 * len(
        utter(LINE, VoiceDirection()).samples
    )
    assert len({round(hertz(first(variant=variant))) for variant in ("en+m3", "en+f2", "en+croak")}) == 3


def test_a_text_without_words_has_no_sound() -> None:
    with pytest.raises(SpeechUnavailable, match="no sound"):
        utter("...", VoiceDirection())
