"""Exports for a purpose and a recipient: exactly what each person in them permits, and an entry in the register."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import soundfile

from bot.dataset.errors import NothingToExport, UseUnregistered
from bot.dataset.export import ExportOrder, ExportResult, export_dataset
from bot.dataset.model.options import Layout, Options
from bot.dataset.release import registering
from bot.domain.consent import PURPOSES
from bot.domain.consent_terms import Representation, Scope, Terms
from bot.domain.ids import PersonId
from bot.samples import SAMPLE_RATE_HZ
from bot.store.erasures import person_with, withdraw_everything
from bot.store.errors import DatabaseUnwritable
from bot.store.uses import uses_of
from bot.store.writing import BlockingTransaction
from tools.synthetic.session import PERFORMER_SCOPES, Troupe, open_troupe, pitch_hz, play_evening

ACME, BETA = "Acme Voices", "Beta"
LATER, LAST = "2026-11-23T00:00:00.000Z", "2026-11-24T00:00:00.000Z"
REPLICA = Terms((), "2999-01-01T00:00:00.000Z", "the voice of one character in one game", Representation.UNION)
ENDED = Terms((), "2026-11-25T00:00:00.000Z", "the voice of one character in one game", Representation.UNION)


@pytest.fixture
async def troupe(tmp_path: Path) -> Any:
    troupe = await open_troupe(tmp_path / "home")
    yield troupe
    await troupe.database.close()


async def played(troupe: Troupe) -> list[PersonId]:
    """Six performers whose consents all differ; all were recorded in the same takes."""
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(6)]
    anna, bert, clara, dora, emil, fritz = people
    await play_evening(troupe, people, [])
    for person in (anna, bert):
        await troupe.grant(person, Scope.SHARE_WITH_CLIENT, Terms((ACME,)))
    await troupe.grant(anna, Scope.TRAIN_GENERATIVE_SPEECH)
    await troupe.grant(clara, Scope.SHARE_WITH_CLIENT, Terms((BETA,)))
    await troupe.grant(clara, Scope.PUBLIC_RELEASE)
    await troupe.grant(dora, Scope.VOICE_CLONE_REPLICA, REPLICA)
    await troupe.grant(emil, Scope.VOICE_CLONE_REPLICA, ENDED)
    await troupe.withdraw(fritz, Scope.TRAIN_RECOGNITION)
    await troupe.grant(fritz, Scope.TRAIN_RECOGNITION, now=LATER)
    return people


def export(troupe: Troupe, name: str, **bound: Any) -> ExportResult:
    options = Options(Layout.AUDIOFOLDER, has_dialogues=True, **bound)
    out = troupe.home.folder.parent / name
    return export_dataset(ExportOrder(troupe.database.path, troupe.home, out, troupe.sessions, options))


def permitted(database: Path, purpose: str | None, recipient: str | None) -> set[str]:
    """Who may be in an export, asked in SQL that knows nothing of the code: by pseudonym."""
    wanted = [
        "record",
        "store_and_review",
        *([purpose] if purpose else []),
        *(["share_with_client"] if recipient else []),
    ]
    sql = """
        SELECT pseudonym FROM people WHERE NOT EXISTS (
            SELECT 1 FROM json_each(:wanted) AS need WHERE NOT EXISTS (
                SELECT 1 FROM consent_events AS given
                WHERE given.person_id = people.person_id AND given.scope = need.value AND given.action = 'grant'
                  AND (given.ends_at IS NULL OR given.ends_at > :now)
                  AND (need.value <> 'share_with_client'
                       OR EXISTS (SELECT 1 FROM json_each(given.recipients) AS one WHERE one.value = :recipient))
                  AND NOT EXISTS (SELECT 1 FROM consent_events AS gone
                                  WHERE gone.person_id = given.person_id AND gone.scope = given.scope
                                    AND gone.action = 'withdraw')))
    """
    with closing(sqlite3.connect(database)) as connection:
        values = {"wanted": json.dumps(wanted), "recipient": recipient, "now": LAST.replace("2026", "2027")}
        return {row[0] for row in connection.execute(sql, values)}


def heard_in(path: Path) -> set[int]:
    """Which of the six hum in a file: each at a pitch of their own."""
    mono = soundfile.read(path, always_2d=True)[0].mean(axis=1)
    spectrum = np.abs(np.fft.rfft(mono * np.hanning(len(mono))))
    peak = {person: spectrum[round(pitch_hz(person) * len(mono) / SAMPLE_RATE_HZ)] for person in range(1, 7)}
    loudest = max(peak.values())
    return {person for person, value in peak.items() if value > loudest / 30}


def rows_of(folder: Path) -> Iterator[dict[str, Any]]:
    for path in folder.glob("clips/*/metadata.parquet"):
        yield from pq.read_table(path).to_pylist()


async def test_each_purpose_and_recipient_gets_exactly_what_is_permitted_for_it(troupe: Troupe):
    people = await played(troupe)
    known = await troupe.database.fetch_all("SELECT pseudonym, person_id FROM people")
    names: dict[str, int] = {row["pseudonym"]: row["person_id"] for row in known}
    seen: set[frozenset[str]] = set()
    for purpose, recipient in product((None, *PURPOSES), (None, ACME, BETA, "Nobody")):
        expected = permitted(troupe.database.path, purpose, recipient)
        name = f"{purpose}-{recipient}"
        if not expected:
            with pytest.raises(NothingToExport):
                export(troupe, name, purpose=purpose, recipient=recipient)
            continue
        out = export(troupe, name, purpose=purpose, recipient=recipient).path
        seen.add(frozenset(expected))
        rows = list(rows_of(out))
        assert {row["speaker_id"] for row in rows} == expected, name
        assert {path.stem.rsplit("_take01_", 1)[1] for path in (out / "tracks").iterdir()} == expected
        heard = {names[one] for one in expected}
        for file in (*(out / "mixes").iterdir(), *(out / "dialogues").iterdir()):
            assert heard_in(file) == heard, f"{name}: {file.name}"
        assert all(purpose in row["consents"] for row in rows if purpose)
        assert (f"`{purpose}`" in (out / "README.md").read_text()) or purpose is None
    assert len(seen) >= 6, "the combinations differ"
    fritz = next(name for name, person in names.items() if person == people[5])
    rows = list(rows_of(troupe.home.folder.parent / "None-None"))
    assert {"train_recognition" in row["consents"] for row in rows if row["speaker_id"] == fritz} == {False}


async def test_every_export_is_in_the_register_with_whose_sound_was_in_it(troupe: Troupe):
    anna, bert, *_ = await played(troupe)
    first = export(troupe, "acme", recipient=ACME)
    again = export(troupe, "acme", recipient=ACME)
    export(troupe, "models", purpose=Scope.TRAIN_GENERATIVE_SPEECH)
    of_anna = await uses_of(troupe.database, anna)
    assert [(one.purpose, one.recipient, one.clips) for one in of_anna] == [
        (None, ACME, 2),
        (None, ACME, 2),
        ("train_generative_speech", None, 2),
    ]
    assert [one.release_id for one in of_anna[:2]] == [first.version, again.version]
    assert of_anna[0].content_sha256 == of_anna[1].content_sha256 != of_anna[2].content_sha256
    assert [one.recipient for one in await uses_of(troupe.database, bert)] == [ACME, ACME]


async def test_who_is_heard_without_a_clip_is_in_the_register(troupe: Troupe):
    _, bert, *_ = await played(troupe)
    async with troupe.database.transaction() as tx:
        theirs = "SELECT turn_id FROM turns JOIN tracks USING (track_id) WHERE person_id = ?"
        for table in ("trials", "turns"):
            await tx.execute(f"DELETE FROM {table} WHERE turn_id IN ({theirs})", bert)
    out = export(troupe, "acme", recipient=ACME).path
    assert heard_in(next((out / "mixes").iterdir())) == {1, 2}
    assert [(one.recipient, one.clips) for one in await uses_of(troupe.database, bert)] == [(ACME, 0)]


async def test_who_withdraws_while_an_export_waits_for_the_database_is_not_in_it(
    troupe: Troupe, monkeypatch: pytest.MonkeyPatch
):
    anna, *_ = await played(troupe)
    ready = registering.writing
    withdrawn: list[int] = []

    @contextmanager
    def after_a_withdrawal(database: Path) -> Iterator[BlockingTransaction]:
        if not withdrawn:
            with ready(database) as tx:
                person = person_with(tx, "spk_00000001")
                assert person is not None
                withdrawn.append(withdraw_everything(tx, person, LAST))
        with ready(database) as tx:
            yield tx

    monkeypatch.setattr(registering, "writing", after_a_withdrawal)
    out = export(troupe, "acme", recipient=ACME).path
    assert withdrawn[0] > 0
    assert {row["speaker_id"] for row in rows_of(out)} == {"spk_00000002"}
    assert await uses_of(troupe.database, anna) == []


async def test_nothing_goes_to_anyone_that_the_register_does_not_have(troupe: Troupe, monkeypatch: pytest.MonkeyPatch):
    await played(troupe)
    export(troupe, "here")

    def full(database: Path) -> None:
        raise DatabaseUnwritable(database, sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setattr("bot.dataset.release.registering.writing", full)
    with pytest.raises(UseUnregistered):
        export(troupe, "acme", recipient=ACME)
    assert not (troupe.home.folder.parent / "acme").exists()
    assert export(troupe, "here").clips == 12
