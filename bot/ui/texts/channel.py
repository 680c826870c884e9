"""What a voice channel sees and hears of the bot: its nickname while a session is open, and what it says."""

from __future__ import annotations

from bot.ui.texts.language import phrase, say

RECORDING_NICK = phrase("🔴 Promptbook (recording)")
"""The bot's nickname while it records."""

LONGEST_NICK = 32
"""Discord's limit, in characters."""

RECORDING_NOTICE = phrase(
    "Hello. This is Promptbook. Takes in this session are recorded. Only people who consent are recorded."
)

SCENE_STOPPED = phrase("The scene stops here. Thank you. Take a breath.")


def request_to_speak(seconds: int) -> str:
    """What the bot says before a sound check listens for this many seconds."""
    return say(
        "Sound check. Please speak for {seconds} seconds: your name, and what you had for breakfast.", seconds=seconds
    )


def recording_nick() -> str:
    """The nickname in the language that is in force, as long as Discord allows."""
    return say(RECORDING_NICK)[:LONGEST_NICK]
