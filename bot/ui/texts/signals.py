"""What performers read on stage besides their cue: short enough for a glance, and the same for everyone."""

from __future__ import annotations

KEEP_IT_LIGHTER = "## 🪶 Keep it lighter from here\nThe scene goes on. No one needs to say why."
"""For everyone on stage, the person who pressed Ease off among them."""

EASED = "Everyone on stage has been asked to keep it lighter. No one is told who pressed, and no one will ask why."
"""For the person who pressed Ease off, whether or not someone else had just done so."""


def ends_soon_text(seconds: int) -> str:
    """For a performer: their take's time is nearly up."""
    return f"## ⏳ {seconds} seconds left\nFind your ending. If the scene ends earlier, that is fine."
