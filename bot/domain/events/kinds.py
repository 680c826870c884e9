"""The kinds of events, and which of them change what a session's buttons mean."""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """The kinds of events, in the past tense."""

    SESSION_STARTED = "session_started"
    SESSION_PAUSED = "session_paused"
    SESSION_RESUMED = "session_resumed"
    SESSION_ENDED = "session_ended"
    CONSENT_GRANTED = "consent_granted"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    SOUND_CHECKED = "sound_checked"
    SCENE_DEALT = "scene_dealt"
    SCENE_REDEALT = "scene_redealt"
    SCENE_REPLAYED = "scene_replayed"
    SCENE_STOPPED = "scene_stopped"
    CALIBRATION_DEALT = "calibration_dealt"
    INTERLUDE_BEGUN = "interlude_begun"
    INTERLUDE_ENDED = "interlude_ended"
    CASTING_OVERRIDDEN = "casting_overridden"
    VOICE_CHANGED = "voice_changed"
    VOICE_TRIED = "voice_tried"
    TAKE_CALLED = "take_called"
    TAKE_STARTED = "take_started"
    TAKE_EASED = "take_eased"
    TAKE_NEARED_END = "take_neared_end"
    TAKE_CUT = "take_cut"
    TURNS_FOUND = "turns_found"
    TAKE_STRUCK = "take_struck"
    TAKE_UNSTRUCK = "take_unstruck"
    CUE_GIVEN = "cue_given"
    CUE_UNDELIVERED = "cue_undelivered"
    CUE_ACKNOWLEDGED = "cue_acknowledged"
    CUE_ASKED_ABOUT = "cue_asked_about"
    CUE_ANSWERED = "cue_answered"
    SIDE_COACHED = "side_coached"
    PERFORMER_DROPPED_OUT = "performer_dropped_out"
    PERFORMER_CAME_BACK = "performer_came_back"
    CONNECTION_LOST = "connection_lost"
    CONNECTION_RESTORED = "connection_restored"
    CONNECTION_GIVEN_UP = "connection_given_up"
    BOT_OBSTRUCTED = "bot_obstructed"
    BOT_UNOBSTRUCTED = "bot_unobstructed"
    BOT_OUSTED = "bot_ousted"
    SOUND_SEALED = "sound_sealed"
    NOTE_WRITTEN = "note_written"
    TURN_RATED = "turn_rated"
    TURN_SELF_RATED = "turn_self_rated"
    DECK_IMPORTED = "deck_imported"
    DECK_FORGOTTEN = "deck_forgotten"


CHANGES = frozenset(
    {
        EventKind.SESSION_STARTED,
        EventKind.SESSION_ENDED,
        EventKind.SESSION_PAUSED,
        EventKind.SESSION_RESUMED,
        EventKind.SCENE_DEALT,
        EventKind.SCENE_REDEALT,
        EventKind.SCENE_REPLAYED,
        EventKind.SCENE_STOPPED,
        EventKind.CALIBRATION_DEALT,
        EventKind.INTERLUDE_BEGUN,
        EventKind.INTERLUDE_ENDED,
        EventKind.CASTING_OVERRIDDEN,
        EventKind.TAKE_CALLED,
        EventKind.TAKE_CUT,
        EventKind.TAKE_STRUCK,
        EventKind.TAKE_UNSTRUCK,
    }
)
"""Events that change what a session's buttons mean: a press counts only if its panel showed the newest of them."""
