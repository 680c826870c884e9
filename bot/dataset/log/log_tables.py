"""The tables of a session's log: what each holds, and its columns.

Times are UTC; lengths and positions are in seconds, positions since the take's start.
"""

from __future__ import annotations

from typing import Final

from bot.dataset.rows.columns import Table, columns

_TABLES: Final = (
    (
        "sessions",
        "one row per session: deck, emotion set, instrument, times",
        "session deck emotion_set instrument seed started_at ended_at",
    ),
    (
        "scenes",
        "the prompts that were dealt, with their text",
        "session scene kind prompt_id prompt_source prompt_title prompt_text place relationship dealt_at ended_at",
    ),
    (
        "castings",
        "who was dealt what, whether it was changed by hand, and when the card was first read",
        "session scene speaker_id role want character target_emotion target_intensity second_emotion "
        "second_intensity cue_cause is_overridden card_seen_at",
    ),
    (
        "takes",
        "every take, even if struck: its kind, times, and why it was cut",
        "session scene take kind calibration_part calibration_voice calibration_place replay_of replay_mode "
        "replay_line state called_at started_at cut_at cut_reason struck_at duration",
    ),
    (
        "tracks",
        "how each performer sounded in a take: seconds of speech, losses, loudness and levels",
        "session scene take speaker_id duration speech received_frames lost_frames concealed_frames "
        "loudness_lufs peak_dbfs speech_dbfs noise_dbfs clipped_share",
    ),
    (
        "holes",
        "stretches of takes in which no one could be heard, or not the performer in `speaker_id`",
        "session scene take cause start end speaker_id",
    ),
    (
        "cues",
        "when a performer was sent the cue to shift to their second emotion, in each way, and whether they saw it",
        "session scene take speaker_id cause at card_sent dm_sent acknowledged asked_at answer answered_at basis "
        "first_until second_from",
    ),
    (
        "side_coachings",
        "what coordinators told performers in private in the middle of takes, and when",
        "session scene take speaker_id at text",
    ),
    (
        "turns",
        "every stretch of speech, with the target that is claimed for it",
        "session scene take speaker_id turn start end target_claim target_emotion target_intensity",
    ),
    (
        "ratings",
        "who rated what: one row per rater and turn, never averaged",
        "session scene take speaker_id turn rater_id is_partner knew_prompt is_absent perceived_emotion "
        "secondary_emotion intensity valence arousal dominance authenticity naturalness voice_consistency asked_at "
        "answered_at",
    ),
    (
        "self_ratings",
        "what performers say they felt in their own turns",
        "session scene take speaker_id turn felt_emotion intensity valence arousal dominance authenticity answered_at",
    ),
    (
        "events",
        "what happened, and when; no one is named for an X-card",
        "happened_at event session scene take person detail",
    ),
    (
        "notes",
        "what coordinators wrote down, with the position in the running take",
        "session scene take at text written_at",
    ),
    (
        "sound_checks",
        "how each performer sounded in a sound check, and in whose track they were heard",
        "session speaker_id speech_dbfs noise_dbfs clipped_share lost_share heard_in_track_of crosstalk_db checked_at",
    ),
)

LOG_TABLES: Final = {name: Table(name, meaning, columns(head)) for name, meaning, head in _TABLES}
"""Every table of a log, as its README prints it. What is not a column here is not exported."""
