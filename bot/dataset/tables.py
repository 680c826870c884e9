"""The tables beside the clips: who was dealt what, what happened when, who rated what. Each as CSV and as JSON."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from bot.dataset.metadata import Row

TABLES: Final = {
    "sessions": "one row an evening: deck, emotion set, instrument, seed of the deal, times",
    "scenes": "the prompts that were dealt, with their text",
    "castings": "who was dealt what: role, character, target emotion and intensity; with an arc, the emotion to shift "
    "to and who gave the cue; whether the coordinator chose by hand; when the card was first read",
    "takes": "every take, struck ones too: times, why it was cut, its mix and who is in it",
    "tracks": "one row a performer and take: file, length, seconds of speech, frames received, lost and concealed, "
    "loudness (BS.1770, over its speech), highest sample, level of speech and of noise (dBFS), share of speech that "
    "clips",
    "holes": "stretches of takes in which nobody could be heard: the voice connection was away, or the take paused",
    "cues": "when, in a take, a performer was told to shift to their second emotion",
    "turns": "every stretch of speech in every track, with the target in force; none lies across a cue; those that "
    "became clips name them",
    "ratings": "who rated what: one row a rater and clip, never averaged; `is_partner` marks raters who heard it live, "
    "`asked_at` is when they were given the clip, where that is known",
    "self_ratings": "what performers say they felt in their own clips",
    "events": "what happened when; `person` is empty for people whose consent does not cover being named by pseudonym",
    "people": "everyone behind a pseudonym here: split, numbers of tracks, clips and ratings, consents in force",
}
"""Every table and what it holds; the card prints this."""

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
"""The columns of every table. Times are UTC, lengths and positions seconds since the take's start."""


def write_table(folder: Path, name: str, rows: Sequence[Row]) -> None:
    """Write `name.csv` (null is empty, lists are joined by spaces, objects are JSON) and `name.json`.

    An empty table still has its head. ValueError for rows of other columns than HEADS promises.
    """
    head = HEADS[name].split()
    if strange := [row for row in rows if list(row) != head]:
        raise ValueError(f"A row of the table {name} has the columns {', '.join(strange[0])}.")
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / f"{name}.json").write_text(f"[\n{lines}\n]\n" if rows else "[]\n", encoding="utf-8")
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows([_cell(value) for value in row.values()] for row in rows)


def _cell(value: object) -> object:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return " ".join(cast(list[str], value)) if isinstance(value, list) else value
