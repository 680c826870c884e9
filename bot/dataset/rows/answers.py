"""The long table of answers: one row per trial, item and value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from bot.dataset.model.contents import Contents
from bot.dataset.model.details import without_ids
from bot.dataset.rows.columns import Row
from bot.dataset.rows.places import Places
from bot.dataset.rows.schema import TABLES
from bot.domain.instrument import Instrument
from bot.domain.states import MaterialKind, TrialKind
from bot.store.materials import instrument_in
from bot.store.records import AnswerRow, Trial

VOICE_TEST: Final = "voice_test"
"""In place of an instrument's name: pairs are asked without one."""


def answer_rows(contents: Contents) -> Iterator[Row]:
    """Yield every answer with its trial and the instrument that asked, in the order in which they were stored."""
    snapshot, places = contents.snapshot, Places(contents)
    instruments = {one.sha256: instrument_in(one) for one in snapshot.materials if one.kind is MaterialKind.INSTRUMENT}
    named = {session.session_id: session.instrument for session in snapshot.sessions}
    trials = {trial.trial_id: trial for trial in snapshot.trials}
    for answer in snapshot.answers:
        trial = trials[answer.trial_id]
        asked_with = instruments.get(trial.instrument_sha256 or "")
        row: Row = {
            **places.clip(trial.turn_id),
            **_facts(trial, answer),
            "other_clip_id": places.clip_id(trial.other_turn_id),
            "rater_id": contents.index.name(trial.rater_id),
            "is_absent": contents.index.was_absent(trial.rater_id, trial.turn_id),
            "instrument": _instrument(trial, asked_with, named[trial.session_id]),
            "instrument_version": asked_with and asked_with.version,
        }
        yield {name: row[name] for name in TABLES["answers"].head}


def _instrument(trial: Trial, asked_with: Instrument | None, of_session: str) -> str:
    if trial.kind is TrialKind.PAIR:
        return VOICE_TEST
    return asked_with.name if asked_with else of_session


def _facts(trial: Trial, answer: AnswerRow) -> Row:
    return {
        "trial": trial.trial_id,
        "kind": str(trial.kind),
        "purpose": str(trial.purpose),
        "number": trial.number,
        "items": trial.items and json.loads(trial.items),
        "item": answer.item,
        "value": without_ids(answer.words) if answer.value is None and answer.words else answer.value,
        "is_partner": bool(trial.is_partner),
        "knew_prompt": bool(trial.knew_prompt),
        "shown_at": trial.shown_at,
        "answered_at": trial.answered_at,
        "response_ms": trial.response_ms,
        "instrument_sha256": trial.instrument_sha256,
    }
