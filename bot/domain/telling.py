"""How what people are told about their rights reaches them."""

from __future__ import annotations

from enum import StrEnum


class Delivered(StrEnum):
    """How something reached a person: nowhere if they accept no direct messages."""

    MESSAGE = "message"
    ANSWER = "answer"
    NOWHERE = "nowhere"
    BEFORE = "before"
    """It is from before people were told such things."""
