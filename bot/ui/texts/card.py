"""What one performer reads about their part, for their eyes only: the card, and the messages after it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.characters import STAYS, Character
from bot.domain.emotions import Emotion
from bot.domain.ids import UserId
from bot.domain.states import CueAnswer, CueWay, ShiftManner
from bot.services.scene.cards import Card
from bot.services.scene.prompting import PromptRead
from bot.store.records import PerformerCasting, Scene
from bot.ui.texts.calibration import calibration_card_text
from bot.ui.texts.language import phrase, say
from bot.ui.texts.replay import replay_text
from bot.ui.texts.words import INTENSITY_WORDS, voice_lines

ANOTHER_VOICE_BUTTON = phrase("Another voice, please")
WHOLE_VOICE_BUTTON = phrase("My voice in full")
HEAR_BUTTON = phrase("Hear it")
HEARD = phrase("Your card, read aloud. Wear headphones: others must not hear it, and a running take would record it.")
NO_VOICES = phrase(
    "This bot has no voice that reads this language; for most languages, its operator can install the extra `voices`. "
    "Read the card instead."
)
CUE_SOUND = phrase("Your cue, read aloud")
CUE_WAYS: Mapping[CueWay, str] = {
    CueWay.CARD: phrase("Under my card, and as a direct message if I do not confirm it"),
    CueWay.MESSAGE: phrase("As a direct message immediately"),
    CueWay.SOUND: phrase("Under my card, with a sound that reads it to me"),
}
_CUES_CHOSEN: Mapping[CueWay, str] = {
    CueWay.CARD: phrase(
        "Your cues come under your card, and as a direct message if you do not press **Got it** or have no card open. "
        "Only you can see this choice."
    ),
    CueWay.MESSAGE: phrase(
        "Your cues come as a direct message immediately, which your phone or screen reader announces. Allow direct "
        "messages from members of this server. Only you can see this choice."
    ),
    CueWay.SOUND: phrase(
        "Your cues come with a sound that reads them to you when you press play. Wear headphones: others must not hear "
        "it, and the take would record it. Only you can see this choice."
    ),
}
CUE_SEEN_BUTTON = phrase("Got it")
CUE_QUESTION = phrase(
    "The take is over. Did you see this cue before it ended? Your answer decides what the dataset says about the rest "
    "of the take."
)
CUE_ANSWER_BUTTONS: Mapping[CueAnswer, str] = {
    CueAnswer.SAW: phrase("Yes, I saw it"),
    CueAnswer.NOT_SEEN: phrase("No, not before the end"),
    CueAnswer.UNSURE: phrase("I am not sure"),
}

_MARKS = re.compile(r"^(##|-#|>)\s*|[*`\u27a1\ufe0f]")
"""Marks of Discord's Markdown, and the arrow before a cue."""

_MANNERS: Mapping[ShiftManner, str] = {
    ShiftManner.GRADUAL: phrase(
        "Find the reason in what they just said. Take your time, and let it grow line by line."
    ),
    ShiftManner.SUDDEN: phrase(
        "Find the reason in what they just said. Take your time; once you have it, turn immediately."
    ),
}


def card_text(card: Card, *, whole_voice: bool = False) -> str:
    """The card, for one performer's eyes only: first their part, then the scene.

    A voice that they know is one line, unless they ask for the whole of it.
    """
    casting, emotion, intensity = card.casting, card.emotion, card.casting.target_intensity
    if emotion is None or intensity is None:
        return calibration_card_text(card)
    asked_again = replay_text(card.scene)
    again = f"{say('**Once more.** {asked}', asked=asked_again)}\n\n" if asked_again else ""
    want = f"{say('**You want** {want}.', want=casting.want)}\n" if casting.want else ""
    voice = _voice_text(card.character, is_known=card.voice_is_known and not whole_voice) if card.character else ""
    return (
        f"{_head(card.scene)}\n{again}"
        f"{say('**You are** {role}.', role=casting.role)}\n{want}{_feeling_now(card, emotion, intensity)}\n"
        f"-# {say('Say neither the emotion nor these words on stage.')}\n"
        f"{voice}"
        f"{_scene_text(card.scene)}"
    )


def spoken_card_text(card: Card) -> str:
    """The card as it is read aloud, with all of the voice."""
    return spoken_text(card_text(card, whole_voice=True))


def spoken_text(text: str) -> str:
    """A text as it is read aloud: without the marks that only a screen shows."""
    lines = (_MARKS.sub("", line).strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def prompt_text(read: PromptRead) -> str:
    """The prompt alone: no role, voice or emotion."""
    scene = read.scene
    where = f"{_place(scene.place)}\n" if scene.place else ""
    who = f"{say('**Between them:** {relationship}.', relationship=scene.relationship)}\n" if scene.relationship else ""
    hidden = say("Roles, voices and emotions stay with those on stage.")
    knows = say("You can still rate this scene; the dataset says that you knew its prompt.")
    foot = hidden if read.is_on_stage else f"{hidden} {knows}"
    return f"{_head(scene)}\n{scene.prompt_text}\n\n{where}{who}-# {foot}"


def _head(scene: Scene) -> str:
    return say("## Scene {number}: {title}", number=scene.number, title=scene.prompt_title)


def _place(place: str) -> str:
    return say("**Place:** {place}.", place=place)


def _feeling_now(card: Card, emotion: Emotion, intensity: int) -> str:
    casting, feeling = card.casting, _feeling(emotion, intensity)
    if card.now:  # Once the cue has come, only its direction counts.
        return f"{say('**You felt** {feeling}.', feeling=feeling)}\n{cue_text(casting, card.now)}"
    asked = casting.emotion_direction or emotion.direction_at(intensity, casting.direction_number)
    return f"{say('**You feel** {feeling}.', feeling=feeling)} {asked}"


def _voice_text(character: Character, *, is_known: bool) -> str:
    if is_known:
        return f"{say('**Your voice is {character}**, as before.', character=character.name)}{_stays(character)}\n"
    held = say("**Your voice is {character}**. Hold it in every scene tonight.", character=character.name)
    return f"{held}\n{voice_lines(character.voice)}"


def _stays(character: Character) -> str:
    return f" {say('What stays: {what}.', what=character.voice[STAYS])}" if STAYS in character.voice else ""


def _scene_text(scene: Scene) -> str:
    where = f"\n{_place(scene.place)}" if scene.place else ""
    between = say("**Between you:** {relationship}.", relationship=scene.relationship) if scene.relationship else ""
    who = f"\n{between}" if between else ""
    return f"\n{scene.prompt_text}{where}{who}"


def card_changed_text() -> str:
    """For a performer whose part was changed."""
    return say("Your part has changed. Press **My card** again.")


def cues_text(way: CueWay) -> str:
    """For a performer: how their cues come."""
    return say(_CUES_CHOSEN[way])


def cue_missed_text(performer_user_id: UserId) -> str:
    """For the coordinator: the performer of a timed cue could not be told."""
    return say(
        "It is time for {performer} to shift, but they could not be told: they have not opened their card in the last "
        "15 minutes, and they do not accept direct messages. They will be told when they press **My card**.",
        performer=f"<@{performer_user_id}>",
    )


def cue_question_text(scene: int, take: int) -> str:
    """For a performer who did not acknowledge their cue in a take: both are numbers. It does not name the emotion."""
    return say(
        "In scene {scene}, take {take}, the bot sent you a cue. Did you see it before the take ended? Your answer "
        "decides what the dataset says about the rest of the take.",
        scene=scene,
        take=take,
    )


def cue_text(casting: PerformerCasting, emotion: Emotion) -> str:
    """For one performer's eyes only, in the middle of the scene: short enough for a glance."""
    intensity, number = casting.second_intensity or 1, casting.second_direction_number
    asked = casting.second_emotion_direction or emotion.direction_at(intensity, number)
    manner = f"\n{say(_MANNERS[casting.shift])}" if casting.shift else ""
    return f"{say('## ➡️ **Now:** {feeling}', feeling=_feeling(emotion, intensity))}\n{asked}{manner}"


def _feeling(emotion: Emotion, intensity: int) -> str:
    """An emotion with the task of its intensity."""
    label = emotion.label.lower()
    if not emotion.has_degrees:
        return label
    return say("{emotion}: {task}", emotion=label, task=say(INTENSITY_WORDS[intensity]))
