"""What one performer reads about their part, for their eyes only: the card, and the messages after it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.characters import STAYS, Character
from bot.domain.emotions import Emotion
from bot.domain.ids import UserId
from bot.domain.states import CueAnswer, ShiftManner
from bot.services.scene.cards import Card
from bot.services.scene.prompting import PromptRead
from bot.store.records import PerformerCasting, Scene
from bot.ui.texts.calibration import calibration_card_text
from bot.ui.texts.replay import replay_text
from bot.ui.texts.words import INTENSITY_WORDS

ANOTHER_VOICE_BUTTON = "Another voice, please"
WHOLE_VOICE_BUTTON = "My voice in full"
HEAR_BUTTON = "Hear it"
HEARD = "Your card, read aloud. Wear headphones: others must not hear it, and a running take would record it."
NO_VOICES = "This bot has no voice to read with: its operator has to install the extra `voices`. Read the card instead."
CUE_SEEN_BUTTON = "Got it"
_WHAT_FOR = "Your answer decides what the dataset says about the rest of the take."
CUE_QUESTION = f"The take is over. Did you see this cue before it ended? {_WHAT_FOR}"
CUE_ANSWER_BUTTONS: Mapping[CueAnswer, str] = {
    CueAnswer.SAW: "Yes, I saw it",
    CueAnswer.NOT_SEEN: "No, not before the end",
    CueAnswer.UNSURE: "I am not sure",
}

_MARKS = re.compile(r"^(##|-#|>)\s*|[*`\u27a1\ufe0f]")
"""Marks of Discord's Markdown, and the arrow before a cue."""

_MANNERS: Mapping[ShiftManner, str] = {
    ShiftManner.GRADUAL: "Find the reason in what they just said. Take your time, and let it grow line by line.",
    ShiftManner.SUDDEN: "Find the reason in what they just said. Take your time; once you have it, turn immediately.",
}


def card_text(card: Card, *, whole_voice: bool = False) -> str:
    """The card, for one performer's eyes only: first their part, then the scene.

    A voice that they know is one line, unless they ask for the whole of it.
    """
    casting, emotion, intensity = card.casting, card.emotion, card.casting.target_intensity
    if emotion is None or intensity is None:
        return calibration_card_text(card)
    again = f"**Once more.** {asked_again}\n\n" if (asked_again := replay_text(card.scene)) else ""
    want = f"**You want** {casting.want}.\n" if casting.want else ""
    voice = _voice_text(card.character, is_known=card.voice_is_known and not whole_voice) if card.character else ""
    return (
        f"## Scene {card.scene.number}: {card.scene.prompt_title}\n{again}"
        f"**You are** {casting.role}.\n{want}{_feeling_now(card, emotion, intensity)}\n"
        "-# Say neither the emotion nor these words on stage.\n"
        f"{voice}"
        f"{_scene_text(card.scene)}"
    )


def spoken_card_text(card: Card) -> str:
    """The card as it is read aloud: all of the voice, and no marks that only a screen shows."""
    lines = (_MARKS.sub("", line).strip() for line in card_text(card, whole_voice=True).splitlines())
    return "\n".join(line for line in lines if line)


def prompt_text(read: PromptRead) -> str:
    """The prompt alone: no role, voice or emotion."""
    scene = read.scene
    where = f"**Place:** {scene.place}.\n" if scene.place else ""
    who = f"**Between them:** {scene.relationship}.\n" if scene.relationship else ""
    knows = "" if read.is_on_stage else " You can still rate this scene; the dataset says that you knew its prompt."
    head = f"## Scene {scene.number}: {scene.prompt_title}\n{scene.prompt_text}\n\n{where}{who}"
    return f"{head}-# Roles, voices and emotions stay with those on stage.{knows}"


def _feeling_now(card: Card, emotion: Emotion, intensity: int) -> str:
    casting, feeling = card.casting, _feeling(emotion, intensity)
    if card.now:  # Once the cue has come, only its direction counts.
        return f"**You felt** {feeling}.\n{cue_text(casting, card.now)}"
    asked = casting.emotion_direction or emotion.direction_at(intensity, casting.direction_number)
    return f"**You feel** {feeling}. {asked}"


def _voice_text(character: Character, *, is_known: bool) -> str:
    if is_known:
        return f"**Your voice is {character.name}**, as before.{_stays(character)}\n"
    return f"**Your voice is {character.name}**. Hold it in every scene tonight.\n" + "".join(
        f"> {heading.capitalize()}: {words}\n" for heading, words in character.voice.items()
    )


def _stays(character: Character) -> str:
    return f" What stays: {character.voice[STAYS]}." if STAYS in character.voice else ""


def _scene_text(scene: Scene) -> str:
    where = f"\n**Place:** {scene.place}." if scene.place else ""
    who = f"\n**Between you:** {scene.relationship}." if scene.relationship else ""
    return f"\n{scene.prompt_text}{where}{who}"


def card_changed_text() -> str:
    """For a performer whose part was changed."""
    return "Your part has changed. Press **My card** again."


def cue_missed_text(performer_user_id: UserId) -> str:
    """For the coordinator: the performer of a timed cue could not be told."""
    return (
        f"It is time for <@{performer_user_id}> to shift, but they could not be told: they have not opened their card "
        "in the last 15 minutes, and they do not accept direct messages. They will be told when they press **My card**."
    )


def cue_question_text(scene: int, take: int) -> str:
    """For a performer who did not acknowledge their cue in a take: both are numbers. It does not name the emotion."""
    return f"In scene {scene}, take {take}, the bot sent you a cue. Did you see it before the take ended? {_WHAT_FOR}"


def cue_text(casting: PerformerCasting, emotion: Emotion) -> str:
    """For one performer's eyes only, in the middle of the scene: short enough for a glance."""
    intensity, number = casting.second_intensity or 1, casting.second_direction_number
    asked = casting.second_emotion_direction or emotion.direction_at(intensity, number)
    manner = f"\n{_MANNERS[casting.shift]}" if casting.shift else ""
    return f"## ➡️ **Now:** {_feeling(emotion, intensity)}\n{asked}{manner}"


def _feeling(emotion: Emotion, intensity: int) -> str:
    """An emotion with the task of its intensity."""
    return f"{emotion.label.lower()}: {INTENSITY_WORDS[intensity]}" if emotion.has_degrees else emotion.label.lower()
