"""Every wrong setting gives a sentence that says what to do, and the exit code of settings."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from bot.config import load_settings
from bot.env_file import find_env_file
from tests.cli.calling import GOOD_SHAPE, call, sentence, shown

SETTING = f"DISCORD_TOKEN={GOOD_SHAPE}\nPROMPTBOOK_HOME=var\n"
WRONG_SETTINGS = 3


def refused(folder: Path, data: bytes, command: str = "run") -> str:
    """What is said about a `.env` with this content, which is never read as if nothing were wrong."""
    (folder / ".env").write_bytes(data)
    done = call(command, folder=folder)
    assert done.returncode == WRONG_SETTINGS
    assert [path.name for path in folder.iterdir()] == [".env"], "nothing may be created"
    return sentence(done)


@pytest.mark.parametrize("command", ["run", "doctor", "export"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_is_refused(tmp_path: Path, encoding: str, command: str):
    told = refused(tmp_path, SETTING.encode(encoding), command)
    assert told == (f"{tmp_path}/.env is not in UTF-8, but looks like UTF-16. Save it again with the encoding UTF-8.")


def test_a_file_in_latin_1_is_refused_with_its_line(tmp_path: Path):
    told = refused(tmp_path, f"{SETTING}PROMPTBOOK_COORDINATOR_ROLE=Régie\n".encode("latin-1"))
    assert told == f"{tmp_path}/.env, line 3: the text is not in UTF-8. Save the file again with the encoding UTF-8."


@pytest.mark.parametrize(
    ("line", "what"),
    [("PROMPTBOOK_DECK='everyday", "an open quote"), ("just words", "no setting"), ('X="a" b', "text after a quote")],
)
def test_a_line_that_is_no_setting_is_refused(tmp_path: Path, line: str, what: str):
    told = refused(tmp_path, f"\n# A comment\n\n{line}\n{SETTING}".encode())
    assert told.startswith(f"{tmp_path}/.env, line 4: this is no setting. Write NAME=value"), what


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path):
    (tmp_path / ".env").mkdir()
    done = call("doctor", folder=tmp_path)
    assert done.returncode == WRONG_SETTINGS
    assert sentence(done).startswith(f"{tmp_path}/.env cannot be read (Is a directory).")


def test_a_byte_order_mark_of_utf_8_and_line_ends_of_windows_are_fine(tmp_path: Path):
    text = SETTING.replace("\n", "\r\n") + "PROMPTBOOK_COORDINATOR_ROLE=Régie\r\n"
    (tmp_path / ".env").write_bytes(codecs.BOM_UTF8 + text.encode())
    done = call("doctor", folder=tmp_path)
    assert done.returncode == 0, done.stdout
    assert shown(done, "PROMPTBOOK_COORDINATOR_ROLE") == f"Régie ({tmp_path}/.env)"


def test_quotes_and_number_signs_are_as_the_example_says_and_nothing_is_inserted(tmp_path: Path):
    lines = [
        "PROMPTBOOK_COORDINATOR_ROLE='Stage #1' # who runs it",
        "PROMPTBOOK_DECK=$HOME-${PATH}",
        "PROMPTBOOK_EMOTIONS=basic # the small one",
        'PROMPTBOOK_LOG_LEVEL="DEBUG"',
    ]
    (tmp_path / ".env").write_text("\n".join(lines), "utf-8")
    done = call("doctor", folder=tmp_path)
    names = ("PROMPTBOOK_COORDINATOR_ROLE", "PROMPTBOOK_DECK", "PROMPTBOOK_EMOTIONS", "PROMPTBOOK_LOG_LEVEL")
    values = [shown(done, name).removesuffix(f" ({tmp_path}/.env)") for name in names]
    assert values == ["Stage #1", "$HOME-${PATH}", "basic", "DEBUG"]


def test_a_relative_folder_is_relative_to_the_file_it_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "checkout" / "docs").mkdir(parents=True)
    file = tmp_path / "checkout" / ".env"
    file.write_text(SETTING + "PROMPTBOOK_DATA=../plays\n")
    monkeypatch.chdir(tmp_path)
    settings = load_settings({}, file)
    assert settings.home.folder == tmp_path / "checkout" / "var"
    assert settings.data.resolve() == tmp_path / "plays"
    settings = load_settings({"PROMPTBOOK_HOME": "mine"}, file, None)
    assert settings.home.folder == tmp_path / "mine"


def test_the_file_is_found_from_folders_of_the_checkout_and_nowhere_else(tmp_path: Path):
    checkout = tmp_path / "checkout"
    (checkout / "docs" / "pictures").mkdir(parents=True)
    (tmp_path / ".env").write_text("")
    assert find_env_file(checkout / "docs", checkout) is None
    assert find_env_file(tmp_path, checkout) == tmp_path / ".env"
    (checkout / ".env").write_text("")
    assert find_env_file(checkout / "docs" / "pictures", checkout) == checkout / ".env"
    (checkout / "docs" / ".env").write_text("")
    assert find_env_file(checkout / "docs" / "pictures", checkout) == checkout / "docs" / ".env"


def test_a_relative_home_in_the_environment_or_the_command_is_relative_to_the_working_directory(tmp_path: Path):
    (tmp_path / ".env").write_text(SETTING)
    done = call("doctor", folder=tmp_path, PROMPTBOOK_HOME="mine")
    assert shown(done, "PROMPTBOOK_HOME") == f"{tmp_path}/mine (environment)"
    done = call("doctor", "--home", "other", folder=tmp_path, PROMPTBOOK_HOME="mine")
    assert shown(done, "PROMPTBOOK_HOME") == f"{tmp_path}/other (--home)"
    assert shown(done, "home") == f"{tmp_path}/other"


def test_a_home_of_a_user_that_does_not_exist_is_refused(tmp_path: Path):
    told = refused(tmp_path, b"PROMPTBOOK_HOME=~nobody-of-that-name/var\n")
    assert told.startswith("PROMPTBOOK_HOME is '~nobody-of-that-name/var', but there is no such user.")


@pytest.mark.parametrize(("home", "what"), [("/", "is the root of the file system"), ("/var", "belongs to the system")])
def test_a_home_that_belongs_to_the_system_is_refused_and_the_doctor_warns_of_it(tmp_path: Path, home: str, what: str):
    done = call("run", folder=tmp_path, PROMPTBOOK_HOME=home, DISCORD_TOKEN=GOOD_SHAPE)
    assert done.returncode == WRONG_SETTINGS
    assert sentence(done).startswith(f"The home folder {home} {what}: the bot would close it")
    done = call("doctor", folder=tmp_path, PROMPTBOOK_HOME=home, DISCORD_TOKEN=GOOD_SHAPE)
    assert done.returncode == 1
    assert f"FAIL  home: The home folder {home} {what}" in done.stdout


def test_the_doctor_warns_of_the_users_own_home_folder(tmp_path: Path):
    done = call("doctor", folder=tmp_path, PROMPTBOOK_HOME=str(tmp_path), HOME=str(tmp_path), DISCORD_TOKEN=GOOD_SHAPE)
    assert done.returncode == 0, done.stdout
    assert f"WARN  home: The home folder {tmp_path} is your own home folder" in done.stdout


def test_the_doctor_says_that_a_home_is_a_file(tmp_path: Path):
    (tmp_path / "file").write_text("")
    done = call("doctor", folder=tmp_path, PROMPTBOOK_HOME=str(tmp_path / "file"), DISCORD_TOKEN=GOOD_SHAPE)
    assert done.returncode == 1
    assert f"FAIL  disk: {tmp_path}/file is a file, not a folder." in done.stdout


def test_the_doctor_names_every_setting_and_never_the_token(tmp_path: Path):
    (tmp_path / ".env").write_text(SETTING + "PROMPTBOOK_API_URL=https://me:secret@proxy.example/api\n")
    done = call("doctor", folder=tmp_path, PROMPTBOOK_DECK="everyday")
    assert shown(done, "DISCORD_TOKEN") == f"set ({tmp_path}/.env)"
    assert shown(done, "PROMPTBOOK_HOME") == f"{tmp_path}/var ({tmp_path}/.env)"
    assert shown(done, "PROMPTBOOK_DECK") == "everyday (environment)"
    assert shown(done, "PROMPTBOOK_EMOTIONS") == "basic (default)"
    assert shown(done, "PROMPTBOOK_API_URL") == f"https://…@proxy.example/api ({tmp_path}/.env)"
    assert shown(done, "database") == f"{tmp_path}/var/promptbook.sqlite3"
    assert GOOD_SHAPE not in done.stdout + done.stderr
    (tmp_path / ".env").unlink()
    done = call("doctor", folder=tmp_path)
    assert shown(done, "DISCORD_TOKEN") == "not set (default)"


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--session", str(2**63)),
        ("export", "--seed", str(2**64)),
        ("export-log", "--session", str(2**63)),
        ("turns", "--session", str(10**30)),
        ("splits", "--redraw", "--seed", str(2**63)),
        ("doctor", "--live", str(2**63)),
    ],
    ids=" ".join,
)
def test_a_number_beyond_what_the_database_holds_is_refused(tmp_path: Path, words: tuple[str, ...]):
    done = call(*words, folder=tmp_path, PROMPTBOOK_HOME=str(tmp_path))
    assert done.returncode == 2
    assert "9223372036854775807" in sentence(done)
