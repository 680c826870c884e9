"""Settings from the environment and `.env`: read once, on request, and frozen.

Every setting is described in `.env.example`. A test compares the two.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from bot.env_file import EnvFileInvalid, find_env_file, read_env_file
from bot.home.places import Home

TOKEN_SHAPE = re.compile(r"[\w-]{18,40}\.[\w-]{6,7}\.[\w-]{25,80}")
"""Three parts joined by dots: the bot's id in base64, a time, a signature."""

LONGEST_TAKE_SECONDS = 3 * 3600
"""The longest limit of a take. The schema has the same one (`guild_settings.scene_seconds`)."""

PROJECT_FOLDER = Path(__file__).resolve().parent.parent


DEFAULT, ENVIRONMENT, HOME_OPTION = "default", "environment", "--home"
"""Where a setting in force can come from, besides a `.env`."""


class SettingInvalid(Exception):
    """A setting has an unusable value. The message names the setting and its valid values."""


@dataclass(frozen=True, slots=True)
class Given:
    """The value of a setting in force, and where it comes from: DEFAULT, ENVIRONMENT, HOME_OPTION, or a `.env`'s path.

    A folder is an absolute path. In a `.env`, or as the default beside one, it is relative to the file's folder,
    otherwise to the working directory.
    """

    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a running bot. Times are in seconds; `token` must never appear in logs or reprs.

    `unknown` has a sentence for each given setting that does not exist, for example a mistyped one. `given` has every
    setting with where it comes from, in the order of DEFAULTS. `env_file` is the `.env` that was read, if any.
    """

    token: str
    home: Home
    data: Path
    api_url: str
    gateway_url: str
    coordinator_role: str
    controller: str
    contact: str
    countdown_seconds: int
    take_limit_seconds: int
    deck: str
    emotion_set: str
    log_level: str
    unknown: tuple[str, ...] = ()
    given: tuple[Given, ...] = ()
    env_file: Path | None = None

    def __repr__(self) -> str:
        return f"Settings(home={str(self.home)!r})"


DEFAULTS: Mapping[str, str] = {
    "DISCORD_TOKEN": "",
    "PROMPTBOOK_HOME": "var",
    "PROMPTBOOK_DATA": str(PROJECT_FOLDER / "data"),
    "PROMPTBOOK_API_URL": "https://discord.com/api/v10",
    "PROMPTBOOK_GATEWAY_URL": "wss://gateway.discord.gg/",
    "PROMPTBOOK_COORDINATOR_ROLE": "Coordinator",
    "PROMPTBOOK_CONTROLLER": "",
    "PROMPTBOOK_CONTACT": "",
    "PROMPTBOOK_COUNTDOWN_SECONDS": "5",
    "PROMPTBOOK_TAKE_LIMIT_SECONDS": "300",
    "PROMPTBOOK_DECK": "everyday",
    "PROMPTBOOK_EMOTIONS": "basic",
    "PROMPTBOOK_LOG_LEVEL": "INFO",
}
"""Every setting with its default."""

FOLDERS = ("PROMPTBOOK_HOME", "PROMPTBOOK_DATA")
"""The settings that name a folder."""


def load_settings(
    environment: Mapping[str, str] | None = None, env_file: Path | None = None, home: Path | None = None
) -> Settings:
    """Read the settings: the environment takes precedence over `.env`, and `home` over both.

    Without `env_file`, it is looked for in the working directory and, within the checkout, in the folders above it.
    Raises SettingInvalid, but never for a missing token, because only `run` needs one.
    """
    env_file = env_file or find_env_file(Path.cwd(), PROJECT_FOLDER)
    env_file = env_file.absolute() if env_file and env_file.exists() else None
    from_file = _from_file(env_file)
    outside = os.environ if environment is None else environment
    everything = [_given(name, from_file, env_file, outside, home) for name in DEFAULTS]
    given = {one.name: one.value for one in everything}
    folders = _folders(Path(given["PROMPTBOOK_HOME"]), Path(given["PROMPTBOOK_DATA"]))
    return Settings(
        token=given["DISCORD_TOKEN"].strip(),
        home=Home(folders[0]),
        data=folders[1],
        api_url=_address(given, "PROMPTBOOK_API_URL", ("http", "https")).rstrip("/"),
        gateway_url=_address(given, "PROMPTBOOK_GATEWAY_URL", ("ws", "wss")),
        coordinator_role=given["PROMPTBOOK_COORDINATOR_ROLE"],
        controller=given["PROMPTBOOK_CONTROLLER"].strip(),
        contact=given["PROMPTBOOK_CONTACT"].strip(),
        countdown_seconds=_seconds(given, "PROMPTBOOK_COUNTDOWN_SECONDS", 1, 60),
        take_limit_seconds=_seconds(given, "PROMPTBOOK_TAKE_LIMIT_SECONDS", 5, LONGEST_TAKE_SECONDS),
        deck=given["PROMPTBOOK_DECK"],
        emotion_set=given["PROMPTBOOK_EMOTIONS"],
        log_level=_log_level(given["PROMPTBOOK_LOG_LEVEL"]),
        unknown=tuple(_told_unknown(name) for name in sorted({*from_file, *outside}) if _is_mistyped(name)),
        given=tuple(everything),
        env_file=env_file,
    )


def _given(
    name: str, from_file: Mapping[str, str], env_file: Path | None, outside: Mapping[str, str], home: Path | None
) -> Given:
    in_file = env_file.parent if env_file else Path.cwd()
    if name == "PROMPTBOOK_HOME" and home:
        value, source, base = str(home), HOME_OPTION, Path.cwd()
    elif outside.get(name):
        value, source, base = outside[name], ENVIRONMENT, Path.cwd()
    elif name in from_file:
        value, source, base = from_file[name], str(env_file), in_file
    else:
        value, source, base = DEFAULTS[name], DEFAULT, in_file
    return Given(name, _absolute(name, value, base) if name in FOLDERS else value, source)


def _absolute(name: str, folder: str, base: Path) -> str:
    try:
        return str(base / Path(folder).expanduser())
    except RuntimeError as error:
        raise SettingInvalid(f"{name} is '{folder}', but there is no such user. Write the path in full.") from error


def _folders(home: Path, data: Path) -> tuple[Path, Path]:
    if home.resolve().is_relative_to(data.resolve()):
        raise SettingInvalid(f"PROMPTBOOK_HOME is {home}, inside the data folder. Set it to a folder outside {data}.")
    return home, data


def _from_file(path: Path | None) -> Mapping[str, str]:
    try:
        return read_env_file(path) if path else {}
    except EnvFileInvalid as error:
        raise SettingInvalid(str(error)) from error


def _seconds(given: Mapping[str, str], key: str, low: int, high: int) -> int:
    text = given[key].strip()
    if text.isascii() and text.isdigit() and low <= int(text) <= high:
        return int(text)
    raise SettingInvalid(f"{key} is '{text}', but must be a whole number of seconds from {low} to {high}.")


def _address(given: Mapping[str, str], key: str, schemes: tuple[str, str]) -> str:
    text = given[key].strip()
    try:
        parts = urlsplit(text)
        is_valid = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_valid = False
    if is_valid:
        return text
    raise SettingInvalid(
        f"{key} is '{text}', but must be an address that begins with {' or '.join(f'{one}://' for one in schemes)}."
    )


def _is_mistyped(name: str) -> bool:
    return name.startswith("PROMPTBOOK_") and name not in DEFAULTS


def _told_unknown(name: str) -> str:
    similar = get_close_matches(name, DEFAULTS, 1, 0.85)
    return f"There is no setting {name}" + (f": did you mean {similar[0]}?" if similar else ", so it changes nothing.")


def _log_level(text: str) -> str:
    if text.upper() in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        return text.upper()
    raise SettingInvalid(f"PROMPTBOOK_LOG_LEVEL is '{text}', but must be DEBUG, INFO, WARNING or ERROR.")
