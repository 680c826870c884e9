"""The log of an evening: what is in it, what a coordinator must not learn, and what people have withdrawn."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from bot.dataset.errors import DatasetInTheWay, FolderTaken, SessionsNotFound
from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.log.export_log import LogResult, export_log
from bot.dataset.log.log_rows import ON_THE_CARD
from bot.dataset.log.log_tables import LOG_TABLES
from bot.domain.consent import Scope
from bot.domain.ids import PersonId, SessionId
from bot.domain.limits import LimitKind
from bot.services.exports import plan_log
from bot.services.facts.library import Library
from tests.evening import COORDINATOR, PERFORMERS, an_evening
from tools.synthetic.session import CHANNEL_ID, FIRST_USER_ID, GUILD_ID, NOW, PERFORMER_SCOPES, Troupe, play_evening

DATA = Path(__file__).parents[2] / "data"
FIRST, SECOND, THIRD = (PersonId(number) for number in (1, 2, 3))


def name(person: PersonId) -> str:
    return f"spk_{person:08x}"


@pytest.fixture
async def played(troupe: Troupe) -> Troupe:
    """Three performers and a rater in two scenes, with a cue, notes, a sound check and a part changed by hand."""
    performers = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(3)]
    audience = await troupe.add_person(Scope.PEER_RATING)
    await play_evening(troupe, performers, [audience])
    async with troupe.database.transaction() as tx:
        for sql in (
            "UPDATE castings SET target_emotion = 'neutral', target_intensity = 1 WHERE casting_id = 1",
            "UPDATE castings SET want = 'to stay' WHERE casting_id = 1",
            "UPDATE castings SET second_emotion = 'pride', second_intensity = 3 WHERE casting_id = 2",
            "UPDATE castings SET is_overridden = 1 WHERE casting_id = 2",
            "INSERT INTO cues (take_id, casting_id, cause, position_samples) VALUES (1, 2, 'coordinator', 72000)",
            "INSERT INTO side_coachings (take_id, casting_id, position_samples, text) VALUES "
            f"(1, 2, 96000, 'Look at <@{FIRST_USER_ID + 1}>!')",
            "INSERT INTO notes (session_id, scene_id, take_id, position_samples, text, written_at) VALUES "
            f"(1, 1, 1, 144000, 'Look: <@{FIRST_USER_ID + 1}> in <#{CHANNEL_ID}>!', '{NOW}'), "
            f"(1, 2, NULL, NULL, 'Ask {FIRST_USER_ID + 2}', '{NOW}'), (1, NULL, NULL, NULL, 'A good night', '{NOW}')",
            "INSERT INTO sound_checks (session_id, person_id, speech_dbfs, heard_in_track_of, crosstalk_db, "
            f"checked_at) VALUES (1, 1, -20.5, 3, -31.0, '{NOW}'), (1, 3, -22.0, NULL, NULL, '{NOW}')",
            "INSERT INTO events (session_id, scene_id, person_id, kind, detail, happened_at) VALUES "
            f"""(1, 1, 2, 'casting_overridden', '{{"target_emotion_was": "grief"}}', '{NOW}'),"""
            f"""(1, NULL, 2, 'consent_granted', '{{"scope": "voice_clone_replica"}}', '{NOW}'),"""
            f"(1, 1, 2, 'cue_given', '{{}}', '{NOW}')",
        ):
            await tx.execute(sql)
    return troupe


async def log_of(troupe: Troupe, out: Path, **options: Any) -> LogResult:
    options = {
        "session_ids": troupe.sessions,
        "emotion_sets": [Library(DATA).emotion_set("basic")],
        **options,
    }
    return await asyncio.to_thread(export_log, troupe.database.path, home=troupe.home, out=out, **options)


def table(out: Path, which: str) -> list[dict[str, Any]]:
    return json.loads((out / "tables" / f"{which}.json").read_text("utf-8"))


def words_of(out: Path) -> str:
    """All text of a log."""
    return "".join(path.read_text("utf-8") for path in out.rglob("*") if path.is_file())


async def reopen(troupe: Troupe) -> None:
    async with troupe.database.transaction() as tx:
        await tx.execute("UPDATE sessions SET ended_at = NULL")


async def test_it_tells_who_was_dealt_what_who_rated_what_and_what_was_noted(played: Troupe, tmp_path: Path):
    result = await log_of(played, tmp_path / "log")
    assert {one["speaker_id"]: one["target_emotion"] for one in table(result.path, "castings")[3:]} == {
        name(FIRST): "joy",
        name(SECOND): "sadness",
        name(THIRD): "fear",
    }
    first, second = table(result.path, "castings")[:2]
    assert (first["target_emotion"], first["target_intensity"]) == ("neutral", None)
    assert (first["want"], second["want"]) == ("to stay", None)
    assert (second["second_emotion"], second["second_intensity"], second["is_overridden"]) == ("pride", 3, True)
    [cue] = table(result.path, "cues")
    assert {column: value for column, value in cue.items() if value is not None} == {
        "session": "S0001",
        "scene": 1,
        "take": 1,
        "speaker_id": name(SECOND),
        "cause": "coordinator",
        "at": 1.5,
        "basis": "told",
        "first_until": 1.5,
        "second_from": 1.5,
    }
    [coached] = table(result.path, "side_coachings")
    assert (coached["speaker_id"], coached["at"], coached["text"]) == (name(SECOND), 2.0, "Look at …!")
    ratings = table(result.path, "ratings")
    assert len(ratings) == 18
    assert {one["rater_id"] for one in ratings} == {name(PersonId(number)) for number in (1, 2, 3, 4)}
    assert {one["is_partner"] for one in ratings if one["rater_id"] == name(PersonId(4))} == {False}
    assert len(table(result.path, "self_ratings")) == len(table(result.path, "turns")) == 6
    assert table(result.path, "turns")[0]["target_intensity"] is None
    check, _ = table(result.path, "sound_checks")
    assert (check["speaker_id"], check["speech_dbfs"], check["heard_in_track_of"]) == (name(FIRST), -20.5, name(THIRD))
    assert result.rows == {which: len(table(result.path, which)) for which in LOG_TABLES}
    assert result.open_sessions == []


async def test_every_table_is_csv_and_json_and_no_sound_is_there(played: Troupe, tmp_path: Path):
    out = (await log_of(played, tmp_path / "log")).path
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    tables = {f"tables/{which}.{kind}" for which in LOG_TABLES for kind in ("csv", "json")}
    assert files == {"README.md", "manifest.json", *tables}
    for which, columns in LOG_TABLES.items():
        text = (out / "tables" / f"{which}.csv").read_text("utf-8")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert rows[0] == columns.head
        assert len(rows) - 1 == len(table(out, which))
        assert f"| `{which}` | {len(rows) - 1} | {columns.meaning} |" in (out / "README.md").read_text("utf-8")


async def test_notes_and_everything_else_are_without_discords_ids(played: Troupe, tmp_path: Path):
    out = (await log_of(played, tmp_path / "log")).path
    notes = [(one["scene"], one["take"], one["at"], one["text"]) for one in table(out, "notes")]
    assert notes == [(1, 1, 3.0, "Look: … in …!"), (2, None, None, "Ask …"), (None, None, None, "A good night")]
    text = words_of(out)
    assert not [
        number for number in (GUILD_ID, CHANNEL_ID, *range(FIRST_USER_ID, FIRST_USER_ID + 9)) if str(number) in text
    ]
    assert "Bartholomew" not in text
    assert "recordings" not in text


async def test_purposes_are_not_in_it(played: Troupe, tmp_path: Path):
    out = (await log_of(played, tmp_path / "log")).path
    assert all(one["event"] != "consent_granted" for one in table(out, "events"))
    assert "voice_clone" not in words_of(out)


async def test_until_the_session_ends_it_has_neither_cards_nor_answers(played: Troupe, tmp_path: Path):
    ended = (await log_of(played, tmp_path / "ended")).path
    changed = [one["detail"] for one in table(ended, "events") if one["event"] == "casting_overridden"]
    assert changed == [{"target_emotion_was": "grief"}]
    assert "cue_given" in {one["event"] for one in table(ended, "events")}
    assert table(ended, "sessions")[0]["seed"] == 7
    await reopen(played)
    result = await log_of(played, tmp_path / "open")
    assert result.open_sessions == [1]
    castings = table(result.path, "castings")
    assert [one["speaker_id"] for one in castings[:3]] == [name(FIRST), name(SECOND), name(THIRD)]
    assert {one[column] for one in castings for column in ON_THE_CARD} == {None}
    assert [table(result.path, which) for which in ("cues", "side_coachings", "ratings", "self_ratings")] == [[]] * 4
    assert {one["target_emotion"] for one in table(result.path, "turns")} == {None}
    assert table(result.path, "sessions")[0]["seed"] is None
    events = {one["event"]: one["detail"] for one in table(result.path, "events")}
    assert events["casting_overridden"] == {}
    assert "cue_given" not in events
    assert len(table(result.path, "notes")) == 3
    text = words_of(result.path)
    assert not [word for word in ("grief", "pride", "the neighbour", "slow-river", "sadness") if word in text]


async def test_what_was_withdrawn_is_not_in_it(played: Troupe, tmp_path: Path):
    await played.withdraw(THIRD, Scope.STORE_AND_REVIEW, Scope.PEER_RATING)
    out = (await log_of(played, tmp_path / "log")).path
    assert name(THIRD) not in words_of(out)
    assert len(table(out, "castings")) == len(table(out, "turns")) == 4
    (check,) = table(out, "sound_checks")
    assert (check["heard_in_track_of"], check["crosstalk_db"]) == (None, None)
    assert len(table(out, "takes")) == 2


async def test_a_withdrawal_while_it_is_written_counts(played: Troupe, tmp_path: Path):
    loop, told = asyncio.get_running_loop(), list[str]()

    def withdraw(which: str, _done: int, _total: int) -> None:
        told.append(which)
        if told.count("notes") == 1 and which == "notes":
            asyncio.run_coroutine_threadsafe(played.withdraw(THIRD, Scope.RECORD, Scope.PEER_RATING), loop).result(10)

    out = (await log_of(played, tmp_path / "log", progress=withdraw)).path
    assert told.count("notes") == 2
    assert name(THIRD) not in words_of(out)


async def test_an_evening_without_a_recording_has_a_log(troupe: Troupe, tmp_path: Path):
    coordinator = await troupe.add_person()
    await troupe.add_session(coordinator)
    result = await log_of(troupe, tmp_path / "log")
    assert table(result.path, "sessions")[0]["deck"] == "everyday"
    assert [one["event"] for one in table(result.path, "events")] == ["scene_dealt"]
    assert table(result.path, "takes") == []


async def test_a_log_replaces_a_log_and_nothing_else(played: Troupe, tmp_path: Path):
    await log_of(played, tmp_path / "log")
    await reopen(played)
    await log_of(played, tmp_path / "log")
    assert table(tmp_path / "log", "ratings") == []
    dataset = tmp_path / "dataset"
    order = ExportOrder(played.database.path, played.home, dataset, played.sessions)
    await asyncio.to_thread(export_dataset, order)
    with pytest.raises(DatasetInTheWay, match="dataset holds a dataset, and a log would replace it"):
        await log_of(played, dataset)
    assert any(dataset.rglob("*.flac"))
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("mine")
    with pytest.raises(FolderTaken):
        await log_of(played, tmp_path / "thesis")
    with pytest.raises(SessionsNotFound):
        await log_of(played, tmp_path / "none", session_ids=[SessionId(9)])
    assert not (tmp_path / "none").exists()


async def test_neither_limits_nor_who_pressed_the_x_card_are_in_it(tmp_path: Path):
    async with an_evening(tmp_path / "home") as evening:
        await evening.everyone_consents()
        session = await evening.open()
        await evening.services.limit_requests.ask(PERFORMERS[1], LimitKind.LINE, ["illness"], ())
        await evening.services.limit_requests.ask(PERFORMERS[1], LimitKind.VETO, ["nostalgia"], ())
        await evening.services.limit_requests.ask(PERFORMERS[1], LimitKind.OPT_IN, ["bodily-disgust"], ())
        await evening.services.scenes.deal(session)
        await evening.start(session)
        evening.everyone_speaks(3.0)
        await evening.services.x_card.stop(evening.live, PERFORMERS[1], evening.booth.started_at + 3.5)
        await evening.services.sessions.end(session)
        home, library = evening.settings.home, Library(evening.settings.data)
        work = await plan_log(evening.database, home, library, guild_id=None, session_id=None)
        out = (await asyncio.to_thread(work)).path
        assert out == home.exports / "log-0001"
        (stopped,) = [one for one in table(out, "events") if one["event"] == "scene_stopped"]
        assert (stopped["person"], stopped["detail"]) == (None, {})
        assert [one["cut_reason"] for one in table(out, "takes")] == ["x_card"]
        assert table(out, "takes")[0]["struck_at"] is not None
        assert len(table(out, "castings")) >= 2
        text = words_of(out)
        assert not [secret for secret in ("illness", "nostalgia", "bodily-disgust", "veto") if secret in text]
        assert str(COORDINATOR) not in text
