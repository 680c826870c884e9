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
from bot.voice.receiving.garbage import look_for_cycles_seldom
from tests.evening import CHANNEL, COORDINATOR, GUILD
from tests.paper import PaperStage

EARLIER_SESSIONS, EARLIER_SCENES = 20, 40
"""A season of long evenings, in which each of a hundred people was in 32 scenes."""

SCENES = 30
"""The scenes of the evening that is measured."""

CROWDS = (12, 25, 50, 100)

BEAT_SECONDS: Final = 0.001


@dataclass(frozen=True, slots=True)
class DealCost:
    """Seconds per deal, from the call of the service to its answer; and how long the loop was held at worst, in ms.

    `panel_held_ms` is the same for reading and building the panel that shows the deal, `machine_ms` for a process that
    does nothing meanwhile.
    """

    people: int
    median_seconds: float
    worst_seconds: float
    held_ms: float
    panel_held_ms: float
    machine_ms: float


class Beats:
    """Beats every millisecond in the running loop: a beat that comes late says for how long the loop was held."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._due = self._loop.time() + BEAT_SECONDS
        self._next = self._loop.call_at(self._due, self._beat)
        self._latest = 0.0

    def _beat(self) -> None:
        now = self._loop.time()
        self._latest = max(self._latest, now - self._due)
        self._due = now + BEAT_SECONDS
        self._next = self._loop.call_at(self._due, self._beat)

    async def held_ms(self) -> float:
        """For how long the loop was held since the last call, at worst."""
        await asyncio.sleep(2 * BEAT_SECONDS)
        latest, self._latest = self._latest, 0.0
        return latest * 1_000

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
    async def beat() -> float:
        beats = Beats()
        await asyncio.to_thread(wire.recv)
        return await beats.held_ms()

    wire.send(asyncio.run(beat()))


async def _deal_all(services: Services, session: LiveSession, people: int) -> DealCost:
    own, theirs = mp.get_context("spawn").Pipe()
    beside = mp.get_context("spawn").Process(target=_beat_beside, args=(theirs,))
    beside.start()
    seconds: list[float] = []
    held_ms: list[float] = []
    panel_ms: list[float] = []
    beats = Beats()
    for _ in range(SCENES):
        await beats.held_ms()
        begun = time.perf_counter()
        await services.scenes.deal(session)
        seconds.append(time.perf_counter() - begun)
        held_ms.append(await beats.held_ms())
        build_panel(await services.panels.read(session.session_id)).to_components()
        panel_ms.append(await beats.held_ms())
    beats.stop()
    own.send("enough")
    machine_ms: float = own.recv()
    beside.join()
    return DealCost(people, statistics.median(seconds), max(seconds), max(held_ms), max(panel_ms), machine_ms)
