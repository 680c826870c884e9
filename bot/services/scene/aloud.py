"""Reading aloud: a text as a sound that its reader plays alone."""

from __future__ import annotations

import io
from dataclasses import dataclass

from bot.audio.sound import write_mp3
from bot.audio.speech import VoiceDirection, has_voices, synthesise
from bot.live.workers import Lane, Workers

_VOICE = VoiceDirection(words_per_minute=160)


@dataclass(frozen=True, slots=True)
class Aloud:
    """Speaks texts in a thread, in memory: what is on a card is in no file."""

    workers: Workers

    async def read(self, text: str) -> bytes | None:
        """Return a text read aloud, as MP3, which every Discord client plays; None if there are no voices here."""
        return await self.workers.run(Lane.ALOUD, _spoken, text) if has_voices() else None


def _spoken(text: str) -> bytes:
    sound = io.BytesIO()
    write_mp3(sound, synthesise(text, _VOICE))
    return sound.getvalue()
