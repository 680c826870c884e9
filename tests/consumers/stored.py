"""What an export must contain, asked in plain SQL of the database that it was made from."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_VIEWS = """
CREATE TEMP TABLE chosen AS SELECT value AS session_id FROM json_each(:sessions);

CREATE TEMP VIEW performers AS
    SELECT person_id, guild_id FROM consents_in_force WHERE scope IN ('record', 'store_and_review')
    GROUP BY person_id, guild_id HAVING count(*) = 2;

CREATE TEMP VIEW published AS SELECT person_id, guild_id FROM consents_in_force WHERE scope = 'publish_transcript';

CREATE TEMP VIEW raters AS SELECT person_id, guild_id FROM consents_in_force WHERE scope = 'peer_rating';

CREATE TEMP VIEW spoken AS
    SELECT printf('S%04d_scene%02d_take%02d_%s_turn%03d', kept_takes.session_id, scene, take, pseudonym, turns.number)
               AS clip_id,
           pseudonym AS speaker_id, split, kept_takes.session_id, kept_takes.guild_id, exportable_tracks.person_id,
           scene_id, exportable_tracks.take_id, turns.*
    FROM exportable_tracks
    JOIN chosen USING (session_id)
    JOIN kept_takes USING (take_id)
    JOIN people USING (person_id)
    JOIN turns USING (track_id)
    LEFT JOIN speaker_splits USING (pseudonym);

CREATE TEMP VIEW judged AS
    SELECT clip_id, ratings.*
    FROM spoken
    JOIN ratings USING (turn_id)
    JOIN raters ON raters.person_id = rater_id AND raters.guild_id = spoken.guild_id;

CREATE TEMP VIEW felt AS
    SELECT clip_id, self_ratings.*
    FROM spoken
    JOIN self_ratings USING (turn_id)
    JOIN raters ON raters.person_id = self_ratings.person_id AND raters.guild_id = spoken.guild_id;
"""

TURNS = """
WITH named AS (
    SELECT turn_id, perceived_emotion, count(*) AS times FROM judged GROUP BY turn_id, perceived_emotion
), heard AS (
    SELECT turn_id, perceived_emotion, max(times) AS times, sum(times) AS raters FROM named GROUP BY turn_id
)
SELECT clip_id, speaker_id, split, session_id AS fold, is_for_rating, found_by, method,
       clip_start_samples, clip_end_samples, start_samples, end_samples,
       claim AS target_claim, target_emotion, target_intensity, target_until_samples, felt_emotion AS self_emotion,
       coalesce(raters, 0) AS n_raters,
       CASE WHEN raters >= 3 THEN iif(2 * times > raters, heard.perceived_emotion, 'no_agreement') END
           AS perceived_emotion,
       CASE WHEN raters >= 3 THEN 1.0 * times / raters END AS agreement,
       iif(published.person_id, text, NULL) AS transcript, iif(published.person_id, source, NULL) AS transcript_source
FROM spoken
LEFT JOIN transcripts USING (turn_id)
LEFT JOIN published ON published.person_id = spoken.person_id AND published.guild_id = spoken.guild_id
LEFT JOIN turn_targets USING (turn_id)
LEFT JOIN heard USING (turn_id)
LEFT JOIN felt USING (turn_id, clip_id)
"""

SPLITS = """
SELECT split, count(*) AS turns, count(DISTINCT speaker_id) AS speakers,
       sum(clip_end_samples - clip_start_samples) AS samples
FROM spoken WHERE clip_id IN (SELECT value FROM json_each(:clips)) GROUP BY split
"""

ITEMS = (
    *("perceived_emotion", "intensity", "valence", "arousal", "dominance", "authenticity", "naturalness"),
    "voice_consistency",
)

COUNTS = {
    "sessions": "SELECT count(*) FROM chosen JOIN sessions USING (session_id)",
    "scenes": "SELECT count(*) FROM chosen JOIN scenes USING (session_id)",
    "takes": "SELECT count(*) FROM chosen JOIN scenes USING (session_id) JOIN takes USING (scene_id)",
    "castings": "SELECT count(*) FROM chosen JOIN sessions USING (session_id) JOIN scenes USING (session_id) "
    "JOIN castings USING (scene_id) JOIN performers USING (person_id, guild_id)",
    "tracks": "SELECT count(*) FROM chosen JOIN exportable_tracks USING (session_id)",
    "dialogues": "SELECT count(DISTINCT take_id) FROM chosen JOIN exportable_tracks USING (session_id)",
    "holes": "SELECT count(*) FROM chosen JOIN scenes USING (session_id) JOIN takes USING (scene_id) "
    "JOIN holes USING (take_id)",
    "cues": "SELECT count(*) FROM chosen JOIN sessions USING (session_id) JOIN scenes USING (session_id) "
    "JOIN castings USING (scene_id) JOIN performers USING (person_id, guild_id) JOIN cues USING (casting_id)",
    "side_coachings": "SELECT count(*) FROM chosen JOIN sessions USING (session_id) JOIN scenes USING (session_id) "
    "JOIN castings USING (scene_id) JOIN performers USING (person_id, guild_id) JOIN side_coachings USING (casting_id)",
    "sound_checks": "SELECT count(*) FROM chosen JOIN sessions USING (session_id) JOIN sound_checks "
    "USING (session_id) JOIN performers USING (person_id, guild_id)",
    "ratings": "SELECT count(*) FROM judged WHERE clip_id IN (SELECT value FROM json_each(:clips))",
    "self_ratings": "SELECT count(*) FROM felt WHERE clip_id IN (SELECT value FROM json_each(:clips))",
    "answers": "SELECT count(*) FROM trials JOIN answers USING (trial_id) JOIN spoken USING (turn_id) "
    "JOIN raters ON raters.person_id = rater_id AND raters.guild_id = spoken.guild_id "
    "WHERE clip_id IN (SELECT value FROM json_each(:clips))",
    "consensus": "SELECT count(DISTINCT clip_id || ' ' || item) FROM ("
    + " UNION ALL ".join(f"SELECT clip_id, '{item}' AS item FROM judged WHERE {item} IS NOT NULL" for item in ITEMS)
    + ") WHERE clip_id IN (SELECT value FROM json_each(:clips))",
    "events": "SELECT count(*) FROM chosen JOIN events USING (session_id)",
    "materials": "SELECT count(*) FROM materials WHERE sha256 IN ("
    "SELECT instrument_sha256 FROM chosen JOIN sessions USING (session_id) "
    "UNION SELECT instrument_sha256 FROM chosen JOIN trials USING (session_id) WHERE answered_at IS NOT NULL "
    "UNION SELECT emotion_set_sha256 FROM chosen JOIN scenes USING (session_id))",
    "people": "SELECT count(*) FROM (SELECT person_id FROM chosen JOIN exportable_tracks USING (session_id) "
    "UNION SELECT rater_id FROM judged WHERE clip_id IN (SELECT value FROM json_each(:clips)))",
}
"""How many rows each table has, if every file could be read. `:clips` are the turns that are clips."""

CONFUSION = """
SELECT target_emotion, perceived_emotion, count(*) AS answers
FROM judged JOIN turn_targets USING (turn_id) JOIN takes USING (take_id) JOIN scenes USING (scene_id)
WHERE scenes.kind = 'scene' AND target_emotion IS NOT NULL AND clip_id IN (SELECT value FROM json_each(:clips))
GROUP BY target_emotion, perceived_emotion
"""
"""How many answers about clips of scenes name which emotion for which target."""

EMOTIONS = """
SELECT session_id AS fold, scenes.number AS scene, json_extract(emotion.value, '$.key') AS emotion
FROM chosen JOIN scenes USING (session_id)
JOIN materials ON sha256 = emotion_set_sha256 JOIN json_each(content, '$.emotions') AS emotion
ORDER BY scene_id, emotion.key
"""
"""The emotions of the set that each scene was dealt from. Scenes of earlier versions did not keep theirs."""


def open_store(path: Path, session_ids: Sequence[int]) -> sqlite3.Connection:
    """Open a database to read these sessions with the queries above."""
    store = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    store.row_factory = sqlite3.Row
    views = _VIEWS.replace(":sessions", f"'{json.dumps(list(session_ids))}'")
    store.executescript(views)
    return store


def rows_of(store: sqlite3.Connection, query: str, **values: Any) -> list[dict[str, Any]]:
    """Return the rows of a query; lists among the values are passed as JSON."""
    passed = {name: json.dumps(value) if isinstance(value, list) else value for name, value in values.items()}
    return [dict(row) for row in store.execute(query, passed)]
