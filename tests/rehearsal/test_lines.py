"""The voices of the cast, and what they say."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from bot.audio.speech import synthesise
from bot.rehearsal.cast.parts import FRAME_SECONDS, learn, learn_interruptions
from bot.rehearsal.cast.sentences import LINES, MANNERS, VARIANTS, voice_for
from bot.samples import SAMPLE_RATE_HZ

BANDS_HZ = [50 * 1.25**step for step in range(25)]


def spectrum(place: int) -> np.ndarray:
    """A voice's mean spectrum in dB in bands whose limits grow by a quarter, without its level."""
    samples = synthesise(
        "I set the table for two again, and I only noticed when I sat down.", voice_for("neutral", place)
    )
    windows = samples[: len(samples) // 4096 * 4096].reshape(-1, 4096) * np.hanning(4096)
    power = (np.abs(np.fft.rfft(windows, axis=1)) ** 2).mean(axis=0)
    hertz = np.fft.rfftfreq(4096, 1 / SAMPLE_RATE_HZ)
    bands = [power[(hertz >= low) & (hertz < high)].sum() for low, high in itertools.pairwise(BANDS_HZ)]
    levels = 10 * np.log10(np.array(bands) + 1e-12)
    return levels - levels.mean()


def test_twelve_performers_audience_and_bystander_have_voices_of_their_own() -> None:
    assert len(VARIANTS) == 14
    spectra = [spectrum(place) for place in range(14)]
    for one, other in itertools.combinations(spectra, 2):
        assert np.sqrt(np.mean((one - other) ** 2)) >= 1.5, "below 1.5 dB, two voices are hard to tell apart"


def test_every_emotion_has_lines_and_a_manner() -> None:
    assert LINES.keys() == MANNERS.keys()


@pytest.mark.parametrize("seconds", [0.0, 5.0, 30.0])
def test_a_part_lasts_as_long_as_it_is_wanted(seconds: float) -> None:
    part = learn("joy", 0, seconds, np.random.default_rng(1))
    longest = max(len(spurt) * FRAME_SECONDS for spurt in part.spurts) + 1 if part.spurts else 0
    assert seconds <= part.seconds_left <= seconds + longest


def test_no_packet_is_ever_said_twice() -> None:
    noise = np.random.default_rng(1)
    parts = [learn("joy", 0, 25, noise), learn("joy", 0, 25, noise), learn_interruptions(1, 25, noise)]
    packets = [packet for part in parts for spurt in part.spurts for packet in spurt]
    assert len(set(packets)) == len(packets)
