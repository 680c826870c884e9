"""What an export reads: one consistent snapshot of sessions, and the query that shows who played what.

A session's record holds Discord's ids of its places. Which columns of a record are exported is listed one by one
(`bot.dataset.rows.schema.HEADS`), and no file of an export may contain one of `Snapshot.private_ids`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from bot.domain.consent import Asked, after_asking
from bot.domain.consent_terms import Scope
from bot.domain.ids import GuildId, PersonId, SceneId, SessionId, TakeId, TrackId, UserId
from bot.domain.permission import consented
from bot.domain.profile import Profile, Question
from bot.domain.standing import ConsentEvent, Standings, narrowed, standings
from bot.samples import Span
from bot.store.reader import Record
from bot.store.records import (
    AnswerRow,
    CastingRow,
    ConsentRow,
    Cue,
    Event,
    Hole,
    Material,
    Note,
    Rating,
    Scene,
    SelfRating,
    Session,
    SideCoaching,
    SoundCheckRow,
    Take,
    TargetedTurn,
    Track,
    Transcript,
    Trial,
    TurnReview,
)
from bot.store.snapshot import Snapshot
from bot.store.stillness import Still, still

WHO_PLAYED_WHAT_SQL = """\
SELECT session_id AS session, scene, take, performer, role, character, target_emotion, target_intensity,
       turns.number AS turn, pseudonym AS rater, perceived_emotion
FROM kept_takes
JOIN targets USING (take_id)
LEFT JOIN turns ON turns.track_id = targets.track_id AND is_for_rating
               AND start_samples >= from_samples AND start_samples < until_samples
LEFT JOIN ratings USING (turn_id)
LEFT JOIN people ON people.person_id = rater_id
ORDER BY session, scene, take, performer, from_samples, turn, rater
"""
"""Who played which target emotion in which take, and what raters perceived: one row per target, turn and rater, and a
row with nulls for a target under which no turn was put up for rating, and for a turn that no one has rated. While it is
uncertain whether a performer had seen their cue, the target is null.
"""


_UP_FROM_TAKES = "JOIN scenes USING (scene_id)"
_UP_FROM_TRACKS = f"JOIN takes USING (take_id) {_UP_FROM_TAKES}"
_UP_FROM_TURNS = f"JOIN tracks USING (track_id) {_UP_FROM_TRACKS}"
_UP_FROM_TRANSCRIPTS = f"JOIN turns USING (turn_id) {_UP_FROM_TURNS}"

_TURNS_SQL = f"""
    SELECT turns.*, claim AS target_claim, target.target_emotion, target.target_intensity, target.target_until_samples
    FROM turns JOIN tracks ON tracks.track_id = turns.track_id {_UP_FROM_TRACKS}
    LEFT JOIN turn_targets AS target ON target.turn_id = turns.turn_id
    WHERE session_id IN (SELECT value FROM json_each(?)) ORDER BY turns.rowid
"""  # noqa: S608 - all literals

_MATERIALS_SQL = """
    WITH chosen AS (SELECT value AS session_id FROM json_each(?))
    SELECT * FROM materials WHERE sha256 IN (
        SELECT instrument_sha256 FROM sessions JOIN chosen USING (session_id)
        UNION SELECT instrument_sha256 FROM trials JOIN chosen USING (session_id) WHERE answered_at IS NOT NULL
        UNION SELECT emotion_set_sha256 FROM scenes JOIN chosen USING (session_id)
    ) ORDER BY materials.rowid
"""

_TRIALS_SQL = """
    SELECT * FROM trials WHERE session_id IN (SELECT value FROM json_each(?)) AND answered_at IS NOT NULL
    ORDER BY trial_id
"""
_ANSWERS_SQL = """
    SELECT answers.* FROM answers JOIN trials USING (trial_id)
    WHERE session_id IN (SELECT value FROM json_each(?)) AND answered_at IS NOT NULL ORDER BY answer_id
"""

_PRIVATE_IDS_SQL = """
    SELECT discord_user_id FROM people UNION SELECT guild_id FROM sessions UNION SELECT voice_channel_id FROM sessions
    UNION SELECT panel_message_id FROM sessions WHERE panel_message_id IS NOT NULL
    UNION SELECT former_panel_message_id FROM sessions WHERE former_panel_message_id IS NOT NULL
    UNION SELECT discord_user_id FROM attendance
    UNION SELECT discord_user_id FROM targets_seen
    UNION SELECT channel_id FROM invitations
    UNION SELECT message_id FROM invitations WHERE message_id IS NOT NULL
"""

_TAKES_SQL = (
    "SELECT take_id, scene_id FROM takes JOIN scenes USING (scene_id) "
    "WHERE session_id IN (SELECT value FROM json_each(?))"
)
_GUILDS_SQL = "SELECT session_id, guild_id FROM sessions WHERE session_id IN (SELECT value FROM json_each(?))"
_LEFT_OUT_SQL = f"""
    SELECT turn_reviews.* FROM turn_reviews {_UP_FROM_TURNS}
    WHERE verdict = 'leave_out' AND session_id IN (SELECT value FROM json_each(?)) ORDER BY track_id, start_samples
"""  # noqa: S608 - all literals
_STRUCK_SQL = """
    SELECT take_id FROM takes JOIN scenes USING (scene_id)
    WHERE struck_at IS NOT NULL AND session_id IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True)
class Pending:
    """What people asked for that is not stored yet, oldest first. It counts nevertheless.

    `consents` are accounts with what they asked for; `stopped` maps each scene that an X-card ended to the time of it.
    `ended` are accounts with scopes that they withdrew on every server: all of them if they asked to be erased.
    """

    consents: Sequence[tuple[UserId, Asked]] = ()
    stopped: Mapping[SceneId, str] = field(default_factory=dict[SceneId, str])
    ended: Sequence[tuple[UserId, frozenset[Scope]]] = ()


NOTHING_PENDING = Pending()


def read_snapshot(database: Path, session_ids: Sequence[SessionId], pending: Pending = NOTHING_PENDING) -> Snapshot:
    """Read sessions as they are at one moment, whatever is written in the meantime. Unknown ids are absent."""
    now = _now()
    chosen = json.dumps(sorted(set(session_ids)))
    with still(database) as store:

        def records(kind: type[Record], table: str, joins: str = "") -> list[Record]:
            return store.fetch_records(kind, _select(table, joins), chosen)

        reviews = _left_out(store, chosen)
        turns = [
            turn for turn in store.fetch_records(TargetedTurn, _TURNS_SQL, chosen) if not _is_left_out(turn, reviews)
        ]
        here = {turn.turn_id for turn in turns}
        ratings = store.fetch_records(Rating, _judged("ratings", "rating_id"), chosen)
        self_ratings = store.fetch_records(SelfRating, _judged("self_ratings", "self_rating_id"), chosen)
        answers = store.fetch_records(AnswerRow, _ANSWERS_SQL, chosen)
        transcripts = records(Transcript, "transcripts", _UP_FROM_TRANSCRIPTS)
        trials = [
            one
            for one in store.fetch_records(Trial, _TRIALS_SQL, chosen)
            if one.turn_id in here and (one.other_turn_id is None or one.other_turn_id in here)
        ]
        asked_about_here = {one.trial_id for one in trials}
        return Snapshot(
            records(Session, "sessions"),
            records(Scene, "scenes"),
            records(CastingRow, "castings", _UP_FROM_TAKES),
            [_struck(take, pending) for take in records(Take, "takes", _UP_FROM_TAKES)],
            records(Track, "tracks", _UP_FROM_TRACKS),
            records(Hole, "holes", _UP_FROM_TRACKS),
            records(Cue, "cues", _UP_FROM_TRACKS),
            records(SideCoaching, "side_coachings", _UP_FROM_TRACKS),
            turns,
            [one for one in ratings if one.turn_id in here],
            [one for one in self_ratings if one.turn_id in here],
            records(Event, "events"),
            store.fetch_records(Material, _MATERIALS_SQL, chosen),
            records(SoundCheckRow, "sound_checks"),
            records(Note, "notes"),
            {row[0]: row[1] for row in store.fetch_all("SELECT person_id, pseudonym FROM people")},
            _standings_of_all(store, chosen, pending, now),
            now,
            frozenset(row[0] for row in store.fetch_all(_PRIVATE_IDS_SQL)),
            profiles=_profiles(store),
            trials=trials,
            answers=[one for one in answers if one.trial_id in asked_about_here],
            transcripts=[one for one in transcripts if one.turn_id in here],
            left_out=_silences(reviews),
            absent_raters=_absent_raters(store),
        )


def _left_out(store: Still, chosen: str) -> dict[TrackId, list[TurnReview]]:
    """Return the stretches that performers left out, by track."""
    found: defaultdict[TrackId, list[TurnReview]] = defaultdict(list)
    for review in store.fetch_records(TurnReview, _LEFT_OUT_SQL, chosen):
        found[review.track_id].append(review)
    return found


def _is_left_out(turn: TargetedTurn, reviews: Mapping[TrackId, Sequence[TurnReview]]) -> bool:
    return any(
        one.start_samples < turn.end_samples and one.end_samples > turn.start_samples
        for one in reviews.get(turn.track_id, ())
    )


def _silences(reviews: Mapping[TrackId, Sequence[TurnReview]]) -> frozenset[tuple[TrackId, Span]]:
    return frozenset(
        (track, Span(one.clip_start_samples, one.clip_end_samples)) for track, found in reviews.items() for one in found
    )


def _absent_raters(store: Still) -> frozenset[tuple[SessionId, PersonId]]:
    return frozenset(
        (session, person) for session, person in store.fetch_all("SELECT session_id, person_id FROM absent_raters")
    )


def _profiles(store: Still) -> dict[PersonId, Profile]:
    found: defaultdict[PersonId, dict[Question, str]] = defaultdict(dict)
    for person_id, question, answer in store.fetch_all("SELECT person_id, question, answer FROM profiles"):
        found[person_id][Question(question)] = answer
    return dict(found)


@dataclass(frozen=True, slots=True)
class Withheld:
    """What decides now whether a snapshot is out of date.

    `standings` are those of consents, by session and person; `takes` are struck, `left_out` as in the snapshot.
    """

    standings: dict[tuple[SessionId, PersonId], Standings]
    takes: frozenset[TakeId]
    left_out: frozenset[tuple[TrackId, Span]]


def read_withheld(database: Path, session_ids: Sequence[SessionId], pending: Pending = NOTHING_PENDING) -> Withheld:
    """Read the consents and strikes of sessions as they are now."""
    chosen = json.dumps(sorted(set(session_ids)))
    with still(database) as store:
        takes = [row[0] for row in store.fetch_all(_STRUCK_SQL, chosen)]
        takes += [take for take, scene in store.fetch_all(_TAKES_SQL, chosen) if scene in pending.stopped]
        standings = _standings_of_all(store, chosen, pending, _now())
        return Withheld(standings, frozenset(takes), _silences(_left_out(store, chosen)))


def _select(table: str, joins: str) -> str:
    # A rowid is the table's integer key, so rows come in the order in which they were stored.
    chosen = "session_id IN (SELECT value FROM json_each(?))"
    return f"SELECT {table}.* FROM {table} {joins} WHERE {chosen} ORDER BY {table}.rowid"  # noqa: S608 - all literals


def _judged(view: str, key: str) -> str:
    # A view has no row ids: the ids of trials say in which order they were stored.
    return (
        f"SELECT {view}.* FROM {view} JOIN trials ON trial_id = {key} "  # noqa: S608 - all literals
        f"WHERE session_id IN (SELECT value FROM json_each(?)) ORDER BY {key}"
    )


def _struck(take: Take, pending: Pending) -> Take:
    stopped_at = pending.stopped.get(take.scene_id)
    return take if stopped_at is None or take.struck_at else replace(take, struck_at=stopped_at)


def _standings_of_all(
    store: Still, chosen: str, pending: Pending, now: str
) -> dict[tuple[SessionId, PersonId], Standings]:
    """Return how consents stand on the servers of sessions, by session and person, for everyone with an event."""
    logs: defaultdict[PersonId, list[ConsentEvent]] = defaultdict(list)
    for row in store.fetch_records(ConsentRow, "SELECT * FROM consent_events ORDER BY consent_event_id"):
        logs[row.person_id].append(row.event)
    people = dict(store.fetch_all("SELECT discord_user_id, person_id FROM people"))
    ended: defaultdict[PersonId | None, set[Scope]] = defaultdict(set)
    for user, scopes in pending.ended:
        ended[people.get(user)] |= scopes
    asked: defaultdict[PersonId | None, list[Asked]] = defaultdict(list)
    for user, one in pending.consents:
        asked[people.get(user)].append(one)
    guilds = dict(store.fetch_all(_GUILDS_SQL, chosen))
    in_guild = {
        (guild_id, person_id): _standing_there(log, guild_id, asked[person_id], ended[person_id], now)
        for guild_id in set(guilds.values())
        for person_id, log in logs.items()
    }
    return {(session, person): in_guild[guild, person] for session, guild in guilds.items() for person in logs}


def _standing_there(
    log: Sequence[ConsentEvent], guild_id: GuildId, asked: Sequence[Asked], ended: Set[Scope], now: str
) -> Standings:
    found = standings(log, guild_id)
    if not asked and not ended:
        return found
    left = consented(log, guild_id, now)
    for one in asked:
        left = after_asking(left, one, guild_id)
    return narrowed(found, left.here - ended)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
