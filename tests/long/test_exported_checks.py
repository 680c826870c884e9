"""The tables of the voice test and of hidden repeats in a dataset, recomputed from its other tables."""

from __future__ import annotations

import asyncio
import json
from itertools import combinations
from pathlib import Path
from random import Random
from statistics import NormalDist
from typing import Any

import pytest

from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Layout, Options
from bot.dataset.verifying.verify import verify
from bot.domain.consent import Scope
from bot.domain.ids import PersonId, SessionId, TurnId
from bot.domain.instrument import EMOTION_ITEM
from bot.domain.queue.pairs import SAME_CHARACTER, PairAnswer
from bot.domain.states import TrialKind, TrialPurpose
from bot.store.trials import Answer, Answering, Question, answer_trial, show_trial
from tools.synthetic.session import NOW, PERFORMER_SCOPES, Troupe, open_troupe

SCENES = 12
REPEATS = 11
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    """What is exported of an evening with pairs and repeats, as files and as Parquet."""
    folder = tmp_path_factory.mktemp("checked")
    order = asyncio.run(_play(folder))
    out = export_dataset(order).path
    assert verify(out).wrong == []
    return {path.stem: json.loads(path.read_bytes()) for path in (out / "tables").glob("*.json")}


async def _play(folder: Path) -> ExportOrder:
    """Two performers play twelve scenes, one of them two characters in turn. Someone who was not on stage compares."""
    random = Random(7)
    troupe = await open_troupe(folder / "home")
    changing, holding = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(2)]
    rater = await troupe.add_person(Scope.PEER_RATING)
    session_id = await troupe.add_session(changing)
    turns = [await troupe.add_take(session_id, [changing, holding]) for _ in range(SCENES)]
    async with troupe.database.transaction() as tx:
        await tx.execute("UPDATE castings SET character = 'old-ledger' WHERE person_id = ?", holding)
        await tx.execute(
            "UPDATE castings SET character = 'night-radio' FROM scenes "
            "WHERE scenes.scene_id = castings.scene_id AND number % 2 = 0 AND person_id = ?",
            changing,
        )
    voices = [
        (of_scene[performer], number, performer) for number, of_scene in enumerate(turns) for performer in of_scene
    ]
    for (one, scene, performer), (other, other_scene, other_performer) in combinations(voices, 2):
        is_same = performer == other_performer and (performer == holding or (scene - other_scene) % 2 == 0)
        says_same = random.random() < (0.85 if is_same else 0.25)
        if scene == other_scene == 0:
            # It counts for nothing.
            await _ask(troupe, session_id, rater, (other, one), PairAnswer.CANNOT_JUDGE)
        await _ask(troupe, session_id, rater, (one, other), PairAnswer.SAME if says_same else PairAnswer.DIFFERENT)
    for number, of_scene in enumerate(turns):
        await troupe.rate(of_scene[changing], rater, "joy" if number % 3 else "fear", is_partner=False)
    for number, of_scene in enumerate(turns[:REPEATS]):
        await _ask(troupe, session_id, rater, (of_scene[changing], None), "joy" if number % 4 else "fear")
    await troupe.database.close()
    options = Options(Layout.AUDIOFOLDER)
    return ExportOrder(troupe.database.path, troupe.home, folder / "out", troupe.sessions, options)


async def _ask(
    troupe: Troupe, session_id: SessionId, rater: PersonId, turns: tuple[TurnId, TurnId | None], answer: str
) -> None:
    """Store the answer to a pair, or to the repeat of one turn."""
    turn_id, other = turns
    kind, item = (TrialKind.PAIR, SAME_CHARACTER) if other else (TrialKind.TURN, EMOTION_ITEM)
    purpose = TrialPurpose.RATING if other else TrialPurpose.REPEAT
    question = Question(session_id, kind, rater, turn_id, None, [item], purpose, other)
    async with troupe.database.transaction() as tx:
        trial = await show_trial(tx, question, is_partner=False, now=NOW)
        answering = Answering(False, was_shown_prompt=False, shown_at=None, took_ms=None)
        await answer_trial(tx, trial.trial_id, [Answer(item, answer)], answering, now=NOW)


def z(said: int, of: int) -> float:
    return NormalDist().inv_cdf((said + 0.5) / (of + 1))


def counted(tables: dict[str, Rows], who: tuple[str, str] | None, against: str) -> tuple[int, int, int, int]:
    """How many pairs there are of the same voice and of others, and how many of each were called the same."""
    played = {(row["scene"], row["speaker_id"]): row["character"] for row in tables["castings"]}
    voice = {
        row["clip_id"]: (row["speaker_id"], played[row["scene"], row["speaker_id"]])
        for row in tables["turns"]
        if row["clip_id"]
    }
    signals, hits, noises, alarms = 0, 0, 0, 0
    for row in tables["answers"]:
        if row["kind"] != "pair" or row["value"] == "cannot_judge":
            continue
        one, other = voice[row["clip_id"]], voice[row["other_clip_id"]]
        if who not in {None, one, other}:
            continue
        says_same = row["value"] == "same"
        if one == other:
            signals, hits = signals + 1, hits + says_same
        elif against == "all" or (one[0] == other[0]) == (against == "other_character"):
            noises, alarms = noises + 1, alarms + says_same
    return signals, hits, noises, alarms


def test_each_voice_has_its_sensitivity(tables: dict[str, Rows]) -> None:
    speakers = {row["character"]: row["speaker_id"] for row in tables["castings"]}
    groups = [None, *((speaker, character) for character, speaker in speakers.items())]
    rows = {(row["raters"], row["against"], row["speaker_id"], row["character"]): row for row in tables["voice_test"]}
    assert len(rows) == len(tables["voice_test"]) == 2 * 3 * len(groups) == 24
    for against in ("all", "other_character", "other_performer"):
        for who in groups:
            speaker, character = who or (None, None)
            row = rows["all", against, speaker, character]
            signals, hits, noises, alarms = counted(tables, who, against)
            assert (row["signals"], row["noises"]) == (signals, noises)
            if min(signals, noises) < 20:
                assert (row["d_prime"], row["hit_rate"], row["reason"]) == (None, None, "too_few_trials")
                continue
            assert row["hit_rate"] == pytest.approx(hits / signals)
            assert row["false_alarm_rate"] == pytest.approx(alarms / noises)
            assert row["d_prime"] == pytest.approx(z(hits, signals) - z(alarms, noises), abs=1e-8)
            assert row["criterion"] == pytest.approx(-(z(hits, signals) + z(alarms, noises)) / 2, abs=1e-8)
            assert row["d_prime_low"] < row["d_prime"] < row["d_prime_high"]
    assert rows["all", "all", None, None]["signals"] == 66 + 2 * 15
    assert rows["all", "other_character", None, None]["noises"] == 36
    assert rows["all", "other_character", speakers["old-ledger"], "old-ledger"]["reason"] == "too_few_trials"


def test_a_rater_is_compared_with_themselves(tables: dict[str, Rows]) -> None:
    (row,) = tables["repeat_consistency"]
    same = sum(bool(number % 3) == bool(number % 4) for number in range(REPEATS))
    assert (row["item"], row["level"], row["repeats"]) == ("perceived_emotion", "nominal", REPEATS)
    assert row["same"] == pytest.approx(same / REPEATS)
    assert row["rater_id"] in {person["person"] for person in tables["people"]}
    assert row["agreement"] < row["same"] < 1
