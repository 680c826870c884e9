"""The voices of the cast, and what they say."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from bot.audio.speech import synthesise
from bot.rehearsal.cast.parts import FRAME_SECONDS, learn, learn_interruptions
from bot.rehearsal.cast.sentences import LINES, MANNERS, VARIANTS, voice_for
from bot.samples import SAMPLE_RATE_HZ

BANDS_HZ = [50 * 1.25**step for step in range(25)]


def spectrum(place: int) -> np.ndarray:
    """A voice's mean spectrum in dB in bands whose limits grow by a quarter, without its level."""
    sentence = "I set the table for two again, and I only noticed when I sat down."
    # eSpeak varies each utterance a little.
    samples = np.concatenate([synthesise(sentence, voice_for("neutral", place)) for _ in range(3)])
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
    longest = max(len(line.packets) * FRAME_SECONDS for line in part.lines) + 1 if part.lines else 0
    assert seconds <= part.seconds_left <= seconds + longest


def test_no_packet_is_ever_said_twice() -> None:
    noise = np.random.default_rng(1)
    parts = [learn("joy", 0, 25, noise), learn("joy", 0, 25, noise), learn_interruptions(1, 25, noise)]
    packets = [packet for part in parts for line in part.lines for packet in line.packets]
    assert len(set(packets)) == len(packets)


def test_what_is_said_is_known_word_by_word() -> None:
    part = learn("fear", 0, 20, np.random.default_rng(1))
    fields: dict[str, Any] = part.lines[0].as_fields()
    assert (fields["text"], fields["line_kind"]) == (LINES["fear"][0], "speech")
    assert [word for word, _, _ in fields["words"]][:3] == ["Did", "you", "hear"]
    for line in part.lines:
        bounds = [position for word in line.words for position in (word.start_samples, word.end_samples)]
        assert bounds == sorted(bounds)
        assert bounds[0] >= 0
        assert 0 <= len(line.packets) * 960 - bounds[-1] < 4_800, "a line ends with its last word"


def test_a_whispered_line_is_called_so_and_has_no_pitch() -> None:
    part = learn("fear", 0, 25, np.random.default_rng(1))
    kinds = {line.text: line.kind for line in part.lines}
    assert kinds["Stay close to me, and do not say a word."] == "whisper"
    assert set(kinds.values()) == {"speech", "whisper"}
    interruptions = learn_interruptions(13, 5, np.random.default_rng(1)).lines
    assert [(line.kind, bool(line.words)) for line in interruptions][:2] == [("speech", True), ("tone", False)]
