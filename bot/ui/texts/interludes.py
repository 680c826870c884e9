"""Warm-up, voice try-out and debrief: what everyone reads on the panel, and what one person reads in private."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.characters import Character
from bot.domain.interludes import InterludeShown
from bot.domain.states import Interlude
from bot.ui.texts.language import phrase, say
from bot.ui.texts.words import voice_lines

NEXT_EXERCISE_BUTTON = phrase("Next exercise")
"""What the Warm-up button says in a warm-up."""

UNRECORDED: Mapping[Interlude, str] = {
    Interlude.WARM_UP: phrase("Nothing is recorded in a warm-up. End it first with **Finish**."),
    Interlude.VOICES: phrase("Nothing is recorded in a voice try-out. End it first with **Finish**."),
    Interlude.DEBRIEF: phrase("Nothing is recorded in a debrief. End it first with **Finish**."),
}
"""Why nothing can be dealt or recorded."""

_SIGNS: Mapping[Interlude, str] = {
    Interlude.WARM_UP: phrase("🤸 **Warm-up. Nothing is recorded.**"),
    Interlude.VOICES: phrase("🎭 **Voice try-out. Nothing is recorded.**"),
    Interlude.DEBRIEF: phrase("🌙 **Debrief. Nothing is recorded.**"),
}
_BEGUN: Mapping[Interlude, str] = {
    Interlude.WARM_UP: phrase("Warm-up is on the panel. Nothing is recorded until you press **Finish**."),
    Interlude.VOICES: phrase("Voice try-out is on the panel. Nothing is recorded until you press **Finish**."),
    Interlude.DEBRIEF: phrase("Debrief is on the panel. Nothing is recorded until you press **Finish**."),
}


def interlude_text(shown: InterludeShown) -> str:
    """For everyone in the channel."""
    place = say("**{title}** ({number} of {all})", title=shown.title, number=shown.number, all=shown.of)
    title = f"\n{place}" if shown.title else ""
    return f"{say(_SIGNS[shown.kind])}{title}\n{shown.text}"


def begun_text(shown: InterludeShown) -> str:
    """For the coordinator who began it, or went on to the next exercise."""
    if shown.title:
        return say("“{title}” is on the panel. Nothing is recorded until you press **Finish**.", title=shown.title)
    return say(_BEGUN[shown.kind])


FINISHED = phrase("Finished. Scenes can be dealt and recorded again.")


def exercise_text(shown: InterludeShown) -> str:
    """For one person who looks for their card in a warm-up."""
    return f"**{shown.title}**\n{shown.text}\n-# {say('There are no cards in a warm-up. Nothing is recorded.')}"


def debrief_text(prompt: str) -> str:
    """For one person, in a debrief."""
    private = say("Only you see this. No one asks for an answer, and neither this nor what you say is kept.")
    return f"{prompt}\n-# {private}"


def voice_text(character: Character) -> str:
    """For one performer who tries out the voice that they hold tonight."""
    held = say("**Your voice tonight is {character}**. Try it out; nothing is recorded.", character=character.name)
    return f"{held}\n{voice_lines(character.voice)}"
