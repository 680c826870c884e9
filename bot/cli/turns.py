"""`promptbook turns`, and the search for turns that other commands begin with."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.cli.console import LARGEST_ID, ExitCode, HomeOption, JsonOption, fail, outcome_of, settings_for
from bot.domain.ids import SessionId

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.home.places import Home
    from bot.live.apart import Step
    from bot.store.database import Database
    from bot.store.turns import UnsearchedTake

_Result = TypeVar("_Result")


def find_turns(
    session: Annotated[
        int | None, typer.Option(min=1, max=LARGEST_ID, help="Number of the session. Default: all sessions.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the turns of earlier sessions again, if this version finds them in another way.

    Turns that were rated or transcribed stay.
    """
    settings = settings_for(home)
    if not settings.home.database.exists():
        fail(
            ExitCode.DATABASE,
            f"There is no database at {settings.home.database}: nothing has been recorded there yet. "
            "To use another home folder, name it with --home.",
        )
    takes, turns = outcome_of(_find(settings, [] if session is None else [SessionId(session)]))
    if as_json:
        typer.echo(json.dumps({"takes": takes, "turns": turns}))
        return
    typer.echo(f"{takes} takes searched, {turns} turns stored." if takes else "All turns are up to date.")


async def search_turns(
    database: Database, home: Home, sessions: Collection[SessionId], *, again: bool = False
) -> AsyncGenerator[UnsearchedTake]:
    """Find the turns of takes that have none yet; `again`, also of those whose turns were found in another way."""
    from bot.audio.activity import has_detector
    from bot.live.ports import SystemClock
    from bot.services.turns.search import TurnSearch
    from bot.turns.finding import WITH_VOICE, WITHOUT_VOICE

    async def in_thread(work: Callable[[Step], _Result]) -> _Result:
        is_over = threading.Event()
        try:
            return await asyncio.to_thread(work, partial(_end_if, is_over))
        finally:
            # After Ctrl-C, the process would otherwise wait until the thread has found everything.
            is_over.set()

    # What the detector found is not found again without it.
    known = ({WITH_VOICE} if has_detector() else {WITH_VOICE, WITHOUT_VOICE}) if again else None
    search = TurnSearch(database, SystemClock(), home, in_thread)
    async for take in search.search_left_over(known, sessions):
        yield take


def _end_if(is_over: threading.Event) -> None:
    if is_over.is_set():
        raise InterruptedError("No one waits for the turns any longer.")


async def _find(settings: Settings, sessions: Collection[SessionId]) -> tuple[int, int]:
    from bot.home.privacy import private_files
    from bot.store.database import open_database
    from bot.store.turns import count_turns

    with private_files():
        database = await open_database(settings.home)
        try:
            takes = [take.take_id async for take in search_turns(database, settings.home, sessions, again=True)]
            return len(takes), await count_turns(database, takes)
        finally:
            await database.close()
