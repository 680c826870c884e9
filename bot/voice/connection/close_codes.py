"""Why a voice connection ends, in words: clauses that complete a sentence on the panel.

Source of the codes: Discord's documentation ("Voice close event codes") and discord.py's notes on 4015 and 4021.
"""

from __future__ import annotations

from typing import Final

UNKNOWN_OPERATION, SESSION_INVALID, DISCONNECTED, RATE_LIMITED, CALL_ENDED = 4001, 4006, 4014, 4021, 4022

REMOVED: Final = "the bot was removed from the voice channel"
KEYLESS: Final = "the bot got no key to decrypt the sound"
SILENT_UDP: Final = "no more sound reached the bot, although Discord still answered it"
CHANNEL_GONE: Final = "the voice channel was deleted"

_REASONS: Final = {
    None: "the connection broke",
    1000: "the voice server closed the connection",
    1001: "the voice server shut down",
    1006: "the connection broke",
    SESSION_INVALID: "the voice session is no longer valid (4006)",
    4009: "the voice session timed out (4009)",
    DISCONNECTED: "Discord disconnected the bot from the voice channel (4014)",
    4015: "the voice server crashed (4015)",
    RATE_LIMITED: "Discord limits how often the bot connects and forbids it to try again for some minutes (4021)",
    CALL_ENDED: "Discord ended the call on this voice server (4022)",
}


CLAUSES: Final = (REMOVED, KEYLESS, SILENT_UDP, CHANNEL_GONE, *(reason.split(" (")[0] for reason in _REASONS.values()))
"""Everything that can be said, without the code behind it."""


def reason_for(code: int | None) -> str:
    """Return a close code in words."""
    return _REASONS.get(code) or f"the voice server closed the connection ({code})"
