"""Exports of real databases and real tracks: what is in them, and what is not."""

from __future__ import annotations

import asyncio
import csv
import json
import shutil
import zipfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml

from bot.audio import sound
from bot.config import PROJECT_FOLDER
from bot.dataset.errors import FolderTaken, FolderUnwritable, NothingToExport, SessionsNotFound
from bot.dataset.export import ExportOrder, ExportResult, export_dataset
from bot.dataset.model.options import Layout, Options
from bot.dataset.model.selection import LEFT_OUT
from bot.dataset.process import ExportWork, export_apart
from bot.dataset.release.archive import zip_dataset
from bot.dataset.release.manifest import MANIFEST, sha256_of
from bot.dataset.rows.schema import TABLES
from bot.dataset.rows.turn_columns import FILE_NAME, TURN_COLUMNS
from bot.domain.consent import Scope
from bot.domain.cues import CueTimes
from bot.domain.ids import PersonId, TakeId, TurnId
from bot.domain.states import CueAnswer
from bot.live.workers import Workers
from bot.samples import SAMPLE_RATE_HZ
from bot.services.exports import plan_export
from bot.services.facts.library import Library
from bot.store.coaching import add_coaching
from bot.store.cues import add_cue
from bot.store.takes import strike_take
from tools.synthetic.session import (
    EMOTIONS,
    FIRST_USER_ID,
    GUILD_ID,
    PERFORMER_SCOPES,
    TAKE_S,
    TURN_END_S,
    TURN_START_S,
    Troupe,
    open_troupe,
    pitch_hz,
    play_evening,
)

FILES = Options(Layout.AUDIOFOLDER)


@dataclass
class Evening:
    """A session that everyone rated: four performers and one rater in the audience."""

    troupe: Troupe
    performers: list[PersonId]
    audience: PersonId
    turns: dict[tuple[int, PersonId], TurnId]

    async def export(self, out: Path, **options: Any) -> ExportResult:
        return await _export(self.troupe, out, **options)


@pytest.fixture
def workers() -> Iterator[Workers]:
    """Threads for exports."""
    workers = Workers()
    yield workers
    workers.close()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """An evening played once; its home folder is only ever copied."""
    return asyncio.run(_play(tmp_path_factory.mktemp("played")))


@pytest.fixture
async def evening(played: Evening, tmp_path: Path) -> AsyncIterator[Evening]:
    shutil.copytree(played.troupe.home.folder, tmp_path / "home")
    troupe = await open_troupe(tmp_path / "home")
    troupe.sessions = list(played.troupe.sessions)
    yield replace(played, troupe=troupe)
    await troupe.database.close()


async def _play(home: Path) -> Evening:
    troupe = await open_troupe(home)
    performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(4)]
    audience = await troupe.add_person(Scope.PEER_RATING)
    turns = await play_evening(troupe, performers, [audience])
    await troupe.database.close()
    return Evening(troupe, performers, audience, turns)


async def _export(troupe: Troupe, out: Path, **options: Any) -> ExportResult:
    loop = asyncio.get_running_loop()
    named = {"session_ids": troupe.sessions, "options": FILES} | options
    progress, jobs = named.pop("progress", None), named.pop("jobs", 1)
    order = ExportOrder(troupe.database.path, troupe.home, out, **named)

    def tell(*step: Any) -> None:
        if progress:
            loop.call_soon_threadsafe(progress, *step)

    return await asyncio.to_thread(export_dataset, order, jobs=jobs, progress=tell)


async def _planned(evening: Evening, out: Path) -> ExportOrder:
    database, home, library = evening.troupe.database, evening.troupe.home, Library(PROJECT_FOLDER / "data")
    return await plan_export(database, home, library, guild_id=None, session_id=None, out=out, options=FILES)


async def _work(evening: Evening, out: Path) -> ExportWork[ExportResult]:
    return partial(export_dataset, await _planned(evening, out), jobs=2)


def _rows(out: Path) -> list[dict[str, Any]]:
    return [row for path in sorted(out.glob("clips/*/metadata.parquet")) for row in pq.read_table(path).to_pylist()]


def _table(out: Path, name: str) -> list[dict[str, Any]]:
    return json.loads((out / "tables" / f"{name}.json").read_text())


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _heard(path: Path, person_id: int) -> bool:
    """Whether a person's hum is clearly present in a file."""
    samples = sound.read(path)
    spectrum = np.abs(np.fft.rfft(samples))
    hz = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE_HZ)
    near = np.abs(hz - pitch_hz(person_id)) < 20
    return bool(spectrum[near].max() > 100 * np.median(spectrum[hz < 4000]) and spectrum[near].max() > 100)


async def test_everything_is_where_the_card_says(evening: Evening, tmp_path: Path) -> None:
    result = await evening.export(tmp_path / "out")
    assert (result.clips, result.tracks, result.mixes, result.speakers) == (8, 8, 2, 4)
    assert (result.ratings, result.self_ratings) == (32, 8)
    assert result.splits == {"train": 6, "test": 2}
    assert result.left_out == dict.fromkeys(LEFT_OUT, 0)
    assert result.path == tmp_path / "out"
    assert _names(result.path) == ["LICENSE", "README.md", "clips", "manifest.json", "mixes", "tables", "tracks"]
    for name, table in TABLES.items():
        with (result.path / "tables" / f"{name}.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == len(_table(result.path, name))
        assert all(list(row) == table.head for row in rows)
    manifest = json.loads((result.path / MANIFEST).read_text())
    assert {*manifest["files"], "manifest.json"} == _files(result.path)
    for name, sha256 in manifest["files"].items():
        assert sha256_of(result.path / name) == sha256


async def test_clips_tracks_and_mixes_sound_as_recorded(evening: Evening, tmp_path: Path) -> None:
    out = (await evening.export(tmp_path / "out")).path
    for row in _rows(out):
        person = int(row["speaker_id"].removeprefix("spk_"), 16)
        clip = sound.read(out / "clips" / row["split"] / row["file_name"])
        assert (
            len(clip) == round((TURN_END_S - TURN_START_S) * SAMPLE_RATE_HZ) == round(row["duration"] * SAMPLE_RATE_HZ)
        )
        assert sound.rms_dbfs(clip) > -30
        assert [other for other in evening.performers if _heard(out / row["track"], other)] == [person]
        assert sound.duration_samples(out / row["track"]) == TAKE_S * SAMPLE_RATE_HZ
    for take in _table(out, "takes"):
        assert sound.duration_samples(out / take["mix"]) == TAKE_S * SAMPLE_RATE_HZ
        assert all(_heard(out / take["mix"], person) for person in evening.performers)
        assert not _heard(out / take["mix"], evening.audience)


async def test_intended_felt_and_perceived_are_three_things(evening: Evening, tmp_path: Path) -> None:
    out = (await evening.export(tmp_path / "out")).path
    for row in _rows(out):
        target = EMOTIONS[(row["scene"] - 1 + int(row["speaker_id"][-1]) - 1) % 4]
        assert row["target_emotion"] == target
        assert row["self_emotion"] == "joy"
        unanimous = row["speaker_id"].endswith("1")
        assert row["perceived_emotion"] == (target if unanimous else "no_agreement")
        assert row["agreement"] == (1.0 if unanimous else 0.25)
        assert (row["n_raters"], row["n_partner_raters"], len(row["partners"])) == (4, 3, 3)
        assert (row["perceived_valence"], row["self_valence"]) == (2.0, 4)
        assert row["perceived_dominance"] is row["perceived_voice_consistency"] is row["arc_second_emotion"] is None
    assert {rating["felt_emotion"] for rating in _table(out, "self_ratings")} == {"joy"}
    assert all(rating["speaker_id"] != rating["rater_id"] for rating in _table(out, "ratings"))


async def test_a_clip_has_the_target_that_was_in_force_when_it_was_spoken(evening: Evening, tmp_path: Path) -> None:
    database = evening.troupe.database
    (row,) = await database.fetch_all(
        "SELECT turns.turn_id, turns.start_samples, tracks.take_id, tracks.path, castings.casting_id, target_emotion "
        "FROM turns JOIN tracks USING (track_id) JOIN takes USING (take_id) JOIN castings ON castings.scene_id = "
        "takes.scene_id AND castings.person_id = tracks.person_id WHERE is_for_rating ORDER BY turn_id LIMIT 1"
    )
    shifted = "UPDATE castings SET second_emotion = 'disgust', second_intensity = 3 WHERE casting_id = ?"
    for moved, expected in ((0, "disgust"), (1, row["target_emotion"])):
        async with database.transaction() as tx:
            await tx.execute(shifted, row["casting_id"])
            await tx.execute("DELETE FROM cues")
            await add_cue(
                tx, row["take_id"], row["casting_id"], "coordinator", CueTimes(row["start_samples"] + moved * 48_000)
            )
        out = tmp_path / f"out{moved}"
        await evening.export(out)
        clips = [one for one in _rows(out) if one["cue_at"] is not None]
        assert [(one["target_emotion"], one["arc_second_emotion"]) for one in clips] == [(expected, "disgust")]
        assert clips[0]["cue_at"] == row["start_samples"] / 48_000 + moved
        (cue,) = _table(out, "cues")
        assert (cue["cause"], cue["speaker_id"], cue["basis"]) == ("coordinator", clips[0]["speaker_id"], "told")


async def test_takes_with_side_coaching_can_be_left_out_and_its_words_are_not_exported(
    evening: Evening, tmp_path: Path
) -> None:
    database = evening.troupe.database
    (row,) = await database.fetch_all(
        "SELECT take_id, casting_id, pseudonym FROM takes JOIN castings USING (scene_id) JOIN people USING (person_id) "
        "JOIN tracks USING (take_id, person_id) ORDER BY casting_id LIMIT 1"
    )
    async with database.transaction() as tx:
        await add_coaching(tx, row["take_id"], row["casting_id"], 72_000, "Louder, Bartholomew.")
    await evening.export(tmp_path / "out")
    (told,) = _table(tmp_path / "out", "side_coachings")
    assert (told["scene"], told["take"], told["speaker_id"], told["at"]) == (1, 1, row["pseudonym"], 1.5)
    files = [path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert not any(b"Bartholomew" in data for data in files)


@pytest.mark.parametrize(
    ("known", "basis", "claim", "has_shifted"),
    [
        ({"acknowledged_samples": 0}, "acknowledged", "second", True),
        ({"answer": CueAnswer.SAW}, "remembered", "uncertain", True),
        ({"answer": CueAnswer.NOT_SEEN}, "not_seen", "first", False),
        ({"answer": CueAnswer.UNSURE}, "uncertain", "uncertain", False),
        ({}, "uncertain", "uncertain", False),
    ],
    ids=["acknowledged", "saw", "not seen", "unsure", "no answer"],
)
async def test_a_target_is_claimed_only_as_far_as_its_speaker_is_known_to_have_seen_the_cue(
    evening: Evening, tmp_path: Path, known: dict[str, Any], basis: str, claim: str, has_shifted: bool
) -> None:
    database = evening.troupe.database
    (row,) = await database.fetch_all(
        "SELECT turns.start_samples, tracks.take_id, castings.casting_id, target_emotion FROM turns "
        "JOIN tracks USING (track_id) JOIN takes USING (take_id) JOIN castings ON castings.scene_id = takes.scene_id "
        "AND castings.person_id = tracks.person_id WHERE is_for_rating ORDER BY turn_id LIMIT 1"
    )
    sent = row["start_samples"]
    acknowledged = {name: sent for name in known if name == "acknowledged_samples"}
    async with database.transaction() as tx:
        arc = "UPDATE castings SET second_emotion = 'disgust', second_intensity = 3 WHERE casting_id = ?"
        await tx.execute(arc, row["casting_id"])
        times = CueTimes(sent, card_sent_samples=sent, **(known | acknowledged))
        await add_cue(tx, row["take_id"], row["casting_id"], "coordinator", times)
    await evening.export(tmp_path / "out")
    [clip] = [one for one in _rows(tmp_path / "out") if one["cue_at"] == sent / 48_000]
    emotion = {"first": row["target_emotion"], "second": "disgust", "uncertain": None}[claim]
    assert (clip["target_claim"], clip["target_emotion"], clip["cue_basis"]) == (claim, emotion, basis)
    assert clip["arc_second_emotion"] == ("disgust" if has_shifted else None)
    [turn] = [one for one in _table(tmp_path / "out", "turns") if one["clip_id"] == clip["clip_id"]]
    assert (turn["target_claim"], turn["target_emotion"]) == (claim, emotion)
    (cue,) = _table(tmp_path / "out", "cues")
    assert (cue["basis"], cue["at"], cue["card_sent"], cue["dm_sent"]) == (basis, sent / 48_000, sent / 48_000, None)
    assert (cue["first_until"] is None, cue["second_from"] is None) == (claim == "first", not has_shifted)


async def test_a_struck_take_is_not_exported(evening: Evening, tmp_path: Path) -> None:
    database = evening.troupe.database
    before = await evening.export(tmp_path / "before")
    async with database.transaction() as tx:
        take_id = await database.fetch_value("SELECT min(take_id) FROM takes WHERE state = 'cut'")
        await tx.execute("UPDATE takes SET struck_at = '2026-01-01T00:00:00.000Z' WHERE take_id = ?", take_id)
    after = await evening.export(tmp_path / "after")
    assert after.clips < before.clips
    assert [row["struck_at"] for row in _table(tmp_path / "after", "takes") if row["struck_at"]]


async def test_what_has_no_degrees_has_no_intensity(evening: Evening, tmp_path: Path) -> None:
    database = evening.troupe.database
    async with database.transaction() as tx:
        await tx.execute(
            "UPDATE castings SET target_emotion = 'neutral', target_intensity = 1 WHERE person_id = ?",
            evening.performers[0],
        )
    result = export_dataset(await _planned(evening, tmp_path / "out"))
    for rows in (_rows(result.path), _table(result.path, "castings")):
        found = {(row["target_emotion"] == "neutral", row["target_intensity"]) for row in rows}
        assert found == {(True, None), (False, 2)}
    with (result.path / "tables" / "castings.csv").open(newline="") as file:
        assert {row["target_intensity"] for row in csv.DictReader(file)} == {"", "2"}


async def test_parquet_has_the_schema_the_card_prints(evening: Evening, tmp_path: Path) -> None:
    out = (await evening.export(tmp_path / "out")).path
    kinds = {"double": "float64", "list<element: string>": "list<string>"}
    for path in out.glob("clips/*/metadata.parquet"):
        schema = pq.read_schema(path)
        found = [(field.name, kinds.get(str(field.type), str(field.type)), field.nullable) for field in schema]
        assert found == [(column.name, column.kind, column.nullable) for column in (FILE_NAME, *TURN_COLUMNS)]
    _, front, text = (out / "README.md").read_text().split("---\n", 2)
    assert all(f"| `{column.name}` | `{column.kind}`" in text for column in TURN_COLUMNS)
    configs = yaml.safe_load(front)["configs"]
    files = [{"split": split, "path": f"clips/{split}/*"} for split in ("train", "test")]
    assert configs == [{"config_name": "default", "data_files": files}]


async def test_no_byte_says_who_anyone_is(evening: Evening, tmp_path: Path) -> None:
    out = (await evening.export(tmp_path / "out")).path
    texts = [path.read_bytes() + path.name.encode() for path in out.rglob("*") if path.is_file()]
    everything = b"\n".join(texts)
    # All ids begin like this; the pseudonyms prove that the search can find something.
    for private in (str(GUILD_ID)[:12], str(FIRST_USER_ID)[:12], "1012345678", "artholomew", str(evening.troupe.home)):
        assert private.encode() not in everything
    assert all(f"spk_{person:08x}".encode() in everything for person in (*evening.performers, evening.audience))
    started = [event for event in _table(out, "events") if event["event"] == "scene_dealt"]
    assert [event["detail"] for event in started] == [{"performers": 4}]


async def test_withdrawn_consent_leaves_out_sound_and_judgements(evening: Evening, tmp_path: Path) -> None:
    gone, deaf = evening.performers[1], evening.audience
    await evening.troupe.withdraw(gone, Scope.STORE_AND_REVIEW, Scope.PEER_RATING)
    await evening.troupe.withdraw(deaf, Scope.PEER_RATING)
    result = await evening.export(tmp_path / "out")
    assert (result.clips, result.tracks, result.speakers, result.mixes) == (6, 6, 3, 2)
    assert result.left_out == dict.fromkeys(LEFT_OUT, 0) | {
        "speakers_without_consent": 1,
        "tracks_without_consent": 2,
        "clips_without_consent": 2,
        "ratings_of_left_out_clips": 10,
        "ratings_without_consent": 12,
    }
    for path in result.path.rglob("*"):
        if path.is_file():
            assert f"spk_{gone:08x}".encode() not in path.read_bytes() + path.name.encode()
            assert f"spk_{deaf:08x}".encode() not in path.read_bytes()
    assert not any(_heard(mix, gone) for mix in result.path.glob("mixes/*"))
    assert {row["n_raters"] for row in _rows(result.path)} == {2}
    card = (result.path / "README.md").read_text()
    assert "- ratings by people who no longer consent to rating, or have withdrawn them: 12\n" in card
    assert "- speakers who do not consent to this export of any of their tracks: 1\n" in card
    assert "takes that were struck" not in card


async def test_consent_withdrawn_while_the_export_is_written_counts(evening: Evening, tmp_path: Path) -> None:
    gone = evening.performers[1]
    taken_back: list[asyncio.Task[None]] = []

    def take_back(stage: str, done: int, total: int) -> None:
        if stage == "tables" and not taken_back:
            taken_back.append(asyncio.create_task(evening.troupe.withdraw(gone, Scope.STORE_AND_REVIEW)))

    result = await evening.export(tmp_path / "out", progress=take_back)
    assert (result.tracks, result.speakers, result.left_out["speakers_without_consent"]) == (6, 3, 1)
    assert not any(_heard(mix, gone) for mix in result.path.glob("mixes/*"))
    assert _names(tmp_path) == ["home", "out"]


async def test_a_take_struck_while_the_export_is_written_stays_out(evening: Evening, tmp_path: Path) -> None:
    database, struck = evening.troupe.database, list[asyncio.Task[None]]()

    async def strike() -> None:
        async with database.transaction() as tx:
            await strike_take(tx, TakeId(1), "2026-11-01T20:00:00.000Z")

    def strike_once(stage: str, done: int, total: int) -> None:
        if stage == "tables" and not struck:
            struck.append(asyncio.create_task(strike()))

    result = await evening.export(tmp_path / "out", progress=strike_once)
    assert (result.tracks, result.mixes, result.left_out["takes_not_kept"]) == (4, 1, 1)


async def test_a_performer_can_withdraw_only_consent_to_rate(evening: Evening, tmp_path: Path) -> None:
    silent = evening.performers[0]
    await evening.troupe.withdraw(silent, Scope.PEER_RATING)
    result = await evening.export(tmp_path / "out")
    # Six ratings of others, and their answers about their own two turns.
    assert (result.clips, result.left_out["ratings_without_consent"]) == (8, 8)
    assert f"spk_{silent:08x}" not in {rating["speaker_id"] for rating in _table(result.path, "self_ratings")}
    assert f"spk_{silent:08x}" not in {rating["rater_id"] for rating in _table(result.path, "ratings")}


async def test_nothing_left_is_said_with_its_reasons(evening: Evening, tmp_path: Path) -> None:
    for performer in evening.performers:
        await evening.troupe.withdraw(performer, Scope.RECORD)
    with pytest.raises(NothingToExport, match=r"the chosen sessions contain no clip \(left out: speakers who"):
        await evening.export(tmp_path / "out")
    with pytest.raises(SessionsNotFound, match=r"This database does not contain sessions 98, 99\."):
        await evening.export(tmp_path / "out", session_ids=[1, 99, 98])
    with pytest.raises(NothingToExport):
        await evening.export(tmp_path / "out", session_ids=[])
    assert _names(tmp_path) == ["home"]


async def test_takes_that_were_struck_are_logged_but_not_heard(evening: Evening, tmp_path: Path) -> None:
    await evening.troupe.add_take(evening.troupe.sessions[0], evening.performers, state="void")
    result = await evening.export(tmp_path / "out")
    assert (result.clips, result.tracks, result.left_out["takes_not_kept"]) == (8, 8, 1)
    assert result.left_out["speakers_without_consent"] == 0
    assert [(take["state"], bool(take["mix"])) for take in _table(result.path, "takes")][-1] == ("void", False)


async def test_lost_damaged_and_silent_files_are_left_out_and_counted(evening: Evening, tmp_path: Path) -> None:
    paths = sorted(evening.troupe.home.recordings.rglob("take1_*.opus"))
    paths[0].unlink()
    paths[1].write_bytes(paths[1].read_bytes()[:50])
    sound.write_ogg_opus(paths[2], np.zeros(TAKE_S * SAMPLE_RATE_HZ, np.float32))
    result = await evening.export(tmp_path / "out")
    assert (result.clips, result.tracks) == (5, 6)
    wanted = {"tracks_unreadable": 2, "clips_unreadable": 2, "clips_silent": 1, "ratings_of_left_out_clips": 15}
    assert result.left_out == dict.fromkeys(LEFT_OUT, 0) | wanted
    assert len(list(result.path.glob("tracks/*"))) == 6


async def test_a_turn_is_cut_where_its_track_ends(troupe: Troupe, tmp_path: Path) -> None:
    performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(2)]
    session_id = await troupe.add_session(performers[0])
    await troupe.add_take(session_id, performers)
    async with troupe.database.transaction() as tx:
        await tx.execute("UPDATE turns SET end_samples = 100 * 48000, clip_end_samples = 100 * 48000")
    (row, _) = _rows((await _export(troupe, tmp_path / "out")).path)
    assert (row["end"], row["duration"]) == (TAKE_S, TAKE_S - TURN_START_S)


async def test_unrated_turns_have_nulls_and_the_card_still_reads(troupe: Troupe, tmp_path: Path) -> None:
    performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(2)]
    session_id = await troupe.add_session(performers[0])
    await troupe.add_take(session_id, performers)
    out = (await _export(troupe, tmp_path / "out")).path
    for row in _rows(out):
        assert row["n_raters"] == 0
        assert row["perceived_emotion"] is row["agreement"] is row["perceived_valence"] is row["self_emotion"] is None
    assert "No clip was rated." in (out / "README.md").read_text()
    assert _table(out, "ratings") == []
    assert (out / "tables" / "ratings.csv").read_text() == ",".join(TABLES["ratings"].head) + "\n"


async def test_a_lone_speaker_is_no_test_split_and_the_card_says_so(troupe: Troupe, tmp_path: Path) -> None:
    performer = await troupe.add_person(*PERFORMER_SCOPES)
    await troupe.add_take(await troupe.add_session(performer), [performer])
    result = await _export(troupe, tmp_path / "out")
    assert result.splits == {"train": 1}
    assert "there is no second split" in (result.path / "README.md").read_text()


async def test_sessions_without_common_speakers_are_split_whole(troupe: Troupe, tmp_path: Path) -> None:
    evenings = [[await troupe.add_person(*PERFORMER_SCOPES) for _ in range(2)] for _ in range(5)]
    for performers in evenings:
        await troupe.add_take(await troupe.add_session(performers[0]), performers)
    result = await _export(troupe, tmp_path / "out", seed=3)
    assert result.splits == {"train": 6, "validation": 2, "test": 2}
    of_session: dict[str, set[str]] = {}
    for row in _rows(result.path):
        of_session.setdefault(row["session"], set()).add(row["split"])
    assert len(of_session) == 5
    assert all(len(splits) == 1 for splits in of_session.values())
    card = (result.path / "README.md").read_text()
    assert "Speakers who shared a session are in the same split here" in card
    assert "Partners of one session can be" not in card
    chosen = await _export(troupe, tmp_path / "chosen", session_ids=troupe.sessions[:2])
    assert {row["session"] for row in _rows(chosen.path)} == {"S0001", "S0002"}


async def test_the_same_seed_gives_the_same_files(evening: Evening, tmp_path: Path) -> None:
    first = (await evening.export(tmp_path / "a", seed=5)).path
    second = (await evening.export(tmp_path / "b", seed=5)).path
    assert _files(first) == _files(second)
    for name in _files(first):
        assert (first / name).read_bytes() == (second / name).read_bytes()


async def test_foreign_folders_are_refused_before_any_work(evening: Evening, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("mine")
    stages: list[str] = []
    with pytest.raises(FolderTaken):
        await evening.export(tmp_path / "thesis", progress=lambda stage, _done, _total: stages.append(stage))
    assert stages == []
    await evening.export(tmp_path / "out")
    await evening.export(tmp_path / "out", seed=1)
    assert len(_rows(tmp_path / "out")) == 8


async def test_an_unwritable_place_is_said(evening: Evening) -> None:
    with pytest.raises(FolderUnwritable, match="The export cannot be written to /proc/"):
        await evening.export(Path("/proc/nobody/out"))


async def test_progress_is_told_in_order(evening: Evening, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    await evening.export(tmp_path / "out", progress=lambda *step: told.append(step))
    await asyncio.sleep(0)
    samples = 2 * TAKE_S * SAMPLE_RATE_HZ
    sound = [("sound", done, samples) for done in (0, samples // 2, samples, samples)]
    assert told == [*sound, *(("tables", done, 8) for done in range(9))]


async def test_a_cancelled_export_stops_and_leaves_nothing(evening: Evening, tmp_path: Path, workers: Workers) -> None:
    exporting = asyncio.create_task(export_apart(await _work(evening, tmp_path / "out"), workers))
    async with asyncio.timeout(30):
        while _names(tmp_path) == ["home"]:  # noqa: ASYNC110 - nothing signals its start
            await asyncio.sleep(0.001)
        exporting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await exporting
        # Its process ends by itself.
        while _names(tmp_path) != ["home"]:  # noqa: ASYNC110 - nothing signals its end
            await asyncio.sleep(0.01)


async def test_a_refusal_crosses_from_the_process_that_exports(
    evening: Evening, tmp_path: Path, workers: Workers
) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("mine")
    with pytest.raises(FolderTaken, match="is not empty and is not an earlier export"):
        await export_apart(await _work(evening, tmp_path / "thesis"), workers)


async def test_the_event_loop_stays_free(evening: Evening, tmp_path: Path, workers: Workers) -> None:
    exporting = asyncio.create_task(export_apart(await _work(evening, tmp_path / "out"), workers))
    worst = 0.0
    loop = asyncio.get_running_loop()
    while not exporting.done():
        before = loop.time()
        await asyncio.sleep(0.005)
        worst = max(worst, loop.time() - before)
    assert (await exporting).clips == 8
    assert worst < 0.5


async def test_a_zip_holds_the_whole_folder(evening: Evening, tmp_path: Path) -> None:
    result = await evening.export(tmp_path / "night.1")
    packed = tmp_path / "night.1.zip"
    zip_dataset(result.path, packed)
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {f"night.1/{name}" for name in _files(result.path)}
    assert _names(tmp_path) == ["home", "night.1", "night.1.zip"]
