"""The prompt desk: what every use case works with, and what is live in memory while a session runs."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from bot.config import Settings
from bot.domain.consent import Scope
from bot.domain.errors import (
    ConsentMissing,
    NoOpenSession,
    PromptbookError,
    SessionChanged,
    SessionEnded,
    SessionUnknown,
)
from bot.domain.turns import SAMPLE_RATE_HZ
from bot.services.library import Library
from bot.services.ports import Booth, Clock, Stage, timestamp
from bot.services.track_quality import LiveTrack
from bot.store.consents import scopes_in_force
from bot.store.database import Database
from bot.store.events import last_change
from bot.store.sessions import Session, find_session, open_session_of
from bot.store.takes import Take
from bot.voice.reconnection import ConnectionEvent
from bot.voice.recorder import TrackSummary

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


@dataclass(slots=True)
class LiveTake:
    """A take that counts down or is being recorded. `starts_at` is monotonic; `recordable` shrinks on withdrawal.

    `track_names` are the file names of everybody on stage; `tracks` is how their tracks sounded a moment ago.
    `paused_since` and `pauses` are monotonic, `cued` the castings whose cue was given or is on its way to them, `told`
    those to whom it came, `untold` who could not be told
    of theirs when its time came, `missing` who dropped out, and when. An X-card sets `is_stopped`. With the cut,
    `cut_at` and then `summaries` are set; it stays live until the store has taken it.
    """

    take: Take
    session_id: int
    booth: Booth
    starts_at: float
    limit_seconds: float
    recordable: set[int]
    folder: Path
    track_names: Mapping[int, str]
    paused_since: float | None = None
    pauses: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    cued: set[int] = field(default_factory=set[int])
    told: set[int] = field(default_factory=set[int])
    untold: set[int] = field(default_factory=set[int])
    missing: dict[int, float] = field(default_factory=dict[int, float])
    is_stopped: bool = False
    countdown: asyncio.Task[None] | None = None
    tracks: dict[int, LiveTrack] = field(default_factory=dict[int, LiveTrack])
    cut_at: float | None = None
    summaries: Sequence[TrackSummary] | None = None
    clock: asyncio.Task[None] | None = None
    watch: asyncio.Task[None] | None = None

    def may_record(self, discord_user_id: int) -> bool:
        """Whether this account's frames may be opened at this moment."""
        return discord_user_id in self.recordable and self.paused_since is None and not self.is_stopped

    @property
    def is_over(self) -> bool:
        """Whether it was cut or stopped, and is only being kept."""
        return self.is_stopped or self.cut_at is not None

    @property
    def ends_at(self) -> float:
        """When its time is up, pauses not counted; monotonic, and later for every moment of a pause."""
        return self.starts_at + self.limit_seconds + sum(end - start for start, end in self.pauses)

    def position_samples(self, at: float) -> int:
        """A monotonic moment on the take's clock, not before its start."""
        return max(round((at - self.starts_at) * SAMPLE_RATE_HZ), 0)

    def stop(self) -> None:
        """The X-card: from this moment on nothing of it is recorded, and no countdown goes on."""
        self.is_stopped = True
        if self.countdown:
            self.countdown.cancel()

    def stop_clocks(self) -> None:
        """End the countdown, what waits for the take's start and its time limit, and what listens to it."""
        for task in (self.countdown, self.clock, self.watch):
            if task and task is not asyncio.current_task():
                task.cancel()


@dataclass(slots=True)
class LiveCheck:
    """A sound check that asks people to speak or listens. `recordable` shrinks on withdrawal."""

    booth: Booth
    folder: Path
    track_names: Mapping[int, str]
    recordable: set[int]
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    def may_record(self, discord_user_id: int) -> bool:
        """Whether this account's frames may be opened at this moment."""
        return discord_user_id in self.recordable and not self.stopped.is_set()

    async def until_stopped(self, work: Awaitable[object]) -> None:
        """Wait for something, and raise what it raises; or until the check is stopped, and cancel it."""
        working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(self.stopped.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            if not working.cancel():
                working.result()


class Errands:
    """Background tasks with an owner: none outlives the desk, and what goes wrong in one is logged."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def run(self, work: Coroutine[Any, Any, _Result], name: str) -> asyncio.Task[_Result]:
        """Start something under a name; the task may be cancelled."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def close(self) -> None:
        """Cancel what still runs and wait for it."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, PromptbookError):
            _log.error("%s failed", task.get_name(), exc_info=error)


@dataclass(slots=True)
class Desk:
    """Everything the services share. One a process; closed by whoever built it."""

    settings: Settings
    database: Database
    library: Library
    clock: Clock
    stage: Stage
    errands: Errands = field(default_factory=Errands)
    booths: dict[int, Booth] = field(default_factory=dict[int, Booth])
    takes: dict[int, LiveTake] = field(default_factory=dict[int, LiveTake])
    checks: dict[int, LiveCheck] = field(default_factory=dict[int, LiveCheck])
    connections: dict[int, ConnectionEvent] = field(default_factory=dict[int, ConnectionEvent])
    clips_given: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    """When a clip was last given to somebody to rate, by turn and person; what a restart forgets stays unknown."""
    on_connection: Callable[[Session, ConnectionEvent], None] | None = None
    exporting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _locks: defaultdict[int, asyncio.Lock] = field(default_factory=lambda: defaultdict[int, asyncio.Lock](asyncio.Lock))

    def now(self) -> str:
        """The wall clock as the store writes it."""
        return timestamp(self.clock.wall())

    def turn_of(self, guild_id: int) -> asyncio.Lock:
        """Held while something changes a guild's session, so that two presses cannot cross."""
        return self._locks[guild_id]

    def stop_check(self, session_id: int) -> bool:
        """Nothing is heard any more by a sound check of this session; it ends without a result. Whether one ran."""
        check = self.checks.get(session_id)
        if check:
            check.stopped.set()
        return check is not None

    async def open_session(self, guild_id: int) -> Session:
        """The guild's open session; NoOpenSession when there is none."""
        session = await open_session_of(self.database, guild_id)
        if session is None:
            raise NoOpenSession
        return session

    async def session_of_button(self, session_id: int, guild_id: int) -> Session:
        """The session a button belongs to; SessionEnded when it is over, SessionUnknown when it is elsewhere."""
        session = await self.session_of_form(session_id, guild_id)
        if not session.is_open:
            raise SessionEnded
        return session

    async def session_of_form(self, session_id: int, guild_id: int) -> Session:
        """The session a form was opened in, which may be over since; SessionUnknown when it is elsewhere."""
        session = await find_session(self.database, session_id)
        if session is None or session.guild_id != guild_id:
            raise SessionUnknown(session_id)
        return session

    @asynccontextmanager
    async def to_change(self, session: Session, seen: int | None = None) -> AsyncGenerator[Session]:
        """The guild's turn for something that changes a session, which is read anew.

        `seen` is the last change that whoever asks for it knew of; None for a command, which means the session as it
        is. Raises SessionEnded, SessionUnknown, or SessionChanged when somebody else was faster.
        """
        async with self.turn_of(session.guild_id):
            session = await self.session_of_button(session.session_id, session.guild_id)
            last = await last_change(self.database, session.session_id)
            if seen is not None and seen != last.event_id:
                # Whoever pressed sees a panel that is out of date.
                self.stage.panel_changed(session.session_id)
                raise SessionChanged(last.kind)
            yield session

    async def booth_of(self, session: Session) -> Booth:
        """The bot's place in the session's channel; joins again when it has none, after a restart say."""
        booth = self.booths.get(session.session_id)
        if booth is None or not booth.is_open():
            booth = await self.stage.enter(session.guild_id, session.voice_channel_id)
            self.seat(session, booth)
        return booth

    def seat(self, session: Session, booth: Booth) -> None:
        """From now on this is the session's booth; what happens to its connection is told to `on_connection`."""
        self.booths[session.session_id] = booth
        self.connections.pop(session.session_id, None)

        def told(event: ConnectionEvent) -> None:
            if self.on_connection and self.booths.get(session.session_id) is booth:
                self.on_connection(session, event)

        booth.on_connection(told)

    async def consents(self, discord_user_id: int, scopes: frozenset[Scope]) -> bool:
        """Whether all of these scopes are in force for an account."""
        return scopes <= await scopes_in_force(self.database, discord_user_id)

    async def require_consent(self, discord_user_id: int, scopes: frozenset[Scope]) -> None:
        """ConsentMissing for the first of these scopes that is not in force."""
        in_force = await scopes_in_force(self.database, discord_user_id)
        for scope in Scope:
            if scope in scopes and scope not in in_force:
                raise ConsentMissing(scope.value)
