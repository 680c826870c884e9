"""`/settings`: a server's settings by their keys, with the words above each menu and in it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.states import CuePolicy, OnDropout
from bot.ui.texts.words import count, minutes

HEAD = "## Settings of this server\nChanges apply from the next scene or session."

TITLES: Mapping[str, str] = {
    "coordinator_role_id": "Coordinators",
    "deck": "Deck",
    "emotion_set": "Emotion set",
    "scene_seconds": "Scene length",
    "cue_policy": "Cues",
    "ratings_wanted": "Ratings wanted",
    "on_dropout": "If a performer drops out",
    "rater_role_id": "Raters",
    "rating_hours": "Rating after the end",
    "time_zone": "Time zone",
    "opt_ins": "Feelings that need an opt-in",
}

_EXPLANATIONS: Mapping[str, str] = {
    "coordinator_role_id": "Who can run sessions, besides people with Manage Server",
    "deck": "Where scene prompts come from",
    "emotion_set": "Which emotions are dealt and rated",
    "scene_seconds": "A take's time limit",
    "cue_policy": "Who tells a performer to shift to another emotion",
    "ratings_wanted": "How many raters a clip should have",
    "on_dropout": "What happens to the take",
    "rater_role_id": "Who can hear and rate clips, besides people who were in the session's channel",
    "rating_hours": "For how long a session can be rated once it has ended; applies to sessions that end later",
    "time_zone": "In which sessions are scheduled, if no other is named; everyone sees times in their own",
    "opt_ins": "Which of them can be dealt here, to performers who opted in themselves (`/lines`)",
}

NO_ROLE_CHOSEN: Mapping[str, str] = {
    "coordinator_role_id": "A role named Coordinator",
    "rater_role_id": "No other role",
}

NONE_CHOSEN = "None of them"

_CHOICES: Mapping[tuple[str, object], str] = {
    ("cue_policy", CuePolicy.NONE): "No one's emotion shifts",
    ("cue_policy", CuePolicy.TIME): "The bot gives the cue, in the middle of the scene",
    ("cue_policy", CuePolicy.COORDINATOR): "The coordinator gives the cue",
    ("on_dropout", OnDropout.PAUSE): "Pause the take until they are back",
    ("on_dropout", OnDropout.END): "End the take and keep it",
}


def setting_text(key: str, left_out: int) -> str:
    """The text above a setting's menu. `left_out` is the number of choices for which the menu has no room."""
    do = "does" if left_out == 1 else "do"
    command = "/session schedule" if key == "time_zone" else "/session start"
    more = f". {left_out} more {do} not fit here; `{command}` accepts any" if left_out else ""
    return f"**{TITLES[key]}**\n-# {_EXPLANATIONS[key]}{more}"


def choice_label(key: str, value: object) -> str:
    """What a menu says for one value of a setting."""
    if key == "scene_seconds":
        return f"{minutes(int(str(value)), 1)} min"
    if key == "rating_hours":
        return hours_text(int(str(value)))
    return _CHOICES.get((key, value), str(value))


def hours_text(hours: int) -> str:
    """A time for rating: "12 hours", "2 days"."""
    if hours == 0:
        return "Not at all"
    return count(hours // 24, "day") if hours % 24 == 0 else count(hours, "hour")
