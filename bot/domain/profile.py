"""What people say about themselves, if they want to, and what of it an export may contain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from bot.domain.consent import Scope
from bot.domain.ids import PersonId

LEAST_SHARING: Final = 5
"""An answer is exported only if at least this many people of the dataset give it."""


class Question(StrEnum):
    """What a profile asks. Each can stay without an answer."""

    AGE_BAND = "age_band"
    GENDER = "gender"
    FIRST_LANGUAGE = "first_language"
    OTHER_LANGUAGES = "other_languages"
    ACCENT_REGION = "accent_region"
    TRAINING = "training"
    STAGE_YEARS = "stage_years"
    HEARING = "hearing"
    DEVICE = "device"
    ROOM = "room"


SEVERAL: Final = frozenset({Question.OTHER_LANGUAGES})
"""Questions that can have several answers."""

_CODES: Final = "ar bn zh cs nl en fa fr de el he hi id it ja ko pl pt ru es sv tr"
_LANGUAGES: Final = tuple(_CODES.split())
"""ISO 639-1. A menu in Discord has at most 25 options."""

ANSWERS: Final[Mapping[Question, tuple[str, ...]]] = {
    Question.AGE_BAND: ("18-24", "25-34", "35-44", "45-54", "55-64", "65+"),
    Question.GENDER: ("woman", "man", "non_binary", "other"),
    Question.FIRST_LANGUAGE: (*_LANGUAGES, "other"),
    Question.OTHER_LANGUAGES: (*_LANGUAGES, "other", "none"),
    Question.ACCENT_REGION: (
        "africa",
        "australia_new_zealand",
        "britain_ireland",
        "canada",
        "caribbean",
        "central_south_america",
        "east_asia",
        "eastern_europe",
        "middle_east",
        "northern_europe",
        "south_asia",
        "southeast_asia",
        "southern_europe",
        "united_states",
        "western_central_europe",
        "other",
    ),
    Question.TRAINING: ("none", "workshops", "improv_school", "acting_school", "voice_training"),
    Question.STAGE_YEARS: ("0-1", "2-5", "6-10", "11-20", "21+"),
    Question.HEARING: ("no_difficulty", "some_difficulty", "hearing_aid"),
    Question.DEVICE: ("headset", "separate_microphone", "laptop", "phone", "other"),
    Question.ROOM: ("quiet_furnished", "quiet_bare", "noisy", "studio"),
}
"""The keys of the answers to each question. A key keeps its meaning, because datasets have it."""

Profile = Mapping[Question, str]
"""One person's answers. Several keys are sorted, and separated by blanks."""


def answer_of(question: Question, keys: Collection[str]) -> str | None:
    """Return what is stored for chosen keys; None for no answer. Keys that are not offered are left out."""
    chosen = sorted(key for key in set(keys) if key in ANSWERS[question])
    if question in SEVERAL and len(chosen) > 1:
        chosen = [key for key in chosen if key != "none"]
    if question not in SEVERAL and len(chosen) != 1:
        return None
    return " ".join(chosen) or None


def profile_may_be_exported(scopes: Collection[Scope]) -> bool:
    """Whether these consents in force let an export contain a person's profile. Nothing else decides it."""
    return Scope.PUBLISH_DEMOGRAPHICS in scopes


def shared_answers(profiles: Mapping[PersonId, Profile], least: int = LEAST_SHARING) -> dict[PersonId, Profile]:
    """Return the profiles with only the answers that at least `least` of these people give.

    Pass only the profiles of people who are in the dataset and permit it. Several keys count as one answer. An answer
    that is left out looks like one that was not given.
    """
    givers = Counter((question, answer) for profile in profiles.values() for question, answer in profile.items())
    return {
        person: {question: answer for question, answer in profile.items() if givers[question, answer] >= least}
        for person, profile in profiles.items()
    }
