"""What a channel hears from the bot, with and without voices."""

from __future__ import annotations

import pytest

from bot.audio import reading
from bot.stage import sounds
from bot.ui.texts.channel import RECORDING_NOTICE


@pytest.fixture(autouse=True)
def _nothing_remembered():
    sounds.spoken_packets.cache_clear()
    yield
    sounds.spoken_packets.cache_clear()


def test_a_sentence_is_spoken_or_stood_in_for_by_a_short_sign(monkeypatch: pytest.MonkeyPatch):
    spoken = sounds.spoken_packets(RECORDING_NOTICE)
    sounds.spoken_packets.cache_clear()
    monkeypatch.setattr(reading, "has_voices", lambda: False)
    monkeypatch.setattr(reading, "synthesise", lambda *_: pytest.fail("speech was asked for"))
    sign = sounds.spoken_packets(RECORDING_NOTICE)
    assert len(spoken) * 0.02 > 3
    assert 0.5 < len(sign) * 0.02 < 0.7
    assert all(len(packet) > 3 for packet in sign[1:-1]), "it can be heard"
