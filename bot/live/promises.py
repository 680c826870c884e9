"""What people were promised and the store has not taken yet: kept in memory and in the journal, and tried until it is.

A promise takes effect before it is made here; this room sees to it that it is never forgotten. Promises are kept in the
order in which they were made, so that what somebody asked last is what holds in the end.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import PromptbookError
from bot.live.journal import Entry, Journal
from bot.live.workers import Lane, Workers

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0
"""Between two tries; a database that another program locks is free again soon, a full disk is not."""

Keeper = Callable[[Mapping[str, Any]], Awaitable[Any]]
"""Stores what was promised, from the journal's facts alone. Doing it twice must do no harm."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Promise:
    """Something that was asked for. `kept` ends with the keeper's result once the store has it."""

    kind: str
    facts: Mapping[str, Any]
    entry: Entry | None
    kept: asyncio.Future[Any]


class Promises:
    """The promises of this process, and those that an ended one left in the journal."""

    def __init__(self, journal: Journal, workers: Workers) -> None:
        self._journal = journal
        self._workers = workers
        self._keepers: dict[str, Keeper] = {}
        self._waiting: list[Promise] = []
        self._keeping: asyncio.Task[None] | None = None
        self._syncing: asyncio.Task[None] | None = None
        self._is_synced = True
        self._stuck: set[Promise] = set()
        self._news = asyncio.Event()

    def __iter__(self) -> Iterator[Promise]:
        """What is not in the store yet, in the order in which it was asked for."""
        return iter(list(self._waiting))

    def keep_by(self, kind: str, keeper: Keeper) -> None:
        """Promises of a kind are stored by this; kinds without one are settled by the code that made them."""
        self._keepers[kind] = keeper
        self._begin()

    def recall(self) -> None:
        """Take in what an ended process left in the journal. At the start, before anything else."""
        for entry in self._journal.waiting():
            kept = asyncio.get_running_loop().create_future()
            self._add(Promise(entry.kind, entry.facts | {"recalled": True}, entry, kept))

    def make(self, kind: str, facts: dict[str, Any]) -> Promise:
        """From now on this is not forgotten. Never raises for a journal that cannot be written: it says so in the log.

        Takes microseconds; waits neither for the store nor for the disk.
        """
        entry = None
        try:
            entry = self._journal.put(kind, facts)
            self._sync_soon()
        except OSError:
            _log.exception("The journal cannot be written: until the database takes it, a request is in memory only.")
        promise = Promise(kind, facts, entry, asyncio.get_running_loop().create_future())
        self._add(promise)
        return promise

    def settle(self, promise: Promise, result: Any = None) -> None:
        """The store has it."""
        if promise in self._waiting:
            self._waiting.remove(promise)
        if promise.entry:
            try:
                self._journal.done(promise.entry)
            except OSError:
                _log.exception("The journal cannot be written; a request that is stored will be stored again.")
            self._sync_soon()
        if not promise.kept.done():
            promise.kept.set_result(result)

    async def all_kept(self, which: Callable[[Promise], bool] = lambda _: True) -> None:
        """Try once more now, and wait until none of these promises is left that can be kept."""
        while waiting := [promise.kept for promise in self._due() if which(promise)]:
            self._news.set()
            await asyncio.wait([waiting[0]])

    def _due(self) -> list[Promise]:
        """What can be stored, in order: there is a keeper, and no defect has kept it from being stored."""
        return [one for one in self._waiting if one.kind in self._keepers and one not in self._stuck]

    async def close(self) -> None:
        """Stop trying; what is left is in the journal for the next start."""
        if self._keeping:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._syncing:
            # A thread is not cancelled: the file stays open for it.
            await asyncio.gather(self._syncing, return_exceptions=True)
        self._journal.close()

    def _add(self, promise: Promise) -> None:
        self._waiting.append(promise)
        self._begin()

    def _begin(self) -> None:
        self._news.set()
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep_all(), name="keeping of promises")

    async def _keep_all(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while due := self._due():
            self._news.clear()
            if await self._keep(due[0]):
                pause = FIRST_PAUSE_SECONDS
                continue
            try:
                # Something new is a reason to try again immediately: the person who asked waits for an answer.
                async with asyncio.timeout(pause):
                    await self._news.wait()
            except TimeoutError:
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _keep(self, promise: Promise) -> bool:
        try:
            result = await self._keepers[promise.kind](promise.facts)
        except (sqlite3.OperationalError, OSError) as error:
            _log.warning("The database does not take a request yet (%s); it is tried again.", error)
            return False
        except PromptbookError as refusal:
            self._refuse(promise, refusal)
            self.settle(promise)
        except Exception as defect:
            # Trying again would not help, and must not hold up what others asked for. It counts as long as this
            # process lives, and the journal keeps it for the next.
            _log.exception("A request of kind %s could not be stored.", promise.kind)
            self._refuse(promise, defect)
            self._stuck.add(promise)
        else:
            self.settle(promise, result)
        return True

    def _refuse(self, promise: Promise, error: Exception) -> None:
        if not promise.kept.done():
            promise.kept.set_exception(error)
            promise.kept.exception()  # if nobody waits for it any more, the log has it

    def _sync_soon(self) -> None:
        self._is_synced = False
        if self._syncing is None or self._syncing.done():
            self._syncing = asyncio.create_task(self._sync(), name="syncing of the journal")

    async def _sync(self) -> None:
        try:
            # What was put while a sync was running may have come too late for it.
            while not self._is_synced:
                self._is_synced = True
                await self._workers.run(Lane.TAKES, self._journal.sync)
        except OSError:
            _log.exception("The journal could not be put on disk.")
