"""The command line as people meet it: sentences and exit codes."""

from __future__ import annotations

import contextlib
import json
import signal
import sqlite3
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.__main__ import app
from bot.home.lock import held_home
from bot.home.places import Home
from tests.cli.calling import GOOD_SHAPE, ROOT, call, sentence
from tests.evening import an_evening


def promptbook(*words: str, home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return call(*words, folder=home, **{"PROMPTBOOK_HOME": str(home), **settings})


def newer_database(home: Path) -> None:
    with contextlib.closing(sqlite3.connect(home / "promptbook.sqlite3", isolation_level=None)) as database:
        database.execute("PRAGMA user_version = 99")


def test_help_explains_every_command(tmp_path: Path):
    done = promptbook("--help", home=tmp_path)
    assert done.returncode == 0
    groups = ("decks", "decks check", "dataset", "dataset verify")
    for command in ("run", "rehearse", "export", "export-log", "turns", "splits", "doctor", *groups):
        assert command.split()[0] in done.stdout
        explained = CliRunner().invoke(app, [*command.split(), "--help"])
        assert explained.exit_code == 0
        assert len(explained.stdout) > 200


def test_the_options_of_an_export_are_those_in_the_reference():
    page = (Path(__file__).parents[2] / "docs" / "reference.md").read_text("utf-8")
    section = page.split("## Options of `promptbook export`\n")[1].split("\n## ")[0]
    listed = {line.split("`")[1] for line in section.splitlines() if line.startswith("| `--")}
    command = typer.main.get_command(app).commands["export"]  # type: ignore[attr-defined]
    names = {option for parameter in command.params for option in parameter.opts}
    assert listed == names - {"--help"}


def test_a_missing_token_is_named(tmp_path: Path):
    done = promptbook("run", home=tmp_path)
    assert done.returncode == 3
    assert sentence(done).startswith("No token. Put DISCORD_TOKEN=… into .env")
    assert not list(tmp_path.iterdir()), "nothing may be created"


def test_a_token_of_the_wrong_shape_is_named_and_not_repeated(tmp_path: Path):
    done = promptbook("run", home=tmp_path, DISCORD_TOKEN="hunter2-hunter2")
    assert done.returncode == 3
    assert "does not look like a bot token" in sentence(done)
    assert "hunter2" not in done.stderr + done.stdout


def test_a_setting_out_of_range_is_named(tmp_path: Path):
    done = promptbook("run", home=tmp_path, PROMPTBOOK_COUNTDOWN_SECONDS="soon")
    assert done.returncode == 3
    assert sentence(done).startswith("PROMPTBOOK_COUNTDOWN_SECONDS is 'soon', but must be a whole number")


@pytest.mark.parametrize(
    "address", ["foo", "ftp://discord.com", "https://", "https://[::1", "https://discord.com:port"]
)
def test_an_address_that_is_none_is_named(tmp_path: Path, address: str):
    done = promptbook("run", home=tmp_path, PROMPTBOOK_API_URL=address, DISCORD_TOKEN=GOOD_SHAPE)
    assert done.returncode == 3
    told = sentence(done)
    assert told == f"PROMPTBOOK_API_URL is '{address}', but must be an address that begins with http:// or https://."


def test_the_gateway_has_addresses_of_its_own_kind(tmp_path: Path):
    done = promptbook("doctor", home=tmp_path, PROMPTBOOK_GATEWAY_URL="https://gateway.discord.gg")
    assert done.returncode == 3
    assert sentence(done).endswith("must be an address that begins with ws:// or wss://.")


def test_a_mistyped_setting_is_told_by_the_doctor_and_at_the_start(tmp_path: Path):
    (tmp_path / ".env").write_text("PROMPTBOOK_COUNTDOWN_SECOND=9\nPROMPTBOOK_DECK=everyday\nOTHERS=1\n")
    settings = {"DISCORD_TOKEN": GOOD_SHAPE, "PROMPTBOOK_MOOD": "bright"}
    done = promptbook("doctor", home=tmp_path, **settings)
    assert done.returncode == 0, done.stdout
    warnings = [line for line in done.stdout.splitlines() if line.startswith("WARN  settings")]
    assert warnings == [
        "WARN  settings: There is no setting PROMPTBOOK_COUNTDOWN_SECOND: did you mean PROMPTBOOK_COUNTDOWN_SECONDS?",
        "WARN  settings: There is no setting PROMPTBOOK_MOOD, so it changes nothing.",
    ]
    with held_home(Home(tmp_path)):
        done = promptbook("run", home=tmp_path, **settings)
    assert done.returncode == 5
    for warning in warnings:
        assert warning.removeprefix("WARN  settings: ") in sentence(done)


def test_the_version_is_told(tmp_path: Path):
    done = promptbook("--version", home=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"promptbook {metadata.version('promptbook')}\n")


def test_a_rehearsal_needs_a_folder_that_has_a_name(tmp_path: Path):
    done = promptbook("rehearse", "--home", "/", home=tmp_path)
    assert done.returncode == 1
    assert sentence(done).startswith("/ cannot be a rehearsal's home")


@pytest.mark.parametrize("words", [("run",), ("export", "--session", "1"), ("export-log",)], ids=lambda words: words[0])
def test_a_newer_database_is_refused(tmp_path: Path, words: tuple[str, ...]):
    newer_database(tmp_path)
    done = promptbook(*words, home=tmp_path, DISCORD_TOKEN=GOOD_SHAPE)
    assert done.returncode == 5
    assert "has schema version 99, but this Promptbook knows only versions up to" in sentence(done)


def test_an_export_without_a_database_or_session_says_so(tmp_path: Path):
    done = promptbook("export", home=tmp_path)
    assert done.returncode == 5
    assert "nothing has been recorded there yet" in sentence(done)
    sqlite3.connect(tmp_path / "promptbook.sqlite3").close()
    done = promptbook("export", "--session", "3", home=tmp_path)
    assert done.returncode == 1
    assert sentence(done) == "There is no session 3 here."


def test_the_doctor_says_what_to_fix(tmp_path: Path):
    done = promptbook("doctor", home=tmp_path)
    assert done.returncode == 1
    assert "FAIL  token: No token" in done.stdout
    assert "ok    davey: davey 0." in done.stdout
    newer_database(tmp_path)
    done = promptbook("doctor", home=tmp_path, DISCORD_TOKEN=GOOD_SHAPE)
    assert done.returncode == 1
    assert "ok    token" in done.stdout
    assert "FAIL  database" in done.stdout


def test_the_doctor_finds_nothing_wrong(tmp_path: Path):
    done = promptbook("doctor", home=tmp_path, DISCORD_TOKEN=GOOD_SHAPE)
    assert done.returncode == 0, done.stdout
    assert "FAIL" not in done.stdout


def test_the_doctor_names_the_line_of_a_broken_deck(tmp_path: Path):
    data = tmp_path / "data"
    subprocess.run(["cp", "-r", str(ROOT / "data"), str(data)], check=True)
    deck = data / "decks" / "everyday.toml"
    deck.write_text(deck.read_text().replace('id = "last-train"', 'id = "Last Train"'))
    done = promptbook("doctor", home=tmp_path, DISCORD_TOKEN=GOOD_SHAPE, PROMPTBOOK_DATA=str(data))
    assert done.returncode == 1
    assert "FAIL  data: `decks/everyday.toml`, line 7: 'id' must consist of lower-case letters" in done.stdout


def test_decks_are_checked_by_file_and_line(tmp_path: Path):
    shipped = sorted((ROOT / "data" / "decks").glob("*.toml"))
    everyday, high_stakes = (ROOT / "data" / "decks" / f"{name}.toml" for name in ("everyday", "high-stakes"))
    done = promptbook("decks", "check", *map(str, shipped), home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(shipped)
    assert f"{everyday}: Everyday: 34 prompts for 2 to 4 performers; topics: Death and grief (2), " in done.stdout
    broken = everyday.read_text("utf-8").replace('"last-train"', '"Last train"').replace('"returned-dog"', "7")
    (tmp_path / "mine.toml").write_text(broken, "utf-8", newline="\r\n")
    (tmp_path / "latin.toml").write_text('title = "x"\n# été\n', "latin-1")
    done = promptbook("decks", "check", "mine.toml", "latin.toml", "none.toml", str(high_stakes), home=tmp_path)
    assert done.returncode == 1
    told = done.stdout.splitlines()
    assert told[0] == "mine.toml:7: 'id' must consist of lower-case letters, digits and single hyphens"
    line = broken.splitlines().index("id = 7") + 1
    assert told[1] == f"mine.toml:{line}: 'id' must be a non-empty text"
    assert told[2].startswith("latin.toml:2: the text is not UTF-8")
    assert told[3] == "none.toml: cannot be read (No such file or directory). Check the path and its permissions."
    assert told[4].startswith(f"{high_stakes}: High stakes: ")
    assert len(told) == 5


def test_a_deck_with_advice_can_be_used_unless_it_must_need_none(tmp_path: Path):
    deck = 'title = "D"\n[[prompts]]\nid = "p"\ntitle = "P"\ntext = "T"\npull = ["joy"]\nroles = [\n"a",\n"b"]\n'
    (tmp_path / "mine.toml").write_text(deck, "utf-8")
    for words, code in (((), 0), (("--strict",), 1)):
        done = promptbook("decks", "check", *words, "mine.toml", home=tmp_path)
        assert done.returncode == code
        assert done.stdout.splitlines()[1:] == [
            "mine.toml:8: advice: no role has a 'want': say what each wants from the others, now"
        ]
    shipped = sorted((ROOT / "data" / "decks").glob("*.toml"))
    assert promptbook("decks", "check", "--strict", *map(str, shipped), home=tmp_path).returncode == 0


def test_a_rehearsal_does_not_overwrite_what_is_none(tmp_path: Path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thesis.txt").write_text("years of work")
    done = promptbook("rehearse", "--home", str(tmp_path / "home"), "--json", home=tmp_path)
    assert done.returncode == 1
    assert "contains something other than a rehearsal" in sentence(done)
    assert (tmp_path / "home" / "thesis.txt").read_text() == "years of work"
    assert done.stdout == ""


def test_a_wrong_call_is_2(tmp_path: Path):
    assert promptbook("export", "--session", "none", home=tmp_path).returncode == 2


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--performers", "1"), "greater than or equal to 2"),
        (("--scenes", "13"), "less than or equal to 12"),
        (("--world", "world.json", "--performers", "3"), "A world file sets the performers"),
    ],
    ids=["too few", "too many", "two worlds"],
)
def test_a_rehearsal_of_no_possible_size_is_a_wrong_call(tmp_path: Path, words: tuple[str, ...], expected: str):
    done = promptbook("rehearse", *words, home=tmp_path, COLUMNS="200")
    assert done.returncode == 2
    assert expected in sentence(done)
    assert not list(tmp_path.iterdir())


@pytest.fixture
async def noted(tmp_path: Path) -> Home:
    """A home folder with an evening in which a scene was dealt, but nothing was recorded."""
    home = Home(tmp_path / "home")
    async with an_evening(home.folder) as evening:
        await evening.everyone_consents()
        session = await evening.open()
        await evening.services.scenes.deal(session)
        await evening.services.sessions.end(session)
    return home


def test_the_log_of_an_evening_without_a_recording_is_written(noted: Home, tmp_path: Path):
    there = {"PROMPTBOOK_HOME": str(noted.folder)}
    done = promptbook("export-log", "--session", "1", "--out", "mine/log", home=tmp_path, **there)
    assert (done.returncode, done.stdout) == (0, f"1 scene, 0 takes, 0 ratings, 0 notes: {tmp_path / 'mine' / 'log'}\n")
    castings = json.loads((tmp_path / "mine" / "log" / "tables" / "castings.json").read_text("utf-8"))
    assert len(castings) >= 2
    assert all(part["target_emotion"] and part["speaker_id"].startswith("spk_") for part in castings)
    done = promptbook("export-log", "--json", home=tmp_path, **there)
    told = json.loads(done.stdout)
    assert told["log"] == str(noted.exports / "log-0001")
    assert told["open_sessions"] == []
    assert (told["rows"]["castings"], told["rows"]["tracks"]) == (len(castings), 0)


def test_a_log_without_a_database_or_session_says_so(noted: Home, tmp_path: Path):
    done = promptbook("export-log", home=tmp_path)
    assert done.returncode == 5
    assert "there has been no session yet" in sentence(done)
    done = promptbook("export-log", "--session", "3", home=tmp_path, PROMPTBOOK_HOME=str(noted.folder))
    assert done.returncode == 1
    assert sentence(done) == "There is no session 3 here."


def test_export_as_json_needs_a_session_with_clips(tmp_path: Path):
    done = promptbook("export", "--json", home=tmp_path, PROMPTBOOK_HOME=str(tmp_path / "none"))
    assert done.returncode == 5
    with pytest.raises(json.JSONDecodeError):
        json.loads(done.stdout)


def test_a_home_folder_serves_one_bot_at_a_time(tmp_path: Path):
    with held_home(Home(tmp_path)):
        done = promptbook("run", home=tmp_path, DISCORD_TOKEN=GOOD_SHAPE)
    assert done.returncode == 5
    assert sentence(done).startswith("Another bot is running with the home folder")


def test_a_rehearsal_that_is_ended_leaves_no_process_behind(tmp_path: Path):
    home = tmp_path / "home"
    command = [sys.executable, "-m", "bot", "rehearse", "--home", str(home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as rehearsal:
        deadline = time.monotonic() + 30
        while not _commands_naming(home) - {rehearsal.pid} and time.monotonic() < deadline:
            time.sleep(0.1)
        second = promptbook("rehearse", "--home", str(home), home=tmp_path)
        rehearsal.send_signal(signal.SIGTERM)
        told, _ = rehearsal.communicate(timeout=30)
    assert (second.returncode, rehearsal.returncode) == (1, 1)
    assert sentence(second).startswith("Another rehearsal is running")
    assert "was interrupted" in told
    assert _commands_naming(home) == set()


def _commands_naming(home: Path) -> set[int]:
    found = set[int]()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(home) in (process / "cmdline").read_text():
                found.add(int(process.name))
    return found


def test_a_home_inside_the_data_folder_is_refused(tmp_path: Path):
    done = promptbook("doctor", home=tmp_path, PROMPTBOOK_HOME=str(ROOT / "data" / "mine"))
    assert done.returncode == 3
    assert "inside the data folder" in sentence(done)
