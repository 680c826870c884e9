"""Texts read aloud in their own language. Without eSpeak NG, or a voice for the language, they are not read."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from bot.audio.sound import Samples, write_mp3
from bot.audio.speech import NoSuchVoice, SpeechUnavailable, VoiceDirection, has_voices, synthesise

_log = logging.getLogger(__name__)

USUAL_PACE: Final = 175
"""Words per minute: what eSpeak NG speaks if it is not told otherwise."""

_VOICES: Final = {"en": "en-us"}
"""The voices of languages that eSpeak NG has several for. All others are called like the language."""


def read_aloud(text: str, languages: Sequence[str], words_per_minute: int = USUAL_PACE) -> Samples | None:
    """Return a text as it sounds in the first of these languages (BCP 47) that there is a voice for; None if for none.

    A voice of another language would not be understood. It takes tenths of a second for a card.
    """
    if not has_voices():
        return None
    try:
        for language in map(str.lower, languages):
            with suppress(NoSuchVoice):
                return synthesise(text, VoiceDirection(_VOICES.get(language, language), words_per_minute))
    except SpeechUnavailable:
        # The text itself stays out of the log.
        _log.exception("eSpeak NG is installed, but does not speak. Install the extra 'voices' again.")
    return None


def read_as_file(text: str, languages: Sequence[str], words_per_minute: int = USUAL_PACE) -> bytes | None:
    """Return the same as an MP3 in memory, which every Discord client plays."""
    spoken = read_aloud(text, languages, words_per_minute)
    if spoken is None:
        return None
    file = io.BytesIO()
    write_mp3(file, spoken)
    return file.getvalue()
