"""Texts are read in their own language, or not at all."""

from __future__ import annotations

import numpy as np
import pytest

from bot.audio.reading import read_aloud, read_as_file
from bot.audio.sound import Samples
from bot.samples import SAMPLE_RATE_HZ

GREETING = "Guten Abend, wie geht es Ihnen heute?"


def seconds(samples: Samples | None) -> float:
    assert samples is not None
    assert float(np.abs(samples).max()) > 0.1
    return len(samples) / SAMPLE_RATE_HZ


def test_a_language_is_read_by_its_own_voice_and_a_region_by_its_languages():
    german, austrian, english = (read_aloud(GREETING, languages) for languages in (["de"], ["de-AT", "de"], ["en"]))
    assert seconds(german) == pytest.approx(seconds(austrian), rel=0.02)
    assert abs(seconds(german) - seconds(english)) > 0.1, "an English voice reads it otherwise"


def test_a_card_is_read_more_slowly_than_a_cue():
    assert seconds(read_aloud(GREETING, ["de"], 120)) > 1.2 * seconds(read_aloud(GREETING, ["de"], 175))


def test_a_language_without_a_voice_is_not_read_by_another():
    assert read_aloud(GREETING, ["qaa"]) is None
    assert read_as_file(GREETING, ["qaa"]) is None


def test_nothing_is_read_without_voices(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.audio.reading.has_voices", lambda: False)
    assert read_aloud(GREETING, ["de"]) is None
