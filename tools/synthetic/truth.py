"""What an export must say about a home folder, asked from its database in SQL.

`python -m tools.synthetic.truth HOME FILE` writes it. It shares no code with the export. Sessions are all that the
database has; sound that cannot be decoded is unknown here.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

_RATERS = """
    raters AS (
        SELECT ratings.* FROM ratings
        JOIN turns USING (turn_id) JOIN exportable_tracks USING (track_id)
        JOIN consents_in_force AS consent ON consent.person_id = ratings.rater_id
            AND consent.guild_id = exportable_tracks.guild_id AND scope = 'peer_rating'
    ),
    owners AS (
        SELECT self_ratings.* FROM self_ratings
        JOIN turns USING (turn_id) JOIN exportable_tracks USING (track_id)
        JOIN consents_in_force AS consent ON consent.person_id = self_ratings.person_id
            AND consent.guild_id = exportable_tracks.guild_id AND scope = 'peer_rating'
    ),
    named AS (SELECT turn_id, perceived_emotion, count(*) AS times FROM raters GROUP BY turn_id, perceived_emotion),
    counted AS (
        SELECT turn_id, sum(times) AS raters, max(times) AS times, perceived_emotion FROM named GROUP BY turn_id
    )
"""

TURNS = f"""
    WITH {_RATERS}
    SELECT printf('S%04d_scene%02d_take%02d_%s_turn%03d', kept_takes.session_id, scene, take, pseudonym, turns.number)
               AS clip_id,
           pseudonym AS speaker_id, printf('S%04d', kept_takes.session_id) AS session, scene, take,
           turns.number AS turn, clip_end_samples - clip_start_samples AS samples,
           clip_start_samples AS start_samples, found_by, is_for_rating, turn_targets.target_emotion,
           turn_targets.target_intensity, target_until_samples, felt_emotion AS self_emotion,
           coalesce(raters, 0) AS n_raters,
           CASE WHEN raters >= 3 THEN iif(2 * times > raters, counted.perceived_emotion, 'no_agreement') END
               AS perceived_emotion,
           speaker_splits.split, character_name, voice_direction, prompt_text
    FROM turns
    JOIN exportable_tracks USING (track_id)
    JOIN kept_takes ON kept_takes.take_id = exportable_tracks.take_id
    JOIN people ON people.person_id = exportable_tracks.person_id
    JOIN speaker_splits USING (pseudonym)
    JOIN scenes ON scenes.scene_id = kept_takes.scene_id
    LEFT JOIN castings ON castings.scene_id = scenes.scene_id AND castings.person_id = people.person_id
    LEFT JOIN turn_targets USING (turn_id)
    LEFT JOIN counted USING (turn_id)
    LEFT JOIN owners USING (turn_id)
    ORDER BY clip_id
"""

COUNTS = f"""
    WITH {_RATERS}
    SELECT 'tracks', count(*) FROM exportable_tracks
    UNION ALL SELECT 'dialogues', count(DISTINCT take_id) FROM exportable_tracks
    UNION ALL SELECT 'ratings', count(*) FROM raters
    UNION ALL SELECT 'self_ratings', count(*) FROM owners
    UNION ALL SELECT 'takes', count(*) FROM takes
    UNION ALL SELECT 'scenes', count(*) FROM scenes
    UNION ALL SELECT 'sessions', count(*) FROM sessions
    UNION ALL SELECT 'events', count(*) FROM events WHERE session_id IS NOT NULL
    UNION ALL SELECT 'holes', count(*) FROM holes
"""

EMOTION_SETS = """
    SELECT DISTINCT key FROM (
        SELECT json_extract(emotion.value, '$.key') AS key, scenes.rowid AS place, emotion.key AS number FROM scenes
        JOIN materials ON sha256 = emotion_set_sha256 JOIN json_each(content, '$.emotions') AS emotion
        ORDER BY place, number
    )
"""


def truth_of(database: Path) -> dict[str, Any]:
    """Return the rows of all turns, the numbers of rows of other tables, and the emotions of all sets."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
        store.row_factory = sqlite3.Row
        return {
            "turns": [dict(row) for row in store.execute(TURNS)],
            "rows": dict(store.execute(COUNTS).fetchall()),
            "emotions": [row[0] for row in store.execute(EMOTION_SETS)],
        }


def write_truth(database: Path, path: Path) -> None:
    """Write the truth about a database as JSON."""
    path.write_text(json.dumps(truth_of(database)), encoding="utf-8")


if __name__ == "__main__":
    write_truth(Path(sys.argv[1], "promptbook.sqlite3"), Path(sys.argv[2]))
