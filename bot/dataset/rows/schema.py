"""The tables beside the clips: who was dealt what, what happened when, and who rated what. Each is CSV and JSON."""

from __future__ import annotations

from typing import Final

TABLES: Final = {
    "sessions": "one row per session: deck, emotion set, instrument, seed of the deals, times",
    "scenes": "the prompts that were dealt, with their text",
    "castings": "who was dealt what: role, character, target emotion and intensity; for an arc, the second emotion and "
    "who gave the cue; whether the coordinator chose by hand; when the card was first read",
    "takes": "every take, even if struck: times, why it was cut, its mix and who is in the mix",
    "tracks": "one row per performer and take: file, length, seconds of speech, frames received, lost and concealed, "
    "loudness of the speech (BS.1770), highest sample, levels of speech and noise (dBFS), share of the speech that is "
    "clipped",
    "holes": "stretches of takes in which no one could be heard: the voice connection was lost, or the session paused",
    "cues": "when a performer was told to shift to their second emotion, in seconds since the take's start",
    "turns": "every stretch of speech in every track, with the target in force; no turn lies across a cue; turns that "
    "became clips name the clip",
    "ratings": "who rated what: one row per rater and clip, never averaged; `is_partner` marks raters who heard it "
    "live, `asked_at` is when they were given the clip, if that is known",
    "self_ratings": "what performers say they felt in their own clips",
    "events": "what happened, and when; `person` is empty if the person's consent does not cover a pseudonym here",
    "people": "everyone with a pseudonym here: split, numbers of tracks, clips and ratings, consents in force",
}
"""Every table and what it holds, as the card prints it."""

HEADS: Final = {
    "sessions": "session deck emotion_set instrument seed started_at ended_at",
    "scenes": "session scene prompt_id prompt_title prompt_text place relationship seed dealt_at ended_at",
    "castings": "session scene speaker_id role character target_emotion target_intensity second_emotion "
    "second_intensity cue_cause is_overridden card_seen_at",
    "takes": "session scene take state called_at started_at cut_at cut_reason struck_at duration mix mixed_speakers",
    "tracks": "session scene take speaker_id file duration speech received_frames lost_frames concealed_frames "
    "loudness_lufs peak_dbfs speech_dbfs noise_dbfs clipped_share sha256",
    "holes": "session scene take cause start end",
    "cues": "session scene take speaker_id cause at",
    "turns": "session scene take speaker_id turn start end target_emotion target_intensity clip_id",
    "ratings": "clip_id session scene take speaker_id turn rater_id is_partner perceived_emotion secondary_emotion "
    "intensity valence arousal dominance authenticity naturalness voice_consistency asked_at answered_at",
    "self_ratings": "clip_id session scene take speaker_id turn felt_emotion intensity valence arousal dominance "
    "authenticity answered_at",
    "events": "happened_at event session scene take person clip_id detail",
    "people": "person split tracks clips ratings consents",
}
"""The columns of every table. Times are UTC; lengths and positions are in seconds, positions since the take's start."""
