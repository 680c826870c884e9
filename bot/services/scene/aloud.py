"""Reading aloud: a text as a sound that its reader plays alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.audio.reading import read_as_file
from bot.domain.languages import wider_tags
from bot.live.workers import Lane, Workers

CARD_PACE: Final = 160
"""Words per minute: a card is heard once, and remembered."""


@dataclass(frozen=True, slots=True)
class Aloud:
    """Speaks texts in a thread, in memory: what is on a card is in no file."""

    workers: Workers

    async def read(self, text: str, language: str) -> bytes | None:
        """Return a text in a language read aloud, as MP3; None if there is no voice for the language here."""
        return await self.workers.run(Lane.ALOUD, read_as_file, text, wider_tags(language), CARD_PACE)
