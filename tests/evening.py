"""An evening for tests: a guild, a voice channel, people with and without consent, a real store and real files."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from bot.app import open_services
from bot.config import Settings, load_settings
from bot.domain.consent import TO_PERFORM, TO_RATE, Scope
from bot.domain.ids import GuildId, UserId
from bot.live.apart import in_thread
from bot.live.ports import Clock, SystemClock
from bot.live.session import LiveSession
from bot.live.take.live_take import LiveTake
from bot.services.assembly import Services
from bot.services.ending.cuts import TakeCut
from bot.services.ports.panel_state import PanelState
from bot.services.session.sessions import SessionWishes
from bot.services.take.takes import TakeCalled
from bot.store.database import Database, open_database
from bot.ui.texts.panel import panel_texts
from tests.paper import PaperBooth, PaperStage

OPERATOR = {"PROMPTBOOK_CONTROLLER": "The troupe", "PROMPTBOOK_CONTACT": "troupe@example.org"}
"""Settings without which `/session start` asks who is responsible."""

GUILD = GuildId(111_111_111_111_111_111)
CHANNEL = 222_222_222_222_222_222
COORDINATOR = UserId(333_333_333_333_333_333)
PERFORMERS = (
    UserId(444_444_444_444_444_441),
    UserId(444_444_444_444_444_442),
    UserId(444_444_444_444_444_443),
)
AUDIENCE = UserId(555_555_555_555_555_555)
BYSTANDER = UserId(666_666_666_666_666_666)
GOOD_ANSWERS = {"emotion": "joy", "intensity": "2", "valence": "4", "arousal": "3", "authenticity": "5"}
TABLES = (
    "people",
    "consent_events",
    "sessions",
    "scenes",
    "castings",
    "takes",
    "tracks",
    "turns",
    "ratings",
    "self_ratings",
    "events",
)


class HeldClock(SystemClock):
    """A clock on which a wait ends only when the test says so, if its moment lies ahead."""

    def __init__(self) -> None:
        self._waits: list[tuple[float, asyncio.Event]] = []

    async def sleep_until(self, moment: float) -> None:
        left = moment - self.monotonic()
        self._waits.append((left, asyncio.Event()))
        if left > 0:
            await self._waits[-1][1].wait()

    async def wait_of(self, seconds: float, number: int = 0) -> asyncio.Event:
        """One of the waits of about this many seconds, counted from 0, once it has begun. Set it to end it."""
        async with asyncio.timeout(10):
            while len(found := [wait for left, wait in self._waits if abs(left - seconds) < 1]) <= number:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        return found[number]


class SetClock(SystemClock):
    """A clock that a test sets, so that wall time jumps by `set_by`; time goes on by `later` for both kinds."""

    def __init__(self) -> None:
        self.set_by = timedelta()
        self.later = 0.0

    def wall(self) -> datetime:
        return super().wall() + self.set_by + timedelta(seconds=self.later)

    def monotonic(self) -> float:
        return super().monotonic() + self.later


class ExchangeableClock(SystemClock):
    """A clock that a test can replace with another one."""

    def __init__(self) -> None:
        self.shown_by: Clock = SystemClock()

    def wall(self) -> datetime:
        return self.shown_by.wall()

    def monotonic(self) -> float:
        return self.shown_by.monotonic()

    async def sleep_until(self, moment: float) -> None:
        await self.shown_by.sleep_until(moment)


class Evening:
    """Services on a paper stage, with shortcuts for what many tests do."""

    def __init__(
        self, services: Services, stage: PaperStage, database: Database, settings: Settings, clock: ExchangeableClock
    ) -> None:
        self.services = services
        self.stage = stage
        self.database = database
        self.settings = settings
        self.home = settings.home
        self.promises = services.starting.promises
        self.workers = services.cuts.kept_takes.workers
        self._clock = clock

    @property
    def clock(self) -> Clock:
        """The clock of all services."""
        return self._clock

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self._clock.shown_by = clock

    @property
    def live(self) -> LiveSession:
        """The open session, as it is in memory."""
        found = self.services.live.in_guild(GUILD)
        assert found is not None, "no session is open"
        return found

    @property
    def has_take(self) -> bool:
        """Whether a take of any session is live."""
        return any(session.take for session in self.services.live)

    async def no_take(self) -> None:
        """Wait until the store has every live take."""
        async with asyncio.timeout(10):
            while self.has_take:  # noqa: ASYNC110 - nothing signals it
                await asyncio.sleep(0.005)

    def forget_take(self) -> None:
        """Lose the live take, as if the process had been killed."""
        self.live.take_is_over(self.take)

    @property
    def take(self) -> LiveTake:
        """The running take."""
        assert self.live.take is not None, "no take is live"
        return self.live.take

    @property
    def booth(self) -> PaperBooth:
        return self.stage.booth

    async def consent(self, user_id: UserId, scopes: frozenset[Scope]) -> None:
        await self.services.consent_requests.ask(GUILD, user_id, scopes, is_adult=True)

    async def everyone_consents(self) -> None:
        """Everyone but the bystander consents."""
        for user_id in PERFORMERS:
            await self.consent(user_id, TO_PERFORM | TO_RATE)
        await self.consent(AUDIENCE, TO_RATE)

    async def open(self, seed: int = 7) -> LiveSession:
        return await self.services.sessions.start(GUILD, CHANNEL, COORDINATOR, SessionWishes(seed=seed))

    async def on_stage(self) -> LiveSession:
        """A session in which a scene is dealt."""
        session = await self.open()
        await self.services.scenes.deal(session)
        return session

    async def in_a_take(self) -> LiveSession:
        """A session with a take that is being recorded."""
        session = await self.on_stage()
        await self.start(session)
        return session

    def everyone_speaks(self, seconds: float) -> None:
        """Let every performer speak in the running recording."""
        for user_id in PERFORMERS:
            self.booth.speak(user_id, seconds)

    def is_recorded(self, user_id: UserId) -> bool:
        """Whether the running recording may open this account's frames now."""
        assert self.booth.order, "the booth does not record"
        return self.booth.order.may_record(user_id)

    async def panel(self, session: LiveSession) -> PanelState:
        """What the session's panel shows now."""
        return await self.services.sessions.panels.read(session.session_id)

    async def panel_words(self, session: LiveSession) -> str:
        """All paragraphs of the session's panel."""
        return "\n".join(panel_texts(await self.panel(session)))

    async def play(self, session: LiveSession, seconds: float = 4.0, speech: float = 3.0) -> TakeCut:
        """Deal one scene and record one take, in which every performer speaks; the take lies in the past."""
        await self.services.scenes.deal(session)
        pressed_at = monotonic() - self.settings.countdown_seconds - seconds
        await self.services.takes.start(session, pressed_at)
        self.everyone_speaks(speech)
        self.booth.speak(BYSTANDER, speech)
        return await self.services.cuts.cut(self.live, self.booth.started_at + seconds)

    async def start(self, session: LiveSession, seconds_ago: float = 4.0) -> TakeCalled:
        """Start a take whose countdown ended some seconds ago."""
        pressed_at = monotonic() - self.settings.countdown_seconds - seconds_ago
        called = await self.services.takes.start(session, pressed_at)
        async with asyncio.timeout(5):
            while seconds_ago > 0 and await self.value("SELECT state FROM takes ORDER BY take_id DESC") == "countdown":  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        return called

    async def value(self, sql: str) -> Any:
        """The first column of the first row."""
        return await self.database.fetch_value(sql)

    async def row_counts(self) -> dict[str, int]:
        return {table: await self.database.fetch_value(f"SELECT count(*) FROM {table}") for table in TABLES}


async def refuse_for_full_disk(*_: object, **__: object) -> None:
    """What a test puts in place of a method of the store: the disk is full."""
    raise sqlite3.OperationalError("database or disk is full")


@asynccontextmanager
async def an_evening(home: Path) -> AsyncGenerator[Evening]:
    """A process with a paper stage on a home folder. No one consents unless an earlier process stored it."""
    settings = load_settings({"PROMPTBOOK_COUNTDOWN_SECONDS": "1"}, home / "no.env", home)
    database = await open_database(settings.home)
    stage = PaperStage({CHANNEL: {*PERFORMERS, AUDIENCE, BYSTANDER}})
    try:
        clock = ExchangeableClock()
        async with open_services(settings, database, clock, stage, in_thread) as services:
            yield Evening(services, stage, database, settings, clock)
    finally:
        await database.close()
