"""What people were promised and the store does not have yet: kept in memory and in the journal until it is stored.

A promise takes effect before it is made here; this module makes sure that it is never forgotten. Promises are stored in
the order in which they were made, so that a person's last request counts.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.errors import PromptbookError
from bot.live.journal import Entry, Journal
from bot.live.workers import Lane, Workers

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0
"""The wait between two attempts grows to this: a database that is locked is soon free again, a full disk is not."""

Keeper = Callable[[Mapping[str, Any]], Awaitable[Any]]
"""Stores a promise from the journal's facts alone. Storing it twice must do no harm."""

_MILLISECOND, _SAME_MOMENT = timedelta(milliseconds=1), timedelta(seconds=1)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Promise:
    """Something that was asked for. `kept` completes with the keeper's result once the store has it."""

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
        self._newest_moment = datetime.min.replace(tzinfo=UTC)
        self._stuck: set[Promise] = set()
        self._news = asyncio.Event()

    def __iter__(self) -> Iterator[Promise]:
        """What is not in the store yet, in the order of the requests."""
        return iter(list(self._waiting))

    def keep_by(self, kind: str, keeper: Keeper) -> None:
        """Store promises of a kind with this keeper. The code that makes promises of other kinds settles them."""
        self._keepers[kind] = keeper
        self._begin()

    def recall(self) -> None:
        """Take in what an ended process left in the journal. Call it at the start, before anything else."""
        for entry in self._journal.waiting():
            kept = asyncio.get_running_loop().create_future()
            self._add(Promise(entry.kind, entry.facts | {"recalled": True}, entry, kept))

    def make(self, kind: str, facts: dict[str, Any]) -> Promise:
        """From now on this is not forgotten. If the journal cannot be written, this is logged and never raised.

        Takes microseconds; waits neither for the store nor for the disk.
        """
        entry = None
        try:
            entry = self._journal.put(kind, facts)
            self._sync_soon()
        except OSError:
            _log.exception("The journal cannot be written: until the database accepts it, a request is only in memory.")
        promise = Promise(kind, facts, entry, asyncio.get_running_loop().create_future())
        self._add(promise)
        return promise

    def moment(self, now: datetime) -> datetime:
        """`now`, or the next millisecond if that was given already: no two requests have the same moment.

        A clock that is set back by more than a second is followed.
        """
        since = now - self._newest_moment
        if -_SAME_MOMENT < since < _MILLISECOND:
            now = self._newest_moment + _MILLISECOND
        self._newest_moment = now
        return now

    def settle(self, promise: Promise, result: Any = None) -> None:
        """The store has it: remove it from memory and from the journal."""
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
        """Try again now, and wait until all of these promises that can be stored are stored."""
        while waiting := [promise.kept for promise in self._due() if which(promise)]:
            self._news.set()
            await asyncio.wait([waiting[0]])

    def _due(self) -> list[Promise]:
        """What can be stored, in order: it has a keeper, and no defect prevents it."""
        return [one for one in self._waiting if one.kind in self._keepers and one not in self._stuck]

    async def close(self) -> None:
        """Stop trying; what is left is in the journal for the next start."""
        if self._keeping:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._syncing:
            # A thread cannot be cancelled: the file stays open until it ends.
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
            _log.warning("The database does not accept a request yet (%s); the bot tries again.", error)
            return False
        except PromptbookError as refusal:
            self._refuse(promise, refusal)
            self.settle(promise)
        except Exception as defect:
            # Another attempt would not help, and must not delay other requests. The promise counts as long as this
            # process lives, and the journal keeps it for the next one.
            _log.exception("A request of kind %s could not be stored.", promise.kind)
            self._refuse(promise, defect)
            self._stuck.add(promise)
        else:
            self.settle(promise, result)
        return True

    def _refuse(self, promise: Promise, error: Exception) -> None:
        if not promise.kept.done():
            promise.kept.set_exception(error)
            promise.kept.exception()  # marks it as retrieved: the log has it if no one waits for it

    def _sync_soon(self) -> None:
        self._is_synced = False
        if self._syncing is None or self._syncing.done():
            self._syncing = asyncio.create_task(self._sync(), name="syncing of the journal")

    async def _sync(self) -> None:
        try:
            # What was put during a sync may have come too late for it.
            while not self._is_synced:
                self._is_synced = True
                await self._workers.run(Lane.TAKES, self._journal.sync)
        except OSError:
            _log.exception("The journal could not be flushed to disk.")
