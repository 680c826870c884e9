"""`/settings`: a server's settings by their keys, with the words above each menu and in it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.states import CuePolicy, OnDropout
from bot.ui.texts.language import phrase, say, say_count
from bot.ui.texts.words import minutes

HEAD = phrase("## Settings of this server\nChanges apply from the next scene or session.")

TITLES: Mapping[str, str] = {
    "coordinator_role_id": phrase("Coordinators"),
    "deck": phrase("Deck"),
    "emotion_set": phrase("Emotion set"),
    "scene_seconds": phrase("Scene length"),
    "cue_policy": phrase("Cues"),
    "ratings_wanted": phrase("Ratings wanted"),
    "on_dropout": phrase("If a performer drops out"),
    "rater_role_id": phrase("Raters"),
    "rating_hours": phrase("Rating after the end"),
    "time_zone": phrase("Time zone"),
    "opt_ins": phrase("Feelings that need an opt-in"),
    "language": phrase("Language"),
}

_EXPLANATIONS: Mapping[str, str] = {
    "coordinator_role_id": phrase("Who can run sessions, besides people with Manage Server"),
    "deck": phrase("Where scene prompts come from"),
    "emotion_set": phrase("Which emotions are dealt and rated"),
    "scene_seconds": phrase("A take's time limit"),
    "cue_policy": phrase("Who tells a performer to shift to another emotion"),
    "ratings_wanted": phrase("How many raters a clip should have"),
    "on_dropout": phrase("What happens to the take"),
    "rater_role_id": phrase("Who can hear and rate clips, besides people who were in the session's channel"),
    "rating_hours": phrase("For how long a session can be rated once it has ended; applies to sessions that end later"),
    "time_zone": phrase("In which sessions are scheduled, if no other is named; everyone sees times in their own"),
    "language": phrase("What the next session is played in; folders in `data/languages`"),
    "opt_ins": phrase("Which of them can be dealt here, to performers who opted in themselves (`/lines`)"),
}

NO_ROLE_CHOSEN: Mapping[str, str] = {
    "coordinator_role_id": phrase("A role named Coordinator"),
    "rater_role_id": phrase("No other role"),
}

NONE_CHOSEN = phrase("None of them")

_CHOICES: Mapping[tuple[str, object], str] = {
    ("cue_policy", CuePolicy.NONE): phrase("No one's emotion shifts"),
    ("cue_policy", CuePolicy.TIME): phrase("The bot gives the cue, in the middle of the scene"),
    ("cue_policy", CuePolicy.COORDINATOR): phrase("The coordinator gives the cue"),
    ("on_dropout", OnDropout.PAUSE): phrase("Pause the take until they are back"),
    ("on_dropout", OnDropout.END): phrase("End the take and keep it"),
}


def setting_text(key: str, left_out: int) -> str:
    """The text above a setting's menu. `left_out` is the number of choices for which the menu has no room."""
    head = f"**{say(TITLES[key])}**\n-# {say(_EXPLANATIONS[key])}"
    if not left_out:
        return head
    more = say_count(
        "{number} more does not fit here; `{command}` accepts any",
        "{number} more do not fit here; `{command}` accepts any",
        left_out,
        command="/session schedule" if key == "time_zone" else "/session start",
    )
    return f"{head}. {more}"


def choice_label(key: str, value: object) -> str:
    """What a menu says for one value of a setting."""
    if key == "scene_seconds":
        return say("{length} min", length=minutes(int(str(value)), 1))
    if key == "rating_hours":
        return hours_text(int(str(value)))
    return say(_CHOICES[key, value]) if (key, value) in _CHOICES else str(value)


def hours_text(hours: int) -> str:
    """A time for rating: "12 hours", "2 days"."""
    if hours == 0:
        return say("Not at all")
    if hours % 24 == 0:
        return say_count("{number} day", "{number} days", hours // 24)
    return say_count("{number} hour", "{number} hours", hours)
