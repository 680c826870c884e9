"""An evening at a desk for tests: a guild, a voice channel, people with and without consent, real store and files."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any

from paper import PaperBooth, PaperStage

from bot.app import open_desk
from bot.config import load_settings
from bot.domain.consent import TO_PERFORM, TO_RATE, Scope
from bot.live.ports import SystemClock
from bot.live.session import LiveSession
from bot.live.take import LiveTake
from bot.services.consents import set_consents
from bot.services.cuts import TakeCut, cut_take
from bot.services.desk import Desk
from bot.services.scenes import deal_scene
from bot.services.sessions import SessionWishes, start_session
from bot.services.takes import TakeCalled, start_take
from bot.store.database import open_database
from bot.store.sessions import Session

GUILD = 111_111_111_111_111_111
CHANNEL = 222_222_222_222_222_222
COORDINATOR = 333_333_333_333_333_333
PERFORMERS = (444_444_444_444_444_441, 444_444_444_444_444_442, 444_444_444_444_444_443)
AUDIENCE = 555_555_555_555_555_555
BYSTANDER = 666_666_666_666_666_666
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
    """A clock on which no wait that lies ahead is over before the test says so."""

    def __init__(self) -> None:
        self._waits: list[tuple[float, asyncio.Event]] = []

    async def sleep_until(self, moment: float) -> None:
        left = moment - self.monotonic()
        self._waits.append((left, asyncio.Event()))
        if left > 0:
            await self._waits[-1][1].wait()

    async def wait_of(self, seconds: float, number: int = 0) -> asyncio.Event:
        """The wait of this number, from 0, among those of about so many seconds, once it began; set it to end it."""
        async with asyncio.timeout(10):
            while len(found := [wait for left, wait in self._waits if abs(left - seconds) < 1]) <= number:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        return found[number]


class Evening:
    """A desk on a paper stage, with shortcuts for what many tests do first."""

    def __init__(self, desk: Desk, stage: PaperStage) -> None:
        self.desk = desk
        self.stage = stage

    @property
    def live(self) -> LiveSession:
        """The open session, as it is in memory."""
        found = self.desk.live.in_guild(GUILD)
        assert found is not None, "no session is open"
        return found

    @property
    def has_take(self) -> bool:
        """Whether a take of any session is live."""
        return any(session.take for session in self.desk.live)

    async def no_take(self) -> None:
        """Until the store has what was live."""
        async with asyncio.timeout(10):
            while self.has_take:  # noqa: ASYNC110 - those who keep it tell nobody
                await asyncio.sleep(0.005)

    def forget_take(self) -> None:
        """What is live is lost, as if the process had been killed."""
        self.live.take_is_over(self.take)

    @property
    def take(self) -> LiveTake:
        """The running take."""
        assert self.live.take is not None, "no take is live"
        return self.live.take

    @property
    def booth(self) -> PaperBooth:
        return self.stage.booth

    async def consent(self, user_id: int, scopes: frozenset[Scope]) -> None:
        await set_consents(self.desk, GUILD, user_id, scopes, is_adult=True)

    async def everybody_consents(self) -> None:
        for user_id in PERFORMERS:
            await self.consent(user_id, TO_PERFORM | TO_RATE)
        await self.consent(AUDIENCE, TO_RATE)

    async def open(self, seed: int = 7) -> Session:
        return await start_session(self.desk, GUILD, CHANNEL, COORDINATOR, SessionWishes(seed=seed))

    async def play(self, session: Session, seconds: float = 4.0, speech: float = 3.0) -> TakeCut:
        """One scene with one take in which every performer speaks; takes no real time beyond the countdown's start."""
        await deal_scene(self.desk, session)
        pressed_at = monotonic() - self.desk.settings.countdown_seconds - seconds
        await start_take(self.desk, session, pressed_at)
        for user_id in PERFORMERS:
            self.booth.speak(user_id, speech)
        self.booth.speak(BYSTANDER, speech)
        return await cut_take(self.desk, self.live, self.booth.started_at + seconds)

    async def start(self, session: Session, seconds_ago: float = 4.0) -> TakeCalled:
        """Start a take whose countdown ended a while ago."""
        pressed_at = monotonic() - self.desk.settings.countdown_seconds - seconds_ago
        called = await start_take(self.desk, session, pressed_at)
        async with asyncio.timeout(5):
            while seconds_ago > 0 and await self.value("SELECT state FROM takes ORDER BY take_id DESC") == "countdown":  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        return called

    async def value(self, sql: str) -> Any:
        """The first column of the first row."""
        return await self.desk.database.fetch_value(sql)

    async def row_counts(self) -> dict[str, int]:
        return {table: await self.desk.database.fetch_value(f"SELECT count(*) FROM {table}") for table in TABLES}


@asynccontextmanager
async def an_evening(home: Path) -> AsyncGenerator[Evening]:
    settings = load_settings({"PROMPTBOOK_COUNTDOWN_SECONDS": "1"}, home / "no.env", home)
    database = await open_database(settings.home)
    stage = PaperStage({CHANNEL: {*PERFORMERS, AUDIENCE, BYSTANDER}})
    try:
        async with open_desk(settings, database, SystemClock(), stage) as desk:
            yield Evening(desk, stage)
    finally:
        await database.close()
