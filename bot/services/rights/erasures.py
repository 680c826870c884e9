"""Erasures that people ask for in Discord, and those that the command line asks for beside a running bot.

A request takes effect in memory and in the journal when it is made: from then on the person is not recorded, rated or
exported. Then the store has it, and its steps are done in the background, by the next process if this one ends.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.domain.erasing import AT_ONCE, IN_PEACE, Asker, ErasureStep, ErasureWish, steps_left
from bot.domain.ids import UserId
from bot.home.places import Home
from bot.live.asked import ERASURE
from bot.live.errands import Errands
from bot.live.ports import Clock, timestamp
from bot.live.promises import FIRST_PAUSE_SECONDS, Promise, Promises
from bot.live.sessions import LiveSessions
from bot.live.workers import Lane, Workers
from bot.rights.asking import ask_erasure
from bot.rights.errors import NotYet
from bot.rights.steps import do_step
from bot.services.panel.panels import Panels
from bot.services.turns.turns import Turns
from bot.store.consents import consents_of
from bot.store.database import Database
from bot.store.erasures import unfinished_erasures
from bot.store.errors import DatabaseUnwritable
from bot.store.records import Erasure

LOOK_SECONDS: Final = 0.5
"""How often an erasure looks whether the take that it waits for is over."""

WATCH_SECONDS: Final = 5.0
"""How often the store is asked for erasures that the command line has asked for: one query of an index."""

LONGEST_PAUSE_SECONDS: Final = 30.0
"""The wait between two attempts at a step grows to this."""

MOST_NAME_BYTES: Final = 240
"""How many bytes of names fit into a slot of the journal beside the rest of a request."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Erasures:
    """Erases people to the end."""

    database: Database
    home: Home
    clock: Clock
    workers: Workers
    errands: Errands
    promises: Promises
    live: LiveSessions
    panels: Panels
    turns: Turns
    _running: dict[int, asyncio.Task[None]] = field(default_factory=dict[int, "asyncio.Task[None]"])

    def ask_now(self, user_id: UserId, names: Sequence[str] = (), *, keeps_ratings: bool = False) -> Promise:
        """Accept a request without waiting for anything: no further packet of this account is recorded.

        `names` are what people call the account; they are taken out of all texts. The promise is kept, with whether
        anything but passing facts was held, once the store has it.
        """
        self.live.withdraw(user_id)
        at = timestamp(self.promises.moment(self.clock.wall()))
        facts = {"user": user_id, "keeps_ratings": keeps_ratings, "names": _that_fit(names), "at": at}
        promise = self.promises.make(ERASURE, facts)
        self._show()
        return promise

    async def store(self, facts: Mapping[str, Any]) -> bool:
        """Store a request and begin its steps; return whether anything but passing facts was held."""
        self.live.withdraw(facts["user"])
        wish = ErasureWish(Asker.PERSON, facts["at"], bool(facts["keeps_ratings"]), tuple(facts["names"]))
        try:
            begun = await self.workers.run(Lane.ERASING, ask_erasure, self.home, facts["user"], wish)
        except DatabaseUnwritable as error:
            raise sqlite3.OperationalError(str(error)) from error
        self._show()
        if begun is not None:
            await self.go_on()
        return begun is not None

    async def go_on(self) -> None:
        """Go on with everything that is not finished, unless that is under way in this process."""
        for erasure, user_id in await unfinished_erasures(self.database):
            if erasure.erasure_id not in self._running:
                self.live.withdraw(user_id)
                work = self._erase(erasure)
                self._running[erasure.erasure_id] = self.errands.run(work, f"erasure {erasure.erasure_id}")

    def watch_soon(self) -> None:
        """Go on with what is not finished, and then look now and then for what the command line has done."""
        self.errands.run(self._watch(), "watch for erasures")

    async def settled(self) -> None:
        """Wait until nothing that is known here is left to be done."""
        await asyncio.gather(*(asyncio.shield(task) for task in list(self._running.values())), return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            try:
                await self.go_on()
                await self._reread_consents()
            except sqlite3.OperationalError:
                _log.exception("The database cannot be asked for erasures now; the bot tries again.")
            await asyncio.sleep(WATCH_SECONDS)

    async def _reread_consents(self) -> None:
        """Take in what the command line has withdrawn from someone who is being recorded."""
        for session in self.live:
            for user_id in {user for one in (session.take, session.check) if one for user in one.recordable}:
                session.consents_are(
                    user_id, await consents_of(self.database, user_id, session.guild_id, self.clock.now())
                )

    async def _erase(self, erasure: Erasure) -> None:
        try:
            for step in steps_left(erasure.done):
                await self._until_done(erasure, step)
        finally:
            self._running.pop(erasure.erasure_id, None)
        _log.info("Erasure %d is finished.", erasure.erasure_id)

    async def _until_done(self, erasure: Erasure, step: ErasureStep) -> None:
        pause = FIRST_PAUSE_SECONDS
        while True:
            await self._quiet(step, erasure.pseudonym)
            try:
                await self.workers.run(Lane.ERASING, do_step, self.home, erasure.erasure_id, step, self.clock.now())
            except (NotYet, DatabaseUnwritable, sqlite3.OperationalError, OSError) as error:
                _log.warning("Step “%s” of erasure %d has to wait (%s).", step, erasure.erasure_id, error)
            else:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _quiet(self, step: ErasureStep, pseudonym: str) -> None:
        """Wait until nothing runs that this step would disturb, or that could write what it deletes."""
        if step in AT_ONCE:
            return
        is_busy: Callable[[], bool] = self._has_take if step in IN_PEACE else lambda: self._is_heard(pseudonym)
        while is_busy():  # noqa: ASYNC110
            await asyncio.sleep(LOOK_SECONDS)  # nothing signals the end of every take
        if step is ErasureStep.SOUND:
            # Turns that are being found are stored, and clips that are being made are there, before both go.
            await self.turns.settled()

    def _has_take(self) -> bool:
        return any(session.take for session in self.live)

    def _is_heard(self, pseudonym: str) -> bool:
        """Whether a take or sound check that is not over has, or has had, a track of a person."""
        running = [one for session in self.live for one in (session.take, session.check) if one]
        return any(pseudonym in one.track_names.values() for one in running)

    def _show(self) -> None:
        for session in self.live:
            self.panels.changed(session.session_id)


def _that_fit(names: Sequence[str]) -> list[str]:
    """The first names that fit into the journal together."""
    fitting: list[str] = []
    for name in dict.fromkeys(name.strip() for name in names):
        if name and sum(len(one.encode()) + 3 for one in (*fitting, name)) <= MOST_NAME_BYTES:
            fitting.append(name)
    return fitting
