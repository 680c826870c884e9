"""What a voice channel sees and hears of the bot: its nickname while a session is open, and what it says."""

from __future__ import annotations

RECORDING_NICK = "🔴 Promptbook (recording)"
"""The bot's nickname while it records; a nickname has at most 32 characters."""

RECORDING_NOTICE = (
    "Hello. This is Promptbook. Takes in this session are recorded. Only people who consent are recorded."
)

SCENE_STOPPED = "The scene stops here. Thank you. Take a breath."


def request_to_speak(seconds: int) -> str:
    """What the bot says before a sound check listens for this many seconds."""
    return f"Sound check. Please speak for {seconds} seconds: your name, and what you had for breakfast."
