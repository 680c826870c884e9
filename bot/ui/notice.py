"""The spoken notice that a session records: said once, when the bot joins."""

from __future__ import annotations

from bot.audio.sound import encode_opus
from bot.audio.speech import VoiceDirection, synthesise

TEXT = "Hello. This is Promptbook. Takes in this session are recorded, for everyone who consents."


def notice_packets() -> list[bytes]:
    """The notice as Opus packets of 20 ms, made on this machine; takes some tens of milliseconds."""
    return encode_opus(synthesise(TEXT, VoiceDirection()))
