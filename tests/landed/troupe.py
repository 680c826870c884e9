"""A desk on the paper stage with what a play for the stored home needs: people, scenes, takes and real speech."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path

from landed.people import BYSTANDER, CHANNELS, Member
from landed.stage_time import StageTime
from paper import PaperBooth, PaperStage

from bot.audio.sound import encode_opus
from bot.audio.speech import VoiceDirection, synthesise
from bot.config import load_settings
from bot.domain.consent import Scope
from bot.domain.errors import NothingToRate
from bot.services.cards import read_card
from bot.services.connection import follow_connections
from bot.services.consents import set_consents
from bot.services.cuts import cut_take
from bot.services.desk import Desk
from bot.services.library import Library
from bot.services.ratings import next_clip, record_rating, record_self_rating
from bot.services.sessions import SessionWishes, start_session
from bot.services.takes import start_take
from bot.store.database import open_database
from bot.store.people import find_person
from bot.store.sessions import Session

LINES = ("I set the table for two again.", "We can take the stairs again.", "It hangs where it always hangs.")


class Troupe:
    """One process's desk. Every step lets some time pass, so that no two of them happened at once."""

    def __init__(self, desk: Desk, stage: PaperStage, time: StageTime) -> None:
        self.desk = desk
        self.stage = stage
        self.time = time

    @property
    def booth(self) -> PaperBooth:
        return self.stage.booth

    async def meet(self, member: Member) -> None:
        """Put somebody into the store at first sight with the pseudonym that they have in every home made here."""
        if await find_person(self.desk.database, member.user_id) is None:
            async with self.desk.database.transaction():
                await self.desk.database.insert(
                    "people",
                    discord_user_id=member.user_id,
                    pseudonym=member.pseudonym,
                    created_at=self.desk.now(),
                )

    async def consent(self, guild_id: int, member: Member, scopes: frozenset[Scope]) -> None:
        self.time.pass_by(7.25)
        await self.meet(member)
        await set_consents(self.desk, guild_id, member.user_id, scopes, is_adult=True)

    async def open(self, guild_id: int, coordinator: Member, seed: int) -> Session:
        self.time.pass_by(600)
        await self.meet(coordinator)
        wishes = SessionWishes(seed=seed)
        return await start_session(self.desk, guild_id, CHANNELS[guild_id], coordinator.user_id, wishes)

    def gather(self, guild_id: int, *members: Member) -> None:
        """From now on these people are in a guild's channel, and the bystander."""
        people = self.stage.channels[CHANNELS[guild_id]]
        people.clear()
        people.update({member.user_id for member in members}, {BYSTANDER})

    async def read_cards(self, session: Session, *members: Member) -> None:
        self.time.pass_by(3.5)
        for member in members:
            await read_card(self.desk, session, member.user_id)

    async def start(self, session: Session) -> None:
        """Call a take, and wait until its countdown is over and its start is in the store."""
        self.time.pass_by(5)
        called = await start_take(self.desk, session, self.time.monotonic())
        self.time.pass_by(self.desk.settings.countdown_seconds)
        await self.until("SELECT count(*) FROM takes WHERE state = 'recording' AND take_id = ?", called.take.take_id)

    def speak(self, members: Sequence[Member], after: float = 0.3) -> None:
        """Everybody says a line, and the bystander too, whom nobody may record."""
        for number, member in enumerate(members):
            self.booth.send(member.user_id, speech(member, number), after=after + 0.1 * number)
        self.booth.speak(BYSTANDER, 1.0, after=after)

    async def cut(self, session: Session, seconds: float) -> None:
        self.time.pass_by(seconds)
        await cut_take(self.desk, session, self.time.monotonic())

    async def play(self, session: Session, members: Sequence[Member], seconds: float = 2.75) -> None:
        """One take in which everybody speaks."""
        await self.start(session)
        self.speak(members)
        await self.cut(session, seconds)

    async def rate(self, session: Session, member: Member, most: int = 20) -> None:
        """Judge what comes next, so many clips at most: what oneself felt, or what one perceived."""
        with suppress(NothingToRate):
            for _ in range(most):
                clip = await next_clip(self.desk, session, member.user_id)
                self.time.pass_by(11.5)
                record = record_self_rating if clip.is_own else record_rating
                await record(self.desk, session, clip.turn_id, member.user_id, self._answers(clip.turn_id))

    async def until(self, sql: str, *values: object) -> None:
        """Wait for what a background task writes: until the query's value is neither null nor zero."""
        async with asyncio.timeout(20):
            while not await self.desk.database.fetch_value(sql, *values):  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.001)

    def _answers(self, turn_id: int) -> dict[str, str]:
        emotions = self.desk.library.emotion_set("basic").emotions
        scales = {"intensity": turn_id % 4, "valence": 1 + turn_id % 5, "arousal": 5 - turn_id % 5}
        numbers = scales | {"authenticity": 1 + len(emotions) * turn_id % 5}
        return {"emotion": emotions[turn_id % len(emotions)].key} | {key: str(one) for key, one in numbers.items()}


@cache
def speech(member: Member, line: int) -> list[bytes]:
    """A line in somebody's voice, as the packets of 20 ms that their client would send."""
    voice = VoiceDirection(member.voice, words_per_minute=170)
    return encode_opus(synthesise(LINES[line % len(LINES)], voice))


@asynccontextmanager
async def open_troupe(home: Path) -> AsyncGenerator[Troupe]:
    """A desk in an empty home folder; both are closed unless the process is killed."""
    settings = load_settings({"PROMPTBOOK_COUNTDOWN_SECONDS": "1"}, home / "no.env", home)
    database = await open_database(settings.database)
    stage, time = PaperStage({channel: {BYSTANDER} for channel in CHANNELS.values()}), StageTime()
    desk = Desk(settings, database, Library(settings.data), time, stage)
    follow_connections(desk)
    try:
        yield Troupe(desk, stage, time)
    finally:
        await desk.errands.close()
        await database.close()
