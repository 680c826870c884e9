"""`/profile`: what people can say about themselves, and why it is asked."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.profile import LEAST_SHARING, Question

HEAD = (
    "## Your profile\n"
    "Buyers of a dataset ask who speaks and who listens in it, so that models do not work for some people only. "
    "Every answer is optional, holds on every server, and can be changed or deleted at any time. No coordinator sees "
    f"it. It is exported only if you allow it in `/consent`, and only where at least {LEAST_SHARING} people give the "
    "same answer."
)
RATHER_NOT_SAY = "Rather not say"
DELETE_PROFILE_BUTTON = "Delete my profile"

TITLES: Mapping[Question, str] = {
    Question.AGE_BAND: "Age",
    Question.GENDER: "Gender",
    Question.FIRST_LANGUAGE: "First language",
    Question.OTHER_LANGUAGES: "Other languages",
    Question.ACCENT_REGION: "Where your accent is from",
    Question.TRAINING: "Training, the most that you had",
    Question.STAGE_YEARS: "Years on stage",
    Question.HEARING: "Hearing, if you rate",
    Question.DEVICE: "What you speak into, at the sound check",
    Question.ROOM: "The room you are in, at the sound check",
}

_LABELS: Mapping[str, str] = {
    "non_binary": "Non-binary",
    "ar": "Arabic",
    "bn": "Bengali",
    "zh": "Chinese",
    "cs": "Czech",
    "nl": "Dutch",
    "en": "English",
    "fa": "Persian",
    "fr": "French",
    "de": "German",
    "el": "Greek",
    "he": "Hebrew",
    "hi": "Hindi",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "es": "Spanish",
    "sv": "Swedish",
    "tr": "Turkish",
    "other": "Another one",
    "none": "None",
    "australia_new_zealand": "Australia, New Zealand",
    "britain_ireland": "Britain, Ireland",
    "central_south_america": "Central and South America",
    "east_asia": "East Asia",
    "eastern_europe": "Eastern Europe",
    "middle_east": "Middle East",
    "northern_europe": "Northern Europe",
    "south_asia": "South Asia",
    "southeast_asia": "Southeast Asia",
    "southern_europe": "Southern Europe",
    "united_states": "United States",
    "western_central_europe": "Western and Central Europe",
    "0-1": "Up to 1 year",
    "hearing_aid": "I use a hearing aid",
    "quiet_furnished": "Quiet, with carpets or furniture",
    "quiet_bare": "Quiet, with bare walls",
    "noisy": "With noise from outside or from machines",
}


def answer_label(key: str) -> str:
    """What a menu says for an answer."""
    return _LABELS.get(key) or key.replace("_", " ").capitalize()


def question_text(question: Question) -> str:
    """The text above a question's menu."""
    return f"**{TITLES[question]}**"
