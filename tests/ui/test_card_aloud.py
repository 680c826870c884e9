"""A card that is read aloud has every word of it, and none of the marks that only a screen shows."""

from __future__ import annotations

import pytest

from bot.ui.texts import card


@pytest.mark.parametrize(
    ("shown", "spoken"),
    [
        (
            "## Scene 2: *Rain*\n**You are** a `cook`.\n-# Say no.",
            "Scene 2: Rain\nYou are a cook.\nSay no.",
        ),
        ("> Pace: slow\n\n## \u27a1\ufe0f **Now:** joy: 2 > 1", "Pace: slow\nNow: joy: 2 > 1"),
    ],
)
def test_marks_are_not_read_out(shown: str, spoken: str, monkeypatch: pytest.MonkeyPatch):
    def text_of(_card: object, *, whole_voice: bool) -> str:
        assert whole_voice, "what is heard has no button for the rest"
        return shown

    monkeypatch.setattr(card, "card_text", text_of)
    assert card.spoken_card_text(None) == spoken  # pyright: ignore[reportArgumentType]
