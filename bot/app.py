"""Puts the bot together: settings, store, services, client. No other module does."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from bot.audio import loudness
from bot.client import PromptbookBot
from bot.config import Settings
from bot.dataset.release.leftovers import tidy_exports
from bot.home.errors import HomeUnusable
from bot.home.leftovers import clear_leftovers
from bot.home.lock import held_home
from bot.home.places import Home
from bot.home.privacy import make_private, private_files
from bot.live.apart import Apart, Step, run_apart
from bot.live.errands import Errands
from bot.live.journal import Journal
from bot.live.ports import Clock, SystemClock
from bot.live.promises import Promises
from bot.live.workers import Lane, Workers
from bot.services.assembly import Services, assemble
from bot.services.facts.library import Library
from bot.services.ports.stage import Stage
from bot.services.schedule.zones import zone_names
from bot.stage.stage import Connect, DiscordStage
from bot.store.database import Database, open_database
from bot.voice.connection import internals
from bot.voice.receiving.garbage import leave_out_what_is_loaded, look_for_cycles_seldom

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")


@asynccontextmanager
async def open_bot(
    settings: Settings,
    connect: Connect | None = None,
    clock: Clock | None = None,
    apart: Apart | None = None,
) -> AsyncGenerator[PromptbookBot]:
    """Return a bot that holds its home folder and has an open store, ready to log in. Both are released at the end.

    The home folder is made private and cleared of what ended processes left. `connect`, `clock` and `apart`
    replace how voice channels are joined, where the time comes from, and where heavy work runs.

    Raises HomeUnusable if the home folder is in use or unusable, DatabaseUnusable if the database cannot be used.
    """
    with private_files(), held_home(settings.home):
        await asyncio.to_thread(_tidy, settings.home)
        async with _open_bot(settings, connect, clock, apart) as bot:
            yield bot


def _tidy(home: Home) -> None:
    make_private(home)
    if freed_bytes := clear_leftovers(home) + tidy_exports(home.exports):
        _log.info("Removed %d bytes of unfinished files that killed processes had left.", freed_bytes)


@asynccontextmanager
async def _open_bot(
    settings: Settings, connect: Connect | None, clock: Clock | None, apart: Apart | None
) -> AsyncGenerator[PromptbookBot]:
    database = await open_database(settings.home)
    try:
        bot = PromptbookBot()
        library = Library(settings.data)
        stage = DiscordStage(bot, connect, lambda language: library.in_language(language).phrases())
        async with open_services(settings, database, clock or SystemClock(), stage, apart) as services:
            bot.services = services
            try:
                yield bot
            finally:
                await stage.close()
                await bot.close()
    finally:
        await database.close()


@asynccontextmanager
async def open_services(
    settings: Settings, database: Database, clock: Clock, stage: Stage, apart: Apart | None = None
) -> AsyncGenerator[Services]:
    """Return the services over an open store, after taking up what an earlier process left. They stop at the end.

    Without `apart`, turns are found, and clips made, in a process of its own per take.
    """
    workers = Workers()
    promises = Promises(await asyncio.to_thread(_open_journal, settings.home), workers)
    errands = Errands()
    services = assemble(settings, database, clock, stage, workers, promises, errands, apart or _in_processes(workers))
    try:
        await asyncio.to_thread(_read_ahead, services.library)
        await services.starting.take_up()
        yield services
    finally:
        await errands.close()
        await promises.close()
        workers.close()


def _read_ahead(library: Library) -> None:
    """Read what the first press could need, before anyone can press."""
    library.read_ahead()
    zone_names()


def _in_processes(workers: Workers) -> Apart:
    async def in_process(work: Callable[[Step], _Result]) -> _Result:
        return await run_apart(work, workers, Lane.TURNS)

    return in_process


def _open_journal(home: Home) -> Journal:
    try:
        return Journal(home.journal)
    except OSError as error:
        raise HomeUnusable(
            f"The journal {home.journal} cannot be used ({error.strerror or error}). Free some disk space, or check "
            "the owner of the home folder."
        ) from error


async def _load_libraries() -> None:
    """Load slow libraries now, so that the first take does not wait for them."""
    await asyncio.to_thread(loudness.load)
    leave_out_what_is_loaded()


async def run_bot(settings: Settings, announce: Callable[[str], None]) -> None:
    """Log in and serve until SIGINT or SIGTERM. Running takes are cut and kept before the end.

    Raises discord.LoginFailure for a refused token, and everything that `open_bot` raises.
    """
    look_for_cycles_seldom()
    internals.use_addresses(settings.api_url, settings.gateway_url)
    async with open_bot(settings) as bot:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        await bot.login(settings.token)
        announce(bot.invite_url())
        bot.services.errands.run(_load_libraries(), "loading of libraries")
        serving = asyncio.create_task(bot.connect(), name="gateway")
        stopping = asyncio.create_task(stop.wait(), name="signal")
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        await bot.services.sessions.cut_all()
        await bot.close()
        await serving
