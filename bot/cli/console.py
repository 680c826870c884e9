"""What all commands share: exit codes, options, settings, progress, and the sentences of errors.

Slow imports are inside the functions that need them, so that no command waits for another command's libraries.
"""

from __future__ import annotations

import asyncio
import enum
import sys
import time
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from bot.config import SettingInvalid, Settings, load_settings
from bot.home.places import Home

errors = Console(stderr=True, highlight=False)
"""For messages to people. Standard output is for results."""

LARGEST_ID: Final = 2**63 - 1
"""The largest whole number that the database can hold."""

_T = TypeVar("_T")

_SECONDS_A_LINE = 30.0
_SECONDS_UNTIL_KNOWN = 3.0


class ExitCode(enum.IntEnum):
    """How the process ends. The command line parser itself uses 2 for a wrong call."""

    SUCCESS = 0
    FAILED = 1
    SETTINGS = 3
    LOGIN_REFUSED = 4
    DATABASE = 5


HomeOption = Annotated[
    Path | None, typer.Option(help="Folder of the database, recordings and exports. Default: PROMPTBOOK_HOME.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]


def settings_for(home: Path | None) -> Settings:
    """Return the settings, or say what is wrong with them and exit."""
    try:
        return load_settings(home=home)
    except SettingInvalid as error:
        fail(ExitCode.SETTINGS, str(error))


def kept_home(settings: Settings) -> Home:
    """Return the home folder, or say that it has no database and exit."""
    kept = settings.home
    if not kept.database.exists():
        fail(
            ExitCode.DATABASE,
            f"There is no database at {kept.database}: nothing has been recorded there yet. "
            "For another home folder, name it with --home.",
        )
    return kept


def outcome_of(work: Coroutine[Any, Any, _T]) -> _T:
    """Return the result of the work. If an error has something that a person can do about it, print it and exit."""
    with sentences():
        return asyncio.run(work)


@contextmanager
def sentences() -> Generator[None]:
    """If an error in the block has something that a person can do about it, print that and exit."""
    from bot.domain.errors import PromptbookError
    from bot.home.errors import HomeHopeless, HomeUnusable
    from bot.store.errors import DatabaseUnusable
    from bot.ui.texts.errors import sentence_of

    try:
        yield
    except PromptbookError as error:
        fail(ExitCode.FAILED, sentence_of(error))
    except HomeHopeless as error:
        fail(ExitCode.SETTINGS, str(error))
    except (HomeUnusable, DatabaseUnusable) as error:
        fail(ExitCode.DATABASE, str(error))
    except OSError as error:
        _fail_unreachable(error)
    except Exception as error:
        # discord.py takes a quarter of a second to import: if no one has, the error is none of its own.
        if "discord" in sys.modules:
            _fail_for_discord(error)
        raise


def _fail_for_discord(error: Exception) -> None:
    import discord

    if isinstance(error, discord.DiscordServerError):
        _fail_unreachable(error)
    if isinstance(error, discord.LoginFailure):
        fail(
            ExitCode.LOGIN_REFUSED,
            "Discord refused the token. Reset it on the page 'Bot' of your application and put the new one into .env.",
        )


def _fail_unreachable(error: Exception) -> NoReturn:
    sentence = f"Cannot reach Discord or the disk: {error}. Check the network and the disk, then try again."
    fail(ExitCode.FAILED, sentence)


class ShownProgress:
    """Progress with the time that is left, on standard error: a bar on a terminal, otherwise a line now and then."""

    def __init__(self) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
        self._bar = Progress(*columns, TextColumn("{task.fields[left]}"), console=errors, transient=True)
        self._task = self._bar.add_task("", total=None, left="")
        self._step = ""
        self._began_at, self._began_with, self._said_at = 0.0, 0, 0.0

    def __enter__(self) -> Callable[[str, int, int], None]:
        if errors.is_terminal:
            self._bar.start()
        return self._show

    def __exit__(self, *_: object) -> None:
        if errors.is_terminal:
            self._bar.stop()

    def _show(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if step != self._step:
            self._step, self._began_at, self._began_with, self._said_at = step, now, done, now
            if not errors.is_terminal:
                errors.print(step, soft_wrap=True)
        left = _left(now - self._began_at, done - self._began_with, total - done)
        self._bar.update(self._task, description=step, completed=done, total=total, left=left)
        if not errors.is_terminal and now - self._said_at >= _SECONDS_A_LINE:
            self._said_at = now
            errors.print(f"{step}: {done / total:.0%}{', ' if left else ''}{left}", soft_wrap=True)


def _left(elapsed: float, done: int, rest: int) -> str:
    """Return how long the rest takes if it goes on like that; empty while nobody can know."""
    if done <= 0 or elapsed < _SECONDS_UNTIL_KNOWN:
        return ""
    seconds = elapsed * rest / done
    return f"about {seconds / 60:.0f} min left" if seconds >= 90 else f"about {max(seconds, 1):.0f} s left"


def fail(code: ExitCode, sentence: str) -> NoReturn:
    """Print the sentence and exit."""
    errors.print(sentence, soft_wrap=True)
    raise typer.Exit(code)
