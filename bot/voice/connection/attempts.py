"""Attempts to get a link to the voice server, one at a time: the first link, or one that replaces a lost one."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Final

import aiohttp
from discord import VoiceClient

from bot.voice.connection.close_codes import RATE_LIMITED
from bot.voice.connection.link import Credentials, Link, LinkCallbacks
from bot.voice.connection.main_gateway import MainGateway
from bot.voice.connection.reconnection import Step
from bot.voice.connection.websocket import LinkClosed

UNREACHABLE: Final = (LinkClosed, OSError, aiohttp.ClientError)
"""How a link fails for reasons outside this program; anything else is a defect and is logged with its traceback."""

_log = logging.getLogger(__name__)


class Attempts:
    """Runs one attempt at a time, as a task. `ended` is called with the link or the error, unless `stop` came first."""

    def __init__(
        self,
        voice_client: VoiceClient,
        main_gateway: MainGateway,
        link_callbacks: LinkCallbacks,
        ended: Callable[[Step, Link | None, BaseException | None], None],
    ) -> None:
        self.self_deaf = self.self_mute = False
        self.says_wants = True
        self._voice_client = voice_client
        self._main_gateway = main_gateway
        self._link_callbacks = link_callbacks
        self._ended = ended
        self._attempt: asyncio.Task[Link] | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether an attempt is being made."""
        return self._attempt is not None

    async def join(self, pauses: tuple[float, ...]) -> Link:
        """Return the first link to the channel's voice server, tried once after each of these pauses (seconds).

        Raises the error of the last attempt if that fails, too, or the first one after which Discord forbids others.
        """
        for pause in pauses:
            await asyncio.sleep(pause)
            try:
                return await self._open(await self._ask(leave_first=pause > 0))
            except UNREACHABLE as error:
                is_forbidden = isinstance(error, LinkClosed) and error.code == RATE_LIMITED
                if is_forbidden or pause == pauses[-1]:
                    raise
                _log.warning("The voice server could not be reached; the bot tries again: %s", error)
        raise AssertionError("At least one pause has to be given.")

    def begin(self, step: Step, at: float, link: Link | None) -> None:
        """Try `step` at the time `at` (monotonic), in place of the current attempt. A resume continues `link`."""
        self.stop()
        _log.info("Voice connection: %s in %.1f s.", step.name.lower(), max(at - time.monotonic(), 0))
        attempt = asyncio.get_running_loop().create_task(self._try(step, at, link), name=f"Voice {step.name.lower()}")
        attempt.add_done_callback(lambda done: self._attempt_ended(step, done))
        self._attempt = attempt

    def stop(self) -> None:
        """Cancel the current attempt; `ended` is not called for it."""
        attempt, self._attempt = self._attempt, None
        if attempt is not None:
            attempt.cancel()

    async def _try(self, step: Step, at: float, link: Link | None) -> Link:
        await asyncio.sleep(at - time.monotonic())
        async with asyncio.timeout(step.value):
            if step is Step.RESUME and link is not None:
                await link.resume()
                return link
            if step is Step.REJOIN:
                return await self._open(await self._ask(leave_first=True))
            return await self._open(await self._main_gateway.credentials())

    def _attempt_ended(self, step: Step, attempt: asyncio.Task[Link]) -> None:
        if attempt is not self._attempt or attempt.cancelled():
            self._drop(step, attempt)
            return
        self._attempt = None
        error = attempt.exception()
        if error is None:
            self._ended(step, attempt.result(), None)
            return
        if isinstance(error, (*UNREACHABLE, TimeoutError)):
            _log.info("Voice connection: %s failed: %r", step.name.lower(), error)
        else:
            _log.error("Voice connection: %s failed.", step.name.lower(), exc_info=error)
        self._ended(step, None, error)

    def _drop(self, step: Step, attempt: asyncio.Task[Link]) -> None:
        """Close the link of an attempt that was stopped in the moment in which it succeeded."""
        if not attempt.cancelled() and attempt.exception() is None and step is not Step.RESUME:
            attempt.result().close()

    async def _ask(self, *, leave_first: bool) -> Credentials:
        return await self._main_gateway.ask(self_deaf=self.self_deaf, self_mute=self.self_mute, leave_first=leave_first)

    async def _open(self, credentials: Credentials) -> Link:
        link = Link(self._voice_client, credentials, self._link_callbacks, says_wants=self.says_wants)
        try:
            await link.open()
        except BaseException:
            link.close()
            raise
        return link
