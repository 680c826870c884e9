"""Trials: stored when a rater is shown a clip, answered when they send the form."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.answers import Answer
from bot.domain.ids import PersonId, SessionId, TrialId, TrialToken, TurnId
from bot.domain.states import TrialKind, TrialPurpose
from bot.store.reader import Reader
from bot.store.records import Trial
from bot.store.transaction import Transaction

_OF_TURN = "SELECT * FROM trials WHERE turn_id = ? AND rater_id = ? AND purpose = 'rating' AND kind <> 'pair'"

_OPEN_PAIR = (
    "SELECT * FROM trials WHERE turn_id = ? AND other_turn_id = ? AND rater_id = ? AND kind = 'pair' "
    "AND answered_at IS NULL"
)
_OPEN_CHECK = (
    "SELECT * FROM trials WHERE turn_id = ? AND rater_id = ? AND purpose = ? AND kind = 'turn' AND answered_at IS NULL"
)

_ASKED = """
    SELECT trial_id, items, NULL AS item FROM trials
    WHERE turn_id = :turn AND kind = 'turn' AND purpose = 'rating' AND rater_id <> :rater AND items IS NOT NULL
      AND ((answered_at IS NULL AND shown_at >= :since) OR trial_id IN (SELECT rating_id FROM ratings
                                                                       WHERE turn_id = :turn))
    UNION ALL
    SELECT DISTINCT trial_id, NULL, item FROM trials JOIN answers USING (trial_id)
    WHERE turn_id = :turn AND kind = 'turn' AND purpose = 'rating' AND rater_id <> :rater AND items IS NULL
"""

_REPORTS = """
    SELECT count(*) AS raters, count(*) FILTER (WHERE value = :report) AS reports
    FROM trials JOIN answers USING (trial_id)
    WHERE turn_id = :turn AND kind = 'turn' AND purpose = 'rating' AND item = 'emotion'
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What one rater is asked: about which turn, the items in order, and the instrument that they are from.

    `other_turn_id` is the second turn of a pair. An instrument of None is the voice test, which has no file.
    """

    session_id: SessionId
    kind: TrialKind
    rater_id: PersonId
    turn_id: TurnId
    instrument_sha256: str | None
    items: Sequence[str]
    purpose: TrialPurpose = TrialPurpose.RATING
    other_turn_id: TurnId | None = None


@dataclass(frozen=True, slots=True)
class Answering:
    """What a rater knew and when they answered.

    `is_partner`: they were on stage. `was_shown_prompt`: they had asked for the scene's prompt. `shown_at` is when they
    were given the clip, None if that is unknown; `took_ms` is how long that is ago.
    """

    is_partner: bool
    was_shown_prompt: bool
    shown_at: str | None
    took_ms: int | None


async def trial_of(reader: Reader, turn_id: TurnId, rater_id: PersonId) -> Trial | None:
    """Return the trial in which a person rates a turn, whether it is answered or not; None without one."""
    return await reader.fetch_record(Trial, _OF_TURN, turn_id, rater_id)


async def find_trial(reader: Reader, token: TrialToken) -> Trial | None:
    """Return the trial that a button or a form names; None if there is none, or no longer."""
    return await reader.fetch_record(Trial, "SELECT * FROM trials WHERE token = ?", token)


async def asked_about(reader: Reader, turn_id: TurnId, rater_id: PersonId, since: str) -> Mapping[str, int]:
    """Return how many raters of a turn, other than this one, have been asked each item.

    Those count who could judge the turn, and those who were shown it since a time and may still answer.
    """
    asked: Counter[str] = Counter()
    for row in await reader.fetch_all(_ASKED, turn=turn_id, rater=rater_id, since=since):
        asked.update(json.loads(row["items"]) if row["items"] else [row["item"]])
    return asked


async def show_trial(tx: Transaction, question: Question, *, is_partner: bool, now: str) -> Trial:
    """Store that a rater is shown a clip. A trial that they have not answered yet keeps its number and its token."""
    found = await _shown_before(tx, question)
    if found:
        await tx.execute(
            "UPDATE trials SET shown_at = ?, items = ? WHERE trial_id = ?",
            now,
            json.dumps(list(question.items)),
            found.trial_id,
        )
        return found
    last = await tx.fetch_value(
        "SELECT max(number) FROM trials WHERE session_id = ? AND rater_id = ?", question.session_id, question.rater_id
    )
    token = _new_token()
    await tx.insert(
        "trials",
        session_id=question.session_id,
        kind=question.kind,
        purpose=question.purpose,
        rater_id=question.rater_id,
        turn_id=question.turn_id,
        other_turn_id=question.other_turn_id,
        number=(last or 0) + 1,
        instrument_sha256=question.instrument_sha256,
        items=json.dumps(list(question.items)),
        is_partner=int(is_partner),
        knew_prompt=int(is_partner),
        shown_at=now,
        token=token,
    )
    stored = await find_trial(tx, token)
    assert stored is not None, "the row was just written"
    return stored


async def _shown_before(reader: Reader, question: Question) -> Trial | None:
    if question.kind is TrialKind.PAIR:
        return await reader.fetch_record(Trial, _OPEN_PAIR, question.turn_id, question.other_turn_id, question.rater_id)
    if question.purpose is TrialPurpose.RATING:
        return await trial_of(reader, question.turn_id, question.rater_id)
    return await reader.fetch_record(Trial, _OPEN_CHECK, question.turn_id, question.rater_id, question.purpose)


def _new_token() -> TrialToken:
    """80 random bits, like those of the migration that brought tokens."""
    return TrialToken(f"t{secrets.token_hex(10)}")


async def answer_trial(
    tx: Transaction, trial_id: TrialId, answers: Iterable[Answer], answering: Answering, *, now: str
) -> None:
    """Store the answers of a trial. The trial must not have any yet."""
    await tx.execute(
        "UPDATE trials SET is_partner = ?, knew_prompt = ?, shown_at = ?, answered_at = ?, response_ms = ? "
        "WHERE trial_id = ?",
        int(answering.is_partner),
        int(answering.is_partner or answering.was_shown_prompt),
        answering.shown_at,
        now,
        answering.took_ms,
        trial_id,
    )
    for answer in answers:
        column = "words" if answer.is_words else "value"
        await tx.insert("answers", trial_id=trial_id, item=answer.item, **{column: answer.value})


async def reports_of(reader: Reader, turn_id: TurnId, report: str) -> tuple[int, int]:
    """Return how many raters answered about a turn, and how many of them reported this in place of an emotion."""
    row = await reader.fetch_one(_REPORTS, turn=turn_id, report=report)
    assert row is not None, "a count has a row"
    return row["raters"], row["reports"]


async def is_answered(reader: Reader, turn_id: TurnId, person_id: PersonId) -> bool:
    """Whether a person has judged a turn, either as a peer or as its performer."""
    found = await trial_of(reader, turn_id, person_id)
    return found is not None and found.answered_at is not None
