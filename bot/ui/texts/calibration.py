"""Calibration takes: what the panel says about one, and what each performer reads in private."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.characters import Character
from bot.domain.states import CalibrationPart, CalibrationVoice
from bot.services.scene.calibrations import PartDealt
from bot.services.scene.cards import Card
from bot.store.records import Scene
from bot.ui.texts.words import count, mentions

_VOICES: Mapping[CalibrationVoice, str] = {
    CalibrationVoice.OWN: "in their own voice",
    CalibrationVoice.CHARACTER: "in the voice of the character",
}
_TASKS: Mapping[CalibrationPart, str] = {
    CalibrationPart.PASSAGE: "Wait for the countdown, then read this aloud, at the pace of a normal conversation:",
    CalibrationPart.CHAT: "After the countdown, for about a minute:",
}
_PLAIN = "Play nothing, and feel what you feel. If you stumble, say the sentence again and go on."


def calibration_scene_text(scene: Scene) -> str:
    """For everyone in the channel: what is recorded, and in which voice."""
    voice = f" {_VOICES[scene.calibration_voice]}" if scene.calibration_voice else ""
    return f"**Calibration: {scene.prompt_title}**,{voice}. Everyone else is quiet."


def calibration_card_text(card: Card) -> str:
    """For one performer's eyes only: what they say, and in which voice."""
    scene = card.scene
    task = _TASKS[scene.calibration_part] if scene.calibration_part else ""
    return (
        f"## Calibration: {scene.prompt_title}\n{_voice_text(card.character)}\n{task}\n\n{_quoted(scene)}\n\n{_PLAIN}\n"
        "-# These takes show how you sound when nothing is played. No one rates them."
    )


def part_dealt_text(dealt: PartDealt) -> str:
    """For the coordinator: who comes next, and how many parts follow."""
    scene, who = dealt.scene, mentions(dealt.discord_user_ids)
    voice = f", {_VOICES[scene.calibration_voice]}" if scene.calibration_voice else ""
    rest = f"{count(dealt.left, 'more part')} for those here" if dealt.left else "This is the last part for those here"
    return f"**{scene.prompt_title}**{voice}: {who}. They read it with **My card**; then start the take. {rest}."


def _quoted(scene: Scene) -> str:
    return f"> {scene.prompt_text}" if scene.calibration_part is CalibrationPart.PASSAGE else scene.prompt_text


def _voice_text(character: Character | None) -> str:
    if character is None:
        return "Speak **in your own voice**, as you do every day."
    return f"**Your voice is {character.name}**. Hold it, and play nothing else.\n" + "".join(
        f"> {heading.capitalize()}: {words}\n" for heading, words in character.voice.items()
    )
