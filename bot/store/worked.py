"""How long everyone worked in a session, from takes, parts and answers; also for threads without an event loop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from bot.domain.ids import PersonId, SessionId
from bot.domain.pay import Judging, TakeWork, Work, rating_time, stage_times
from bot.domain.states import CutReason
from bot.samples import SAMPLE_RATE_HZ
from bot.store.reader import Row
from bot.store.writing import BlockingTransaction

TAKES_SQL: Final = """
    SELECT take_id, started_at, cut_at, cut_reason, duration_samples,
           (SELECT coalesce(sum(end_samples - start_samples), 0) FROM holes
            WHERE holes.take_id = takes.take_id AND person_id IS NULL AND cause IN ('pause', 'moved')) AS paused_samples
    FROM takes JOIN scenes USING (scene_id) WHERE session_id = ?1 AND state IN ('cut', 'void')
"""
ON_STAGE_SQL: Final = """
    SELECT take_id, castings.person_id FROM takes JOIN scenes USING (scene_id) JOIN castings USING (scene_id)
    WHERE session_id = ?1
    UNION SELECT take_id, person_id FROM tracks JOIN takes USING (take_id) JOIN scenes USING (scene_id)
    WHERE session_id = ?1
"""
JUDGED_SQL: Final = """
    SELECT rater_id AS judge, iif(kind = 'own', NULL, shown_at) AS asked_at, answered_at
    FROM trials WHERE session_id = ?1 AND answered_at IS NOT NULL
"""
"""Each needs the session."""

KEEP_SQL: Final = (
    "INSERT INTO pay_work VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
    "stage_ms = max(stage_ms, excluded.stage_ms), rating_ms = max(rating_ms, excluded.rating_ms)"
)
"""Session, person, time on stage and rating, which never fall."""

_SESSIONS_OF_SQL: Final = """
    SELECT session_id FROM castings JOIN scenes USING (scene_id) WHERE person_id = ?1
    UNION SELECT session_id FROM tracks JOIN takes USING (take_id) JOIN scenes USING (scene_id) WHERE person_id = ?1
    UNION SELECT session_id FROM trials WHERE rater_id = ?1
"""

Fields = Row | Mapping[str, Any]


def worked(on_stage: Iterable[Fields], takes: Iterable[Fields], judged: Iterable[Fields]) -> dict[PersonId, Work]:
    """Return how long everyone worked, from the rows of ON_STAGE_SQL, TAKES_SQL and JUDGED_SQL."""
    people: defaultdict[int, set[PersonId]] = defaultdict(set)
    for row in on_stage:
        people[row["take_id"]].add(row["person_id"])
    judgings: defaultdict[PersonId, list[Judging]] = defaultdict(list)
    for row in judged:
        asked = None if row["asked_at"] is None else _ms(row["asked_at"])
        judgings[row["judge"]].append(Judging(_ms(row["answered_at"]), asked))
    stage = stage_times([_take_work(row, people[row["take_id"]]) for row in takes])
    return {
        person: Work(stage.get(person, 0), rating_time(judgings.get(person, ())))
        for person in stage.keys() | judgings.keys()
    }


def keep_work_of(tx: BlockingTransaction, person_id: PersonId) -> None:
    """Keep the time that everyone worked in the sessions of a person, before what it follows from is deleted."""
    for (session_id,) in tx.fetch_all(_SESSIONS_OF_SQL, person_id):
        keep_work_in(tx, session_id)


def keep_work_in(tx: BlockingTransaction, session_id: SessionId) -> None:
    """`pay.keep_work`, for threads."""
    rows = [tx.fetch_rows(sql, session_id) for sql in (ON_STAGE_SQL, TAKES_SQL, JUDGED_SQL)]
    for one, work in worked(*rows).items():
        tx.execute(KEEP_SQL, session_id, one, work.stage_ms, work.rating_ms)


def _take_work(row: Fields, people: Collection[PersonId]) -> TakeWork:
    reason = None if row["cut_reason"] is None else CutReason(row["cut_reason"])
    samples = row["duration_samples"]
    if samples is not None:
        played = (samples - row["paused_samples"]) * 1000 // SAMPLE_RATE_HZ
    elif row["started_at"] and row["cut_at"]:
        played = _ms(row["cut_at"]) - _ms(row["started_at"])
    else:
        played = 0
    return TakeWork(max(played, 0), reason, frozenset(people))


def _ms(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)
