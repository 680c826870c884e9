"""One evening while it lasts: the bot's services on a paper Discord with two servers, through restarts."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any

from bot.domain.consent import TO_PERFORM, TO_RATE
from bot.domain.errors import PromptbookError, SessionAlreadyOpen
from bot.domain.ids import UserId
from bot.live.session import LiveSession
from bot.services.assembly import Services
from bot.services.consent.consent_requests import ConsentWish
from bot.services.ports.stage import PanelUnreachable
from bot.services.session.sessions import SessionWishes
from tests.evening import AUDIENCE, BYSTANDER, COORDINATOR, PERFORMERS, Evening, an_evening
from tests.paper import PaperBooth
from tools.storms.asked import Forms, PromiseBroken, Server, two_servers
from tools.storms.weather import DiscordRefuses, DiskFull, Weather

A_MOMENT_SECONDS = 0.002
"""No one sends two forms within one millisecond, the unit in which the store orders forms after a power cut."""

EVERYONE = (*PERFORMERS, AUDIENCE, BYSTANDER)
CALLS = ("start", "retake")
SEED = 7
"""The seed of every session; what is dealt does not matter here."""

ALL = TO_PERFORM | TO_RATE


class Storm:
    """An evening, what people asked for in it, and what still goes on."""

    evening: Evening

    def __init__(self, home: Path, weather: Weather) -> None:
        self.weather = weather
        self.servers = two_servers()
        self.forms = Forms()
        self.tasks: list[asyncio.Task[Any]] = []
        self.has_given_up_call = False
        self._home = home
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Storm:
        await self._open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._close()

    @property
    def services(self) -> Services:
        """The services of the bot that runs now."""
        return self.evening.services

    def live(self, server: Server) -> LiveSession | None:
        """The open session of a server, as it is in memory."""
        return self.services.live.in_guild(server.guild_id)

    def booths(self, server: Server) -> list[PaperBooth]:
        """All places that the bot took in a server's channel since it started, the newest last."""
        return [booth for booth in self.evening.stage.booths if booth.people is server.people]

    def recording_booth(self, server: Server) -> PaperBooth | None:
        """The bot's newest place in a server's channel, if it records there."""
        booths = self.booths(server)
        return booths[-1] if booths and booths[-1].order else None

    def go(self, work: Coroutine[Any, Any, object], name: str) -> asyncio.Task[Any]:
        """Start something without waiting for it."""
        task = asyncio.create_task(work, name=name)
        self.tasks.append(task)
        return task

    async def gather(self) -> None:
        """Everyone consents, most of them everywhere, and on each server a session is opened and a scene dealt."""
        for user in PERFORMERS:
            for server in self.servers:
                self.send_form(server, user, ConsentWish(ALL, is_adult=True, everywhere=user != PERFORMERS[-1]))
                await asyncio.sleep(A_MOMENT_SECONDS)
        await self.evening.promises.all_kept()
        for server in self.servers:
            await self.services.scenes.deal(await self.open_session(server))

    async def open_session(self, server: Server) -> LiveSession:
        """Open a session, or find the one that is open already."""
        try:
            return await self.services.sessions.start(
                server.guild_id, server.channel_id, COORDINATOR, SessionWishes(seed=SEED)
            )
        except SessionAlreadyOpen:
            return await self.services.open_sessions.in_guild(server.guild_id)

    def send_form(self, server: Server, user: UserId, wish: ConsentWish) -> None:
        """Someone sends a consent form."""
        self.forms.send(user, server.guild_id, wish)
        self.services.consent_requests.ask_now(server.guild_id, user, wish)

    def give_up(self, task: asyncio.Task[Any]) -> None:
        """Someone stops waiting for an answer. The next start closes what is left of a take's call."""
        self.has_given_up_call |= task.get_name() in CALLS
        task.cancel()

    async def restart(self, *, killed: bool) -> None:
        """The process ends, by force or after cutting what runs, and another one takes up what it left."""
        if not killed:
            await self.services.sessions.cut_all()
        ended = self.evening
        await self._close()
        await _leave_tracks(ended)
        await self._open()
        self.has_given_up_call = False
        self.go(_be_ready(self.services), "ready")

    async def _open(self) -> None:
        self.evening = await self._stack.enter_async_context(an_evening(self._home))
        self.evening.stage.channels = {server.channel_id: server.people for server in self.servers}

    async def _close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        require_expected(self.tasks)
        self.tasks.clear()
        await self._stack.aclose()


async def _be_ready(services: Services) -> None:
    """What a bot does once it is back on Discord."""
    await services.sessions.rejoin_all()
    await services.turns.search_left_over()


async def _leave_tracks(ended: Evening) -> None:
    """What a process recorded is on disk when it has ended."""
    for session in ended.services.live:
        if session.take and not session.take.is_running:
            with suppress(AssertionError):  # the paper booth was stopped before
                await session.take.end_recording()
    for booth in ended.stage.booths:
        if booth.order:
            await booth.stop_recording(monotonic())


def is_expected(error: BaseException) -> bool:
    """Whether the weather or the rules of the show explain an error."""
    return isinstance(error, (PromptbookError, DiskFull, DiscordRefuses, PanelUnreachable, asyncio.CancelledError))


def require_expected(tasks: list[asyncio.Task[Any]]) -> None:
    """PromiseBroken if one of these tasks, which are done, failed for another reason than the weather."""
    for task in tasks:
        if not task.cancelled() and (error := task.exception()) and not is_expected(error):
            raise PromiseBroken(f"{task.get_name()} failed: {error!r}") from error
