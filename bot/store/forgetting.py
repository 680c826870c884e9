"""What the store forgets of a person who is erased. What others did stays as it is.

Parts that they were dealt stay under their pseudonym, which belongs to no account any more: others played with them,
and are dealt by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bot.domain.erasing import without_names
from bot.store.records import Erasure, Person
from bot.store.worked import keep_work_of
from bot.store.writing import BlockingTransaction

_THEIR_TURNS = "SELECT turn_id FROM turns JOIN tracks USING (track_id) WHERE person_id = :person"
_THEIR_PARTS = "SELECT casting_id FROM castings WHERE person_id = :person"

_ABOUT_THEM: Final = {
    # The answers go with their trials.
    "self_ratings": "DELETE FROM trials WHERE rater_id = :person AND kind = 'own'",
    "ratings_about_them": (
        f"DELETE FROM trials WHERE turn_id IN ({_THEIR_TURNS}) OR other_turn_id IN ({_THEIR_TURNS})"  # noqa: S608
    ),
    "open_forms": "DELETE FROM trials WHERE rater_id = :person AND answered_at IS NULL",
    "own_words": "DELETE FROM answers WHERE words IS NOT NULL "
    "AND trial_id IN (SELECT trial_id FROM trials WHERE rater_id = :person)",
    "transcripts": f"DELETE FROM transcripts WHERE turn_id IN ({_THEIR_TURNS})",  # noqa: S608
    "turns": f"DELETE FROM turns WHERE turn_id IN ({_THEIR_TURNS})",  # noqa: S608
    "turn_reviews": "DELETE FROM turn_reviews "
    "WHERE track_id IN (SELECT track_id FROM tracks WHERE person_id = :person)",
    "review_first": "DELETE FROM review_first WHERE person_id = :person",
    "tracks": "DELETE FROM tracks WHERE person_id = :person",
    "cues": f"DELETE FROM cues WHERE casting_id IN ({_THEIR_PARTS})",  # noqa: S608
    "side_coachings": f"DELETE FROM side_coachings WHERE casting_id IN ({_THEIR_PARTS})",  # noqa: S608
    "sound_checks": "DELETE FROM sound_checks WHERE person_id = :person",
    "holes": "DELETE FROM holes WHERE person_id = :person",
    "lines": "DELETE FROM lines WHERE person_id = :person",
    "vetoes": "DELETE FROM vetoes WHERE person_id = :person",
    "opt_ins": "DELETE FROM opt_ins WHERE person_id = :person",
    "receipts": "DELETE FROM receipts WHERE person_id = :person",
    "notices": "DELETE FROM notices WHERE person_id = :person",
    "cue_choice": "DELETE FROM cue_choices WHERE person_id = :person",
    "profile": "DELETE FROM profiles WHERE person_id = :person",
    "prompts_read": "DELETE FROM prompts_shown WHERE person_id = :person",
    "notes": "DELETE FROM notes WHERE session_id IN (SELECT session_id FROM sessions WHERE coordinator_id = :person)",
    "attendance": "DELETE FROM attendance WHERE discord_user_id = :user",
    "targets_seen": "DELETE FROM targets_seen WHERE discord_user_id = :user",
    "sign_ups": "DELETE FROM sign_ups WHERE discord_user_id = :user",
    "reminders": "DELETE FROM reminders WHERE discord_user_id = :user",
    "unreminded": "DELETE FROM unreminded WHERE discord_user_id = :user",
}
"""What is deleted, in an order in which nothing refers to what has gone, by what the tombstone calls it.

Notes have no author: those of the sessions that they opened count as theirs.
"""

_BY_THEM: Final = {
    "ratings_by_them": "DELETE FROM trials WHERE rater_id = :person AND kind <> 'own'",
    "rated_from_afar": "DELETE FROM absent_raters WHERE person_id = :person",
}
"""What is deleted unless they wish it to stay: it is about others."""

_MENTIONS: Final = (
    # Times and amounts of pay stay, because the operator must account for them; the reasons are words about the person.
    "UPDATE events SET person_id = NULL WHERE person_id = :person",
    "UPDATE sound_checks SET heard_in_track_of = NULL, crosstalk_db = NULL WHERE heard_in_track_of = :person",
    "UPDATE tracks SET heard_person_id = NULL, heard_db = NULL WHERE heard_person_id = :person",
    "UPDATE scheduled_sessions SET coordinator_user_id = 0 WHERE coordinator_user_id = :user",
    "UPDATE pay_corrections SET reason = '' WHERE person_id = :person AND reason <> ''",
    "UPDATE castings SET card_seen_at = NULL WHERE person_id = :person",
)

_TEXTS: Final = (
    ("notes", "note_id", "text"),
    ("side_coachings", "side_coaching_id", "text"),
    ("transcripts", "turn_id", "text"),
    ("transcripts", "turn_id", "source"),
    ("scheduled_sessions", "scheduled_id", "title"),
    ("scenes", "scene_id", "prompt_title"),
    ("scenes", "scene_id", "prompt_text"),
    ("scenes", "scene_id", "place"),
    ("scenes", "scene_id", "relationship"),
    ("operator_acts", "operator_act_id", "reason"),
    ("answers", "answer_id", "words"),
)
"""Every text that people typed: table, key, column. Prompts can be a suggestion from the audience."""


def forget(tx: BlockingTransaction, person: Person, erasure: Erasure) -> dict[str, int]:
    """Delete what is about a person, and their names from texts; return how much of each kind went."""
    keep_work_of(tx, person.person_id)
    whose = {"person": person.person_id, "user": person.discord_user_id}
    going = _ABOUT_THEM if erasure.keeps_ratings else _BY_THEM | _ABOUT_THEM
    counts = {name: tx.change(sql, **whose) for name, sql in going.items()}
    for sql in _MENTIONS:
        tx.change(sql, **whose)
    counts["texts"] = _take_out(tx, erasure.named)
    return {name: count for name, count in counts.items() if count}


def _take_out(tx: BlockingTransaction, names: Iterable[str]) -> int:
    names, changed = tuple(names), 0
    if not names:
        return 0
    for table, key, column in _TEXTS:
        sql = f"SELECT {key}, {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 - all literals
        for number, text in tx.fetch_all(sql):
            if (cleared := without_names(text, names)) != text:
                tx.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", cleared, number)  # noqa: S608
                changed += 1
    return changed
