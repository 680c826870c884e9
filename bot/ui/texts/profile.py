"""`/profile`: what people can say about themselves, and why it is asked."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.profile import LEAST_SHARING, Question
from bot.ui.texts.language import phrase, say

_HEAD = phrase(
    "## Your profile\n"
    "Buyers of a dataset ask who speaks and who listens in it, so that models do not work for some people only. "
    "Every answer is optional, holds on every server, and can be changed or deleted at any time. No coordinator sees "
    "it. It is exported only if you allow it in `/consent`, and only where at least {least} people give the "
    "same answer."
)
RATHER_NOT_SAY = phrase("Rather not say")
DELETE_PROFILE_BUTTON = phrase("Delete my profile")

TITLES: Mapping[Question, str] = {
    Question.AGE_BAND: phrase("Age"),
    Question.GENDER: phrase("Gender"),
    Question.FIRST_LANGUAGE: phrase("First language"),
    Question.OTHER_LANGUAGES: phrase("Other languages"),
    Question.ACCENT_REGION: phrase("Where your accent is from"),
    Question.TRAINING: phrase("Training, the most that you had"),
    Question.STAGE_YEARS: phrase("Years on stage"),
    Question.HEARING: phrase("Hearing, if you rate"),
    Question.DEVICE: phrase("What you speak into, at the sound check"),
    Question.ROOM: phrase("The room you are in, at the sound check"),
}

_LABELS: Mapping[str, str] = {
    "18-24": "18-24",
    "25-34": "25-34",
    "35-44": "35-44",
    "45-54": "45-54",
    "55-64": "55-64",
    "65+": "65+",
    "woman": phrase("Woman"),
    "man": phrase("Man"),
    "non_binary": phrase("Non-binary"),
    "ar": phrase("Arabic"),
    "bn": phrase("Bengali"),
    "zh": phrase("Chinese"),
    "cs": phrase("Czech"),
    "nl": phrase("Dutch"),
    "en": phrase("English"),
    "fa": phrase("Persian"),
    "fr": phrase("French"),
    "de": phrase("German"),
    "el": phrase("Greek"),
    "he": phrase("Hebrew"),
    "hi": phrase("Hindi"),
    "id": phrase("Indonesian"),
    "it": phrase("Italian"),
    "ja": phrase("Japanese"),
    "ko": phrase("Korean"),
    "pl": phrase("Polish"),
    "pt": phrase("Portuguese"),
    "ru": phrase("Russian"),
    "es": phrase("Spanish"),
    "sv": phrase("Swedish"),
    "tr": phrase("Turkish"),
    "other": phrase("Another one"),
    "none": phrase("None"),
    "africa": phrase("Africa"),
    "australia_new_zealand": phrase("Australia, New Zealand"),
    "britain_ireland": phrase("Britain, Ireland"),
    "canada": phrase("Canada"),
    "caribbean": phrase("Caribbean"),
    "central_south_america": phrase("Central and South America"),
    "east_asia": phrase("East Asia"),
    "eastern_europe": phrase("Eastern Europe"),
    "middle_east": phrase("Middle East"),
    "northern_europe": phrase("Northern Europe"),
    "south_asia": phrase("South Asia"),
    "southeast_asia": phrase("Southeast Asia"),
    "southern_europe": phrase("Southern Europe"),
    "united_states": phrase("United States"),
    "western_central_europe": phrase("Western and Central Europe"),
    "workshops": phrase("Workshops"),
    "improv_school": phrase("Improv school"),
    "acting_school": phrase("Acting school"),
    "voice_training": phrase("Voice training"),
    "0-1": phrase("Up to 1 year"),
    "2-5": "2-5",
    "6-10": "6-10",
    "11-20": "11-20",
    "21+": "21+",
    "no_difficulty": phrase("No difficulty"),
    "some_difficulty": phrase("Some difficulty"),
    "hearing_aid": phrase("I use a hearing aid"),
    "headset": phrase("Headset"),
    "separate_microphone": phrase("Separate microphone"),
    "laptop": phrase("Laptop"),
    "phone": phrase("Phone"),
    "quiet_furnished": phrase("Quiet, with carpets or furniture"),
    "quiet_bare": phrase("Quiet, with bare walls"),
    "noisy": phrase("With noise from outside or from machines"),
    "studio": phrase("Studio"),
}


def head_text() -> str:
    """Why it is asked, above the questions."""
    return say(_HEAD, least=LEAST_SHARING)


def answer_label(key: str) -> str:
    """What a menu says for an answer."""
    return say(_LABELS[key])


def question_text(question: Question) -> str:
    """The text above a question's menu."""
    return f"**{say(TITLES[question])}**"
