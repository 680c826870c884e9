"""What one performer reads about their part, for their eyes only: the card, and the messages after it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.characters import Character
from bot.domain.emotions import Emotion
from bot.domain.ids import UserId
from bot.domain.states import CueAnswer
from bot.services.scene.cards import Card
from bot.store.records import PerformerCasting
from bot.ui.texts.words import INTENSITY_WORDS

CUE_SEEN_BUTTON = "Got it"
_WHAT_FOR = "Your answer decides what the dataset says about the rest of the take."
CUE_QUESTION = f"The take is over. Did you see this cue before it ended? {_WHAT_FOR}"
CUE_ANSWER_BUTTONS: Mapping[CueAnswer, str] = {
    CueAnswer.SAW: "Yes, I saw it",
    CueAnswer.NOT_SEEN: "No, not before the end",
    CueAnswer.UNSURE: "I am not sure",
}


def card_text(card: Card) -> str:
    """The card, for one performer's eyes only."""
    how = f", {INTENSITY_WORDS[card.casting.target_intensity]}" if card.emotion.has_degrees else ""
    where = f"**Place:** {card.scene.place}.\n" if card.scene.place else ""
    who = f"**Between you:** {card.scene.relationship}.\n" if card.scene.relationship else ""
    want = f"**You want** {card.casting.want}.\n" if card.casting.want else ""
    voice = _voice_text(card.character) if card.character else ""
    shift = f"{cue_text(card.casting, card.now)}\n" if card.now else ""
    return (
        f"## Scene {card.scene.number}: {card.scene.prompt_title}\n{card.scene.prompt_text}\n\n{where}{who}"
        f"**You are** {card.casting.role}.\n{want}"
        f"{voice}"
        f"**You {'felt' if card.now else 'feel'}** {card.emotion.label.lower()}{how}. {card.emotion.direction}\n"
        f"{shift}"
        "-# Do not say the emotion's name on stage."
    )


def _voice_text(character: Character) -> str:
    return (
        f"**Your voice is {character.name}**, who {character.temperament}. Hold it in every scene tonight.\n"
        f"> Pitch: {character.pitch}\n> Pace: {character.pace}\n> Texture: {character.texture}\n"
        f"> Quirk: {character.quirk}\n"
    )


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
    intensity = casting.second_intensity
    how = f", {INTENSITY_WORDS[intensity]}" if emotion.has_degrees and intensity else ""
    return f"## ➡️ **Now:** {emotion.label.lower()}{how}\n{emotion.direction}"
