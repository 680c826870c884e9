"""Warm-up, voice try-out and debrief: what everyone reads on the panel, and what one person reads in private."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.characters import Character
from bot.domain.interludes import InterludeShown
from bot.domain.states import Interlude

NEXT_EXERCISE_BUTTON = "Next exercise"
"""What the Warm-up button says in a warm-up."""

INTERLUDES: Mapping[Interlude, str] = {
    Interlude.WARM_UP: "a warm-up",
    Interlude.VOICES: "a voice try-out",
    Interlude.DEBRIEF: "a debrief",
}
"""An interlude in the middle of a sentence."""

_SIGNS: Mapping[Interlude, str] = {
    Interlude.WARM_UP: "🤸 **Warm-up.",
    Interlude.VOICES: "🎭 **Voice try-out.",
    Interlude.DEBRIEF: "🌙 **Debrief.",
}
_UNRECORDED = "Nothing is recorded.**"


def interlude_text(shown: InterludeShown) -> str:
    """For everyone in the channel."""
    title = f"\n**{shown.title}** ({shown.number} of {shown.of})" if shown.title else ""
    return f"{_SIGNS[shown.kind]} {_UNRECORDED}{title}\n{shown.text}"


def begun_text(shown: InterludeShown) -> str:
    """For the coordinator who began it, or went on to the next exercise."""
    what = f"“{shown.title}”" if shown.title else INTERLUDES[shown.kind].removeprefix("a ").capitalize()
    return f"{what} is on the panel. Nothing is recorded until you press **Finish**."


FINISHED = "Finished. Scenes can be dealt and recorded again."


def exercise_text(shown: InterludeShown) -> str:
    """For one person who looks for their card in a warm-up."""
    return f"**{shown.title}**\n{shown.text}\n-# There are no cards in a warm-up. Nothing is recorded."


def debrief_text(prompt: str) -> str:
    """For one person, in a debrief."""
    return f"{prompt}\n-# Only you see this. No one asks for an answer, and neither this nor what you say is kept."


def voice_text(character: Character) -> str:
    """For one performer who tries out the voice that they hold tonight."""
    lines = "".join(f"> {heading.capitalize()}: {words}\n" for heading, words in character.voice.items())
    return f"**Your voice tonight is {character.name}**. Try it out; nothing is recorded.\n{lines}"
