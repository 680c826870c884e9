"""How long a deal takes, and how long it holds the event loop, through the real services and a real store.

Everyone in the channel consents. Earlier evenings of the server are in the store. Each of their scenes was dealt to
eight people drawn for it, so that as many people came and left as possible.
"""

from __future__ import annotations

import asyncio
import multiprocessing as mp
import statistics
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Final

from bot.app import open_services
from bot.config import load_settings
from bot.domain.casting.deal import History, Materials, deal
from bot.domain.consent import TO_PERFORM
from bot.domain.ids import PersonId, UserId
from bot.live.apart import in_thread
from bot.live.ports import SystemClock
from bot.live.session import LiveSession
from bot.services.assembly import Services
from bot.services.scene.cards import CHARACTERS
from bot.services.session.sessions import SessionWishes
from bot.store.database import Database, open_database
from bot.store.scenes import CuePlan, Drawn, add_scene
from bot.ui.panel import build_panel
from bot.voice.receiving.garbage import leave_out_what_is_loaded, look_for_cycles_seldom
from tests.evening import CHANNEL, COORDINATOR, GUILD
from tests.paper import PaperStage

EARLIER_SESSIONS, EARLIER_SCENES = 20, 40
"""A season of long evenings, in which each of a hundred people was in 32 scenes."""

SCENES = 30
"""The scenes of the evening that is measured."""

CROWDS = (12, 25, 50, 100)

BEAT_SECONDS: Final = 0.001


@dataclass(frozen=True, slots=True)
class Held:
    """The longest time between two beats of the loop, in milliseconds; and the most CPU time, of all threads."""

    ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class DealCost:
    """Seconds per deal, from the call of the service to its answer; and for how long the loop was held at worst.

    `by_deal` is for deals, `by_panel` for reading and building the panel that shows a deal, `idle` for a process that
    does nothing meanwhile.
    """

    people: int
    median_seconds: float
    worst_seconds: float
    by_deal: Held
    by_panel: Held
    idle: Held


def most(found: Sequence[Held]) -> Held:
    """Return the largest of each figure."""
    return Held(max(one.ms for one in found), max(one.cpu_ms for one in found))


class Beats:
    """Beats every millisecond in the running loop: a beat that comes late says for how long the loop was held.

    If other programs compete for the cores, the loop waits for them, too. The process's own CPU time between two beats,
    of all threads, does not contain that wait.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._due, self._cpu = self._loop.time() + BEAT_SECONDS, time.process_time()
        self._next = self._loop.call_at(self._due, self._beat)
        self._held = Held(0.0, 0.0)

    def _beat(self) -> None:
        now, cpu = self._loop.time(), time.process_time()
        held = Held((now - self._due) * 1_000, (cpu - self._cpu) * 1_000)
        self._held = most([self._held, held])
        self._due, self._cpu = now + BEAT_SECONDS, cpu
        self._next = self._loop.call_at(self._due, self._beat)

    async def held(self) -> Held:
        """For how long the loop was held since the last call, at worst."""
        await asyncio.sleep(2 * BEAT_SECONDS)
        held, self._held = self._held, Held(0.0, 0.0)
        return held

    def stop(self) -> None:
        """Stop beating."""
        self._next.cancel()


def measure(people: int) -> DealCost:
    """Deal an evening's scenes to this number of people."""
    look_for_cycles_seldom()
    return asyncio.run(_measure(people))


async def _measure(people: int) -> DealCost:
    users = [UserId(400_000_000_000_000_000 + number) for number in range(people)]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with _services(Path(folder), users) as (services, database):
            for user in users:
                await services.consent_requests.ask(GUILD, user, TO_PERFORM, is_adult=True)
            for number in range(EARLIER_SESSIONS):
                await _play_earlier(services, database, number)
            session = await services.sessions.start(GUILD, CHANNEL, COORDINATOR, SessionWishes(seed=7))
            # As the bot does once all libraries are loaded.
            leave_out_what_is_loaded()
            return await _deal_all(services, session, people)


@asynccontextmanager
async def _services(home: Path, users: Sequence[UserId]) -> AsyncGenerator[tuple[Services, Database]]:
    settings = load_settings({}, home / "no.env", home)
    database = await open_database(settings.home)
    try:
        stage = PaperStage({CHANNEL: set(users)})
        async with open_services(settings, database, SystemClock(), stage, in_thread) as services:
            yield services, database
    finally:
        await database.close()


async def _play_earlier(services: Services, database: Database, number: int) -> None:
    session = await services.sessions.start(GUILD, CHANNEL, COORDINATOR, SessionWishes(seed=number))
    materials = Materials(
        await services.decks.find(GUILD, session.deck),
        services.library.emotion_set(session.emotion_set),
        services.library.character_set(CHARACTERS),
    )
    people = [PersonId(row[0]) for row in await database.fetch_all("SELECT DISTINCT person_id FROM consent_events")]
    chance = Random(number)
    async with database.transaction() as tx:
        for _ in range(EARLIER_SCENES):
            dealt = deal(materials, chance.sample(people, 8), History(), chance)
            drawn = Drawn(dealt, materials, "earlier", CuePlan("coordinator", 180))
            await add_scene(tx, session.session_id, drawn, services.clock.now())
    await services.sessions.end(session)


def _beat_beside(wire: Connection) -> None:
    async def beat() -> Held:
        beats = Beats()
        await asyncio.to_thread(wire.recv)
        return await beats.held()

    wire.send(asyncio.run(beat()))


async def _deal_all(services: Services, session: LiveSession, people: int) -> DealCost:
    own, theirs = mp.get_context("spawn").Pipe()
    beside = mp.get_context("spawn").Process(target=_beat_beside, args=(theirs,))
    beside.start()
    seconds: list[float] = []
    by_deal: list[Held] = []
    by_panel: list[Held] = []
    beats = Beats()
    for _ in range(SCENES):
        await beats.held()
        begun = time.perf_counter()
        await services.scenes.deal(session)
        seconds.append(time.perf_counter() - begun)
        by_deal.append(await beats.held())
        build_panel(await services.panels.read(session.session_id)).to_components()
        by_panel.append(await beats.held())
    beats.stop()
    own.send("enough")
    idle: Held = own.recv()
    beside.join()
    return DealCost(people, statistics.median(seconds), max(seconds), most(by_deal), most(by_panel), idle)
