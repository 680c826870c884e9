"""`promptbook doctor`: checks everything that a session needs, and says how to fix what is missing."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata

from bot.config import TOKEN_SHAPE, Settings
from bot.domain.errors import PromptbookError
from bot.home.privacy import is_closed, not_ours, private_files
from bot.services.facts.library import Library
from bot.services.scene.cards import CHARACTERS
from bot.services.session.sessions import INSTRUMENT
from bot.store.database import open_database
from bot.store.errors import DatabaseUnusable

LEAST_DAVEY = (0, 1, 7)
"""davey 0.1.6 cannot decrypt at all (Snazzah/davey issue 20)."""

LEAST_FREE_BYTES = 2 * 1024**3
"""An hour of twelve Opus tracks takes about 0.35 GiB; its export as FLAC takes several times as much."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One checked item: whether it is in order, and a sentence that also says what to do if it is not.

    A finding that `is_warning` needs attention but does not prevent an evening.
    """

    subject: str
    is_ok: bool
    sentence: str
    is_warning: bool = False


async def examine(settings: Settings, explain: Callable[[PromptbookError], str]) -> list[Finding]:
    """Check everything. Never raises for what it finds. `explain` turns an error into its sentence."""
    return [
        _python(),
        _davey(),
        _discord_py(),
        _token(settings),
        *(Finding("settings", True, sentence, is_warning=True) for sentence in settings.unknown),
        _disk(settings),
        _home(settings),
        await _database(settings),
        _data(settings, explain),
    ]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), f"Python {version}; 3.11 or newer is needed.")


def _davey() -> Finding:
    return _version("davey", LEAST_DAVEY, "it cannot decrypt what people say")


def _discord_py() -> Finding:
    return _version("discord.py", (2, 7, 1), "it does not support today's voice encryption")


def _version(package: str, least: tuple[int, ...], why: str) -> Finding:
    needed = ".".join(map(str, least))
    try:
        version = metadata.version(package)
    except metadata.PackageNotFoundError:
        return Finding(package, False, f"{package} is not installed: run 'make install'.")
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    if numbers >= least:
        return Finding(package, True, f"{package} {version}.")
    return Finding(package, False, f"{package} {version} is too old ({why}): install {needed} or newer.")


def _token(settings: Settings) -> Finding:
    if not settings.token:
        return Finding("token", False, "No token. Put DISCORD_TOKEN into .env, as .env.example shows.")
    if TOKEN_SHAPE.fullmatch(settings.token):
        return Finding("token", True, "The token has the right shape.")
    sentence = "DISCORD_TOKEN does not look like a bot token. Copy it again from the page 'Bot' of your application."
    return Finding("token", False, sentence)


def _disk(settings: Settings) -> Finding:
    folder = settings.home.folder
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        sentence = f"{settings.home} cannot be written. Change its owner, or choose another folder with --home."
        return Finding("disk", False, sentence)
    free = shutil.disk_usage(folder).free
    sentence = f"{free / 1024**3:.1f} GiB free for {settings.home}."
    if free >= LEAST_FREE_BYTES:
        return Finding("disk", True, sentence)
    return Finding("disk", False, f"{sentence} An evening needs {LEAST_FREE_BYTES // 1024**3} GiB: free some space.")


def _home(settings: Settings) -> Finding:
    home = settings.home
    if sentence := not_ours(home):
        return Finding("home", False, sentence)
    if is_closed(home):
        return Finding("home", True, f"{home} is private to the user who runs the bot.")
    sentence = f"Other users of this machine can look into {home}. The bot makes it private when it starts."
    return Finding("home", True, sentence, is_warning=True)


async def _database(settings: Settings) -> Finding:
    path = settings.home.database
    if not path.exists():
        return Finding("database", True, f"No database yet. The first start creates it at {path}.")
    try:
        with private_files():
            database = await open_database(settings.home)
    except DatabaseUnusable as error:
        return Finding("database", False, str(error))
    await database.close()
    copies = sorted(settings.home.backups.glob("*.sqlite3"))
    kept = f" {len(copies)} older copies are in {settings.home.backups}." if copies else ""
    return Finding("database", True, f"{path} can be used.{kept}")


def _data(settings: Settings, explain: Callable[[PromptbookError], str]) -> Finding:
    library = Library(settings.data)
    try:
        library.consent_text()
        for name in library.names("decks"):
            library.deck(name)
        for name in library.names("emotions"):
            library.emotion_set(name)
        for name in library.names("characters"):
            library.character_set(name)
        for name in library.names("instruments"):
            library.instrument(name)
        library.character_set(CHARACTERS)
        library.instrument(INSTRUMENT)
        library.deck(settings.deck)
        library.emotion_set(settings.emotion_set)
    except PromptbookError as error:
        return Finding("data", False, explain(error))
    return Finding(
        "data",
        True,
        f"The decks, topics, emotion sets, characters, instruments and consent text in {settings.data} can be used.",
    )
