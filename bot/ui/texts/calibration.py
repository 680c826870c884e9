"""Calibration takes: what the panel says about one, and what each performer reads in private."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.characters import Character
from bot.domain.states import CalibrationPart, CalibrationVoice
from bot.services.scene.calibrations import PartDealt
from bot.services.scene.cards import Card
from bot.store.records import Scene
from bot.ui.texts.language import phrase, say, say_count
from bot.ui.texts.words import mentions, voice_lines

_SHOWN: Mapping[CalibrationVoice | None, str] = {
    CalibrationVoice.OWN: phrase("**Calibration: {title}**, in their own voice. Everyone else is quiet."),
    CalibrationVoice.CHARACTER: phrase(
        "**Calibration: {title}**, in the voice of the character. Everyone else is quiet."
    ),
    None: phrase("**Calibration: {title}**. Everyone else is quiet."),
}
_DEALT: Mapping[CalibrationVoice | None, str] = {
    CalibrationVoice.OWN: phrase(
        "**{title}**, in their own voice: {who}. They read it with **My card**; then start the take."
    ),
    CalibrationVoice.CHARACTER: phrase(
        "**{title}**, in the voice of the character: {who}. They read it with **My card**; then start the take."
    ),
    None: phrase("**{title}**: {who}. They read it with **My card**; then start the take."),
}
_TASKS: Mapping[CalibrationPart, str] = {
    CalibrationPart.PASSAGE: phrase(
        "Wait for the countdown, then read this aloud, at the pace of a normal conversation:"
    ),
    CalibrationPart.CHAT: phrase("After the countdown, for about a minute:"),
}


def calibration_scene_text(scene: Scene) -> str:
    """For everyone in the channel: what is recorded, and in which voice."""
    return say(_SHOWN[scene.calibration_voice], title=scene.prompt_title)


def calibration_card_text(card: Card) -> str:
    """For one performer's eyes only: what they say, and in which voice."""
    scene = card.scene
    head = say("## Calibration: {title}", title=scene.prompt_title)
    task = say(_TASKS[scene.calibration_part]) if scene.calibration_part else ""
    plain = say("Play nothing, and feel what you feel. If you stumble, say the sentence again and go on.")
    why = say("These takes show how you sound when nothing is played. No one rates them.")
    return f"{head}\n{_voice_text(card.character)}\n{task}\n\n{_quoted(scene)}\n\n{plain}\n-# {why}"


def part_dealt_text(dealt: PartDealt) -> str:
    """For the coordinator: who comes next, and how many parts follow."""
    scene, who = dealt.scene, mentions(dealt.discord_user_ids)
    told = say(_DEALT[scene.calibration_voice], title=scene.prompt_title, who=who)
    if dealt.left:
        rest = say_count("{number} more part for those here.", "{number} more parts for those here.", dealt.left)
    else:
        rest = say("This is the last part for those here.")
    return f"{told} {rest}"


def _quoted(scene: Scene) -> str:
    return f"> {scene.prompt_text}" if scene.calibration_part is CalibrationPart.PASSAGE else scene.prompt_text


def _voice_text(character: Character | None) -> str:
    if character is None:
        return say("Speak **in your own voice**, as you do every day.")
    held = say("**Your voice is {character}**. Hold it, and play nothing else.", character=character.name)
    return f"{held}\n{voice_lines(character.voice)}"
