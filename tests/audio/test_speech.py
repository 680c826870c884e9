"""Real speech from eSpeak NG: long enough, loud enough, and different from voice to voice."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bot.audio.sound import encode_opus, rms_dbfs
from bot.audio.speech import SpeechUnavailable, VoiceDirection, synthesise
from bot.samples import SAMPLE_RATE_HZ

LINE = "You said you would be here an hour ago, and I believed you."
PLAIN = VoiceDirection("en-us+m3")


def seconds(voice: VoiceDirection, text: str = LINE) -> float:
    return len(synthesise(text, voice)) / SAMPLE_RATE_HZ


def test_speech_is_mono_float32_of_sensible_length_and_level() -> None:
    sound = synthesise(LINE, PLAIN)
    assert sound.dtype == np.float32
    assert sound.ndim == 1
    # 13 words at 175 words a minute are 4.5 seconds; short words go faster.
    assert 2.0 < len(sound) / SAMPLE_RATE_HZ < 6.0
    assert np.max(np.abs(sound)) == pytest.approx(10 ** (-3 / 20), abs=1e-3)
    assert -30 < rms_dbfs(sound) < -8


def test_speed_and_pauses_change_the_length() -> None:
    plain = seconds(PLAIN)
    assert seconds(replace(PLAIN, words_per_minute=100)) > 1.5 * plain
    assert seconds(replace(PLAIN, words_per_minute=300)) < 0.75 * plain
    assert seconds(replace(PLAIN, word_gap_ms=200)) > plain + 1.0


def test_the_level_is_the_directions() -> None:
    quiet = synthesise(LINE, replace(PLAIN, peak_dbfs=-20))
    assert np.max(np.abs(quiet)) == pytest.approx(0.1, abs=1e-3)


def _centroid_hz(voice: VoiceDirection) -> float:
    sound = synthesise(LINE, voice)
    power = np.abs(np.fft.rfft(sound)) ** 2
    frequencies = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE_HZ)
    return float(np.sum(power * frequencies) / np.sum(power))


def test_variants_and_pitches_sound_different() -> None:
    variants = [_centroid_hz(VoiceDirection(f"en-us+{variant}")) for variant in ("f3", "m3", "m7", "Alicia")]
    gaps = np.diff(np.sort(variants))
    assert np.min(gaps) > 5
    low, high = (synthesise(LINE, replace(PLAIN, pitch=pitch)) for pitch in (10, 95))
    assert _pitch_hz(high) > 1.3 * _pitch_hz(low)


def _pitch_hz(sound: np.ndarray) -> float:
    """The strongest period between 60 and 500 Hz of the loudest quarter second."""
    size = SAMPLE_RATE_HZ // 4
    starts = range(0, len(sound) - size, size // 2)
    piece = max((sound[start : start + size] for start in starts), key=lambda part: float(np.sum(part**2)))
    spectrum = np.abs(np.fft.rfft(piece, 2 * size)) ** 2
    correlation = np.fft.irfft(spectrum)
    shortest, longest = SAMPLE_RATE_HZ // 500, SAMPLE_RATE_HZ // 60
    return SAMPLE_RATE_HZ / (shortest + int(np.argmax(correlation[shortest:longest])))


def test_threads_do_not_mix_their_voices() -> None:
    voices = [VoiceDirection(f"en-us+{variant}", words_per_minute=100 + 60 * n) for n, variant in enumerate("abcd")]
    voices = [replace(voice, variant=f"en-us+{v}") for voice, v in zip(voices, ("f1", "m1", "f4", "m5"), strict=True)]
    alone = [seconds(voice) for voice in voices]
    together: dict[int, list[float]] = {}

    def speak(number: int) -> None:
        together[number] = [seconds(voices[number]) for _ in range(5)]

    threads = [threading.Thread(target=speak, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, expected in enumerate(alone):
        assert together[number] == pytest.approx([expected] * 5, abs=0.02)


def test_what_espeak_would_quietly_replace_is_refused() -> None:
    with pytest.raises(SpeechUnavailable, match="no voice variant 'nobody'"):
        synthesise(LINE, VoiceDirection("en-us+nobody"))
    with pytest.raises(SpeechUnavailable, match="no voice 'xx-yy'"):
        synthesise(LINE, VoiceDirection("xx-yy"))
    with pytest.raises(SpeechUnavailable, match="no sound"):
        synthesise("", PLAIN)


@pytest.mark.parametrize(
    "wrong", [{"words_per_minute": 20}, {"pitch": 101}, {"word_gap_ms": -1}, {"peak_dbfs": 3.0}], ids=str
)
def test_a_direction_espeak_cannot_follow_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"not|must"):
        VoiceDirection(**wrong)


def test_speech_becomes_opus_packets_that_are_no_silence() -> None:
    sound = synthesise(LINE, PLAIN)
    packets = encode_opus(sound)
    assert len(packets) == -(-len(sound) // 960)
    assert np.mean([len(packet) for packet in packets]) > 40


def test_importing_the_module_loads_nothing() -> None:
    code = "import bot.audio.speech; print('libespeak' in open('/proc/self/maps').read())"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["False"]
