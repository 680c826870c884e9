"""Transcripts: imported for turns, kept, published only if their speaker allows it, and gone with the turn."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Layout, Options
from bot.dataset.model.selection import keep_consented
from bot.domain.consent import Scope
from bot.domain.erasing import Asker, ErasureWish
from bot.domain.ids import PersonId, TrackId, TurnId
from bot.rights.asking import ask_erasure_of
from bot.store.erasures import person_with
from bot.store.exporting import read_snapshot
from bot.store.forgetting import forget
from bot.store.personal import personal_tables
from bot.store.records import Erasure
from bot.store.stillness import still
from bot.store.turns import add_turns
from bot.store.writing import writing
from tools.synthetic.session import NOW, PERFORMER_SCOPES, Troupe, play_evening

OPEN, CLOSED = PersonId(1), PersonId(2)
"""Who lets their words be published, and who does not."""


@pytest.fixture
async def turns(troupe: Troupe) -> dict[tuple[int, PersonId], TurnId]:
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(2)]
    await troupe.grant(OPEN, Scope.PUBLISH_TRANSCRIPT)
    return await play_evening(troupe, people, [])


def clip(scene: int, person: PersonId) -> str:
    return f"S0001_scene{scene:02d}_take01_spk_{person:08x}_turn001"


async def imported(troupe: Troupe, rows: dict[str, str], *words: str) -> Result:
    file = troupe.home.folder / "said.jsonl"
    file.write_text("\n".join(json.dumps({"clip_id": name, "text": text}) for name, text in rows.items()))
    arguments = ["transcripts", "import", str(file), "--source", "asr 1", "--home", str(troupe.home.folder), *words]
    return await asyncio.to_thread(CliRunner().invoke, app, arguments)


async def kept(troupe: Troupe) -> dict[TurnId, str]:
    return {row[0]: row[1] for row in await troupe.database.fetch_all("SELECT turn_id, text FROM transcripts")}


async def test_a_later_import_replaces_and_a_wrong_one_changes_nothing(
    troupe: Troupe, turns: dict[tuple[int, PersonId], TurnId]
) -> None:
    done = await imported(troupe, {clip(1, OPEN): "Good evening", clip(1, CLOSED): "Who is there?"}, "--json")
    assert json.loads(done.stdout) == {"transcripts": 2, "replaced": 0, "unknown": 0, "empty": 0}
    wrong = await imported(troupe, {clip(1, OPEN): "Good night", clip(7, OPEN): "No such scene"})
    assert wrong.exit_code == 1
    assert (await kept(troupe))[turns[1, OPEN]] == "Good evening"
    again = {clip(1, OPEN): "Good night", clip(1, CLOSED): "Who is there?", clip(7, OPEN): "?"}
    done = await imported(troupe, again, "--skip-unknown", "--json")
    assert json.loads(done.stdout) == {"transcripts": 2, "replaced": 1, "unknown": 1, "empty": 0}
    assert await kept(troupe) == {turns[1, OPEN]: "Good night", turns[1, CLOSED]: "Who is there?"}


async def test_words_go_out_only_if_their_speaker_lets_them(
    troupe: Troupe, turns: dict[tuple[int, PersonId], TurnId], tmp_path: Path
) -> None:
    await imported(troupe, {clip(scene, one): f"Word {scene} {one}" for scene in (1, 2) for one in (OPEN, CLOSED)})
    order = ExportOrder(
        troupe.database.path, troupe.home, tmp_path / "out", troupe.sessions, options=Options(Layout.AUDIOFOLDER)
    )
    result = await asyncio.to_thread(export_dataset, order, jobs=1)
    tables = result.path / "tables"
    found = {row["clip_id"]: row["transcript"] for row in json.loads((tables / "turns.json").read_text())}
    assert found == {clip(one, OPEN): f"Word {one} 1" for one in (1, 2)} | {clip(one, CLOSED): None for one in (1, 2)}
    dialogues = json.loads((tables / "dialogues.json").read_text())
    assert sum(turn["transcript"] is not None for row in dialogues for turn in row["turns"]) == 2
    assert result.left_out["transcripts_without_consent"] == 2
    card = (result.path / "README.md").read_text()
    assert "2 of the 4 clips have a `transcript`" in card
    assert "asr 1 (2)" in card
    assert not [path for path in result.path.rglob("*") if path.is_file() and b"Word 1 2" in path.read_bytes()]


async def test_what_was_withdrawn_is_no_longer_published(
    troupe: Troupe, turns: dict[tuple[int, PersonId], TurnId]
) -> None:
    await imported(troupe, {clip(1, OPEN): "Good evening", clip(1, CLOSED): "Who is there?"})

    def published() -> list[str]:
        snapshot, _ = keep_consented(read_snapshot(troupe.database.path, troupe.sessions), Options())
        return [one.text for one in snapshot.transcripts]

    assert published() == ["Good evening"]
    await troupe.withdraw(OPEN, Scope.PUBLISH_TRANSCRIPT)
    await troupe.grant(OPEN, Scope.PUBLISH_TRANSCRIPT, now="2030-01-01T00:00:00.000Z")
    assert published() == [], "a later consent does not bring back what was withdrawn"
    assert len(await kept(troupe)) == 2


async def test_a_turn_with_a_transcript_stays_when_turns_are_found_again(
    troupe: Troupe, turns: dict[tuple[int, PersonId], TurnId]
) -> None:
    await imported(troupe, {clip(1, OPEN): "Good evening"})
    async with troupe.database.transaction() as tx:
        await tx.execute("DELETE FROM trials")
        for (track_id,) in await tx.fetch_all("SELECT track_id FROM tracks"):
            await add_turns(tx, TrackId(track_id), [], [], "better-2")
    assert [row[0] for row in await troupe.database.fetch_all("SELECT turn_id FROM turns")] == [turns[1, OPEN]]


async def test_an_erased_person_takes_their_words_with_them_and_their_name_out_of_others(
    troupe: Troupe, turns: dict[tuple[int, PersonId], TurnId]
) -> None:
    await imported(troupe, {clip(1, OPEN): "Good evening, Bert", clip(1, CLOSED): "Who is there?"})
    with still(troupe.database.path) as store:
        (own,) = personal_tables(store, CLOSED)["transcripts"]
        person = person_with(store, f"spk_{CLOSED:08x}")
    assert (own["text"], own["source"]) == ("Who is there?", "asr 1")
    assert person
    ask_erasure_of(troupe.home, person.pseudonym, ErasureWish(Asker.OPERATOR, NOW, False, ("Bert",)))
    with writing(troupe.database.path) as tx:
        (erasure,) = tx.fetch_records(Erasure, "SELECT * FROM erasures")
        counts = forget(tx, person, erasure)
    assert (counts["transcripts"], counts["texts"]) == (1, 1)
    (left,) = (await kept(troupe)).values()
    assert "Bert" not in left


async def test_transcripts_can_be_counted_and_removed(
    troupe: Troupe, turns: dict[tuple[int, PersonId], TurnId]
) -> None:
    await imported(troupe, {clip(1, OPEN): "Good evening"})
    home = ["--home", str(troupe.home.folder)]

    def run(*words: str) -> str:
        return CliRunner().invoke(app, ["transcripts", *words, *home]).stdout

    listed = json.loads(await asyncio.to_thread(run, "list", "--json"))
    assert listed == {"sessions": [{"session_id": 1, "turns": 4, "transcripts": 1, "sources": "asr 1"}]}
    assert "0 transcripts" in await asyncio.to_thread(run, "remove", "--source", "someone else")
    assert "1 transcripts" in await asyncio.to_thread(run, "remove", "--session", "1")
    assert await kept(troupe) == {}
