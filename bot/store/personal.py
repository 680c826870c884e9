"""What the store holds about one person, for their own copy of it and for the operator who gives it to them.

Others are named by pseudonym. Where they said something about the person, who they are is left out.
"""

# ruff: noqa: S608 - all queries are made of literals

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.domain.consent import Scope
from bot.domain.erasing import OperatorDeed
from bot.domain.ids import PersonId
from bot.store.records import Person
from bot.store.stillness import Still
from bot.store.writing import BlockingTransaction

Rows = Sequence[Mapping[str, Any]]

_TURN = """
    JOIN turns USING (turn_id) JOIN tracks USING (track_id) JOIN takes USING (take_id) JOIN scenes USING (scene_id)
"""
_PLACE = "scenes.session_id AS session, scenes.number AS scene, takes.number AS take"
_ANSWERS = "intensity, valence, arousal, authenticity, answered_at"

TABLES: Final = {
    "consents": "SELECT happened_at, guild_id AS server, scope, action, text_version, text_sha256, locale "
    "FROM consent_events WHERE person_id = ? ORDER BY consent_event_id",
    "parts": "SELECT session_id AS session, scenes.number AS scene, dealt_at, prompt_title, role, want, "
    "character_name, target_emotion, target_intensity, second_emotion, second_intensity, card_seen_at "
    "FROM castings JOIN scenes USING (scene_id) WHERE person_id = ? ORDER BY casting_id",
    "tracks": f"SELECT {_PLACE}, takes.started_at, path AS file, tracks.duration_samples / 48000.0 AS seconds, "
    "struck_at, loudness_lufs, peak_dbfs, speech_dbfs, noise_dbfs FROM tracks JOIN takes USING (take_id) "
    "JOIN scenes USING (scene_id) WHERE person_id = ? ORDER BY track_id",
    "turns": f"SELECT {_PLACE}, turns.number AS turn, start_samples / 48000.0 AS start, end_samples / 48000.0 AS end, "
    "is_for_rating FROM turns JOIN tracks USING (track_id) JOIN takes USING (take_id) JOIN scenes USING (scene_id) "
    "WHERE person_id = ? ORDER BY turn_id",
    "transcripts": f"SELECT {_PLACE}, turns.number AS turn, text, source, added_at "
    f"FROM transcripts {_TURN} WHERE tracks.person_id = ? ORDER BY turn_id",
    "ratings_about_me": f"SELECT {_PLACE}, turns.number AS turn, perceived_emotion, {_ANSWERS} "
    f"FROM ratings {_TURN} WHERE tracks.person_id = ? ORDER BY rating_id",
    "ratings_by_me": f"SELECT {_PLACE}, pseudonym AS performer, turns.number AS turn, perceived_emotion, {_ANSWERS} "
    f"FROM ratings {_TURN} JOIN people ON people.person_id = tracks.person_id WHERE rater_id = ? ORDER BY rating_id",
    "self_ratings": f"SELECT {_PLACE}, turns.number AS turn, felt_emotion, {_ANSWERS} "
    f"FROM self_ratings {_TURN} WHERE self_ratings.person_id = ? ORDER BY self_rating_id",
    "answers_by_me": f"SELECT {_PLACE}, trials.kind, trials.number, turns.number AS turn, shown_at, answered_at, item, "
    f"coalesce(value, words) AS value FROM trials LEFT JOIN answers USING (trial_id) {_TURN} "
    "WHERE rater_id = ? ORDER BY trial_id, answer_id",
    "sessions_rated_from_afar": "SELECT session_id AS session, first_at, is_invited FROM absent_raters "
    "WHERE person_id = ? ORDER BY session_id",
    "sessions_attended": "SELECT session_id AS session, first_at FROM attendance JOIN people USING (discord_user_id) "
    "WHERE person_id = ? ORDER BY session_id",
    "sessions_with_known_targets": "SELECT session_id AS session, first_at FROM targets_seen "
    "JOIN people USING (discord_user_id) WHERE person_id = ? ORDER BY session_id",
    "reviews": f"SELECT {_PLACE}, start_samples / 48000.0 AS start, end_samples / 48000.0 AS end, verdict, reviewed_at "
    "FROM turn_reviews JOIN tracks USING (track_id) JOIN takes USING (take_id) JOIN scenes USING (scene_id) "
    "WHERE person_id = ? ORDER BY track_id, start_samples",
    "uses": "SELECT made_at, purpose, recipient, release_id AS dataset_version, content_sha256, sessions, "
    "use_people.clips AS clips_of_mine, has_sound, told_at, delivered FROM use_people JOIN uses USING (use_id) "
    "LEFT JOIN notices USING (use_id, person_id) WHERE use_people.person_id = ? ORDER BY use_id",
    "receipts": "SELECT made_at, delivered FROM receipts WHERE person_id = ? ORDER BY receipt_id",
    "profile": "SELECT question, answer, answered_at FROM profiles WHERE person_id = ? ORDER BY question",
    "work": "SELECT session_id AS session, stage_ms / 1000.0 AS stage_seconds, rating_ms / 1000.0 AS rating_seconds "
    "FROM pay_work WHERE person_id = ? ORDER BY session_id",
    "pay_corrections": "SELECT session_id AS session, amount_minor, currency, reason, entered_at "
    "FROM pay_corrections WHERE person_id = ? ORDER BY pay_correction_id",
    "sound_checks": "SELECT session_id AS session, checked_at, speech_dbfs, noise_dbfs, clipped_share, lost_share "
    "FROM sound_checks WHERE person_id = ? ORDER BY sound_check_id",
    "lines": "SELECT topic, drawn_at FROM lines WHERE person_id = ? ORDER BY topic",
    "vetoes": "SELECT emotion, drawn_at FROM vetoes WHERE person_id = ? ORDER BY emotion",
    "opt_ins": "SELECT kind, given_at FROM opt_ins WHERE person_id = ? ORDER BY kind",
    "cue_choice": "SELECT way, chosen_at FROM cue_choices WHERE person_id = ?",
    "events": "SELECT happened_at, kind, session_id AS session, scene_id, take_id, detail "
    "FROM events WHERE person_id = ? ORDER BY event_id",
}
"""Every table of a personal copy, by its name there."""

_PEOPLE_SQL = """
    SELECT pseudonym, discord_user_id, created_at,
           (SELECT count(*) FROM tracks WHERE tracks.person_id = people.person_id) AS tracks,
           (SELECT coalesce(sum(duration_samples), 0) / 48000.0 / 60 FROM tracks
            WHERE tracks.person_id = people.person_id) AS minutes,
           (SELECT count(*) FROM ratings WHERE rater_id = person_id) AS ratings,
           (SELECT count(*) FROM consents_in_force AS held WHERE held.person_id = people.person_id) AS consents,
           (SELECT iif(finished_at IS NULL, 'under way', 'erased') FROM erasures
            WHERE erasures.pseudonym = people.pseudonym ORDER BY erasure_id DESC LIMIT 1) AS erasure
    FROM people ORDER BY person_id
"""


def people_held(store: Still) -> Rows:
    """Return everyone: pseudonym, account (None after an erasure), tracks, minutes, ratings, consents in force."""
    rows = store.fetch_rows(_PEOPLE_SQL)
    return [row | {"discord_user_id": row["discord_user_id"] if row["discord_user_id"] > 0 else None} for row in rows]


def personal_tables(store: Still, person_id: PersonId) -> dict[str, Rows]:
    """Return every table of a personal copy; those without rows, too."""
    return {name: store.fetch_rows(sql, person_id) for name, sql in TABLES.items()}


def add_act(tx: BlockingTransaction, pseudonym: str, act: OperatorDeed, reason: str, now: str) -> None:
    """Note what an operator does for someone, and why."""
    sql = "INSERT INTO operator_acts (pseudonym, act, reason, done_at) VALUES (?, ?, ?, ?)"
    tx.execute(sql, pseudonym, act.value, reason, now)


def scopes_given(store: Still, person: Person) -> list[Scope]:
    """Return the scopes that are in force for a person on any server."""
    sql = "SELECT DISTINCT scope FROM consents_in_force WHERE person_id = ?"
    return sorted(Scope(scope) for (scope,) in store.fetch_all(sql, person.person_id))
