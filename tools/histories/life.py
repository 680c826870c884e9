"""One life of the bot in a history: it lets acts happen until the story is over, or until it is killed."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bot.app import open_services
from bot.config import load_settings
from bot.dataset.errors import ExportRefused
from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Layout, Options
from bot.domain.consent_terms import Scope
from bot.domain.errors import PromptbookError
from bot.home.places import Home
from bot.live.apart import in_thread
from bot.live.session import LiveSession
from bot.services.assembly import Services
from bot.services.rights import erasures
from bot.store import exporting
from bot.store.database import Database, open_database
from bot.store.errors import DatabaseUnwritable
from bot.store.sessions import session_ids_of
from tools.histories.channel import CHANNELS, GUILDS, Call, HistoryClock, SealedBooth, SealedStage
from tools.histories.deeds import Deeds, read_deeds
from tools.histories.story import Act, Kind
from tools.stops.disks import SMALL_DISK_BYTES, make_room
from tools.storms.hurry import hurried

PATIENCE_SECONDS = 1.5
"""How long the history waits for an act before the next one happens beside it."""

REST_SECONDS = 60.0
TROUBLED_ACTS = 3
"""A lock on the database is released, and a full disk emptied, after so many acts, if no one does so before."""

TROUBLE = (PromptbookError, ExportRefused, DatabaseUnwritable, sqlite3.OperationalError, OSError)
"""What the bot may answer while the disk is full or the database locked."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a history keeps what it needs: the bot's home (on a disk that can be filled), its data, and own notes."""

    folder: Path
    disk: Path

    @property
    def home(self) -> Home:
        """The bot's home folder, and nothing else."""
        return Home(self.disk / "home")

    @property
    def has_small_disk(self) -> bool:
        """Whether the disk of the home folder may be filled."""
        disk = os.statvfs(self.disk)
        return disk.f_blocks * disk.f_frsize <= SMALL_DISK_BYTES

    @property
    def data(self) -> Path:
        """A copy of the troupe's files, in which the consent text changes."""
        return self.folder / "data"

    @property
    def text(self) -> Path:
        """The consent text."""
        return self.data / "consent" / "en.md"

    @property
    def deeds(self) -> Path:
        """The log of what happened."""
        return self.folder / "deeds.jsonl"

    def copy_of_export(self, number: int) -> Path:
        """A copy of an export, as it was when the deed with this number said that it was complete."""
        return self.folder / "exports" / f"{number:04}"


@dataclass
class Life:
    """A running bot, and what happens to it."""

    places: Places
    services: Services
    database: Database
    stage: SealedStage
    clock: HistoryClock
    decisions: Decisions
    deeds: Deeds
    tasks: set[asyncio.Task[Any]] = field(default_factory=set[asyncio.Task[Any]])
    lock: sqlite3.Connection | None = None
    acts_until_clear: int = 0

    def note(self, what: str, **facts: Any) -> int:
        """Add a deed, at this moment."""
        return self.deeds.add(what, self.clock.now(), ahead=self.clock.ahead, **facts)

    def live(self, server: int) -> LiveSession | None:
        """The open session of a server."""
        return self.services.live.in_guild(GUILDS[server])

    def booth(self, server: int) -> SealedBooth | None:
        """The booth that records on a server now."""
        return self.stage.recording_in(CHANNELS[server])

    async def wait_for(self, work: Coroutine[Any, Any, object], seconds: float = PATIENCE_SECONDS) -> None:
        """Let something happen; if it takes long, go on beside it. Raises what it raises, apart from trouble."""
        task = asyncio.create_task(self._in_trouble(work))
        self.tasks.add(task)
        await asyncio.wait({task}, timeout=seconds)
        for one in [one for one in self.tasks if one.done()]:
            self.tasks.discard(one)
            one.result()

    async def _in_trouble(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except TROUBLE as error:
            self.note("not done", why=type(error).__name__)

    def release_lock(self) -> None:
        """Let the bot write to its database again."""
        if self.lock:
            self.lock.close()
            self.lock = None

    def trouble_passes(self) -> None:
        """After some acts, the lock is released and the disk has room again."""
        self.acts_until_clear -= 1
        if self.acts_until_clear <= 0:
            self.release_lock()
            make_room(self.places.home.folder)

    async def export(self, purpose: Scope | None, recipient: str | None) -> None:
        """Export everything for a purpose and a recipient, and keep a copy of the result as it is then."""
        home, name = self.places.home, f"{purpose or 'keep'}-{recipient or 'here'}".replace(" ", "_")
        sessions = await session_ids_of(self.database)
        options = Options(Layout.AUDIOFOLDER, has_dialogues=True, purpose=purpose, recipient=recipient)
        order = ExportOrder(self.database.path, home, home.exports / name, sessions, options)
        await asyncio.to_thread(export_dataset, order)
        facts = {"purpose": purpose, "recipient": recipient, "out": name, "decided_at": self.decisions.last}
        number = self.note("exported", **facts)
        shutil.copytree(order.out, self.places.copy_of_export(number))

    async def rest(self) -> None:
        """Let everything end that was asked for."""
        self.release_lock()
        async with asyncio.timeout(REST_SECONDS):
            await asyncio.gather(*self.tasks)
            await self.services.sessions.cut_all()
            for server in range(len(GUILDS)):
                while (live := self.live(server)) and live.take:  # noqa: ASYNC110 - nothing signals it
                    await asyncio.sleep(0.01)
            await self.services.starting.promises.all_kept()
            await self.services.turns.settled()
            await self.services.erasures.go_on()
            await self.services.erasures.settled()


@dataclass
class Decisions:
    """The clock of exports, which remembers when one last asked what is permitted.

    An export needs a moment from there until its folder appears, in which the term of a consent can end.
    """

    clock: HistoryClock
    last: str = ""

    def now(self) -> str:
        """Return the time, as the store writes it."""
        self.last = self.clock.now()
        return self.last


@asynccontextmanager
async def a_life(places: Places, calls: Sequence[Call], ahead: float) -> AsyncGenerator[Life]:
    """Open the bot on its home folder, as a process that has just started, and take up what an earlier one left."""
    clock = HistoryClock(ahead)
    environment = {"PROMPTBOOK_COUNTDOWN_SECONDS": "1", "PROMPTBOOK_DATA": str(places.data)}
    settings = load_settings(environment, places.folder / "no.env", places.home.folder)
    database, stage, deeds = await open_database(places.home), SealedStage(clock, calls), Deeds(places.deeds)
    decisions = Decisions(clock)
    for deed in read_deeds(places.deeds):
        if deed.what in ("leave", "come"):
            people = stage.channels[deed.facts["channel"]]
            (people.discard if deed.what == "leave" else people.add)(deed.facts["user"])
    with hurried(), patch.object(erasures, "LOOK_SECONDS", 0.02), patch.object(exporting, "_now", decisions.now):
        async with open_services(settings, database, clock, stage, in_thread) as services:
            life = Life(places, services, database, stage, clock, decisions, deeds)
            life.note("life")
            await services.sessions.rejoin_all()
            await services.erasures.go_on()
            try:
                yield life
            finally:
                life.release_lock()
                for task in life.tasks:
                    task.cancel()
    await database.close()


async def play(
    places: Places,
    calls: Sequence[Call],
    acts: Sequence[Act],
    ahead: float,
    happen: Callable[[Life, Act], Awaitable[None]],
    at_the_end: Callable[[Life], Awaitable[None]],
) -> None:
    """Live through the acts. A kill among them ends this process."""
    async with a_life(places, calls, ahead) as life:
        for act in acts:
            if act.kind is Kind.KILL:
                life.note("killed")
                os.kill(os.getpid(), signal.SIGKILL)
            await happen(life, act)
            life.trouble_passes()
        await at_the_end(life)
