"""The cast's ears and judgement: what they hear is in the sound, and their answers are neither perfect nor noise."""

from __future__ import annotations

import io

import numpy as np
import pytest

from bot.audio.listening import levelled
from bot.audio.sound import SoundUnreadable, write_mp3
from bot.audio.speech import utter
from bot.rehearsal.cast.ears import Ears, hear
from bot.rehearsal.cast.parts import tone
from bot.rehearsal.cast.sentences import MANNERS, direction_for, lines_for

EMOTIONS = [*MANNERS, "other"]
PLACES = (0, 1, 2, 3)


def clip(place: int, emotion: str, number: int = 0) -> bytes:
    """Two lines as raters get them."""
    lines = lines_for(emotion, place)[number : number + 2]
    spoken = np.concatenate([utter(line, direction_for(line, emotion, place)).samples for line in lines])
    made = io.BytesIO()
    write_mp3(made, levelled(spoken, None))
    return made.getvalue()


def test_a_tone_has_its_pitch_and_twice_the_level_is_six_decibels():
    soft, loud = (hear(tone(1.0, 200.0, level))[0] for level in (0.1, 0.2))
    assert soft.pitch == pytest.approx(12.0, abs=0.3)
    assert loud.over(soft).level == pytest.approx(6.0, abs=0.1)
    assert loud.over(soft).pitch == pytest.approx(0.0, abs=0.01)


def test_what_is_no_sound_cannot_be_heard():
    with pytest.raises(SoundUnreadable):
        Ears(PLACES).listen(b"not a clip")
