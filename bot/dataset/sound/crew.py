"""Who makes the takes of an export: this process, or several others on all cores.

Takes are handed to a `concurrent.futures.Executor`, so that another executor can take their place.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Final, Protocol

from bot.dataset.sound.orders import TakeOrder
from bot.dataset.sound.take import Told, make_take
from bot.live.apart import PATIENT

LOOK_SECONDS: Final = 0.2
"""How often progress is passed on. Then it also shows whether someone still waits for the export."""


class Crew(Protocol):
    """Makes takes."""

    def make(self, orders: Sequence[TakeOrder], folder: Path, told: Told) -> None:
        """Make all takes below `folder`. `told` gets the samples that were done; an exception from it ends the work.

        Raises OSError if something cannot be written, BrokenExecutor if a worker was killed.
        """
        ...


@contextmanager
def hire(jobs: int) -> Generator[Crew]:
    """Return a crew of so many processes, or this process alone for one. None of them outlives the block."""
    if jobs == 1:
        yield Alone()
        return
    context = multiprocessing.get_context("spawn")
    told: SimpleQueue[int] = context.SimpleQueue()
    before = set(multiprocessing.active_children())
    executor = ProcessPoolExecutor(jobs, context, _begin, (told,))
    try:
        yield ByExecutor(executor, jobs, partial(_sum, told))
    except BaseException:
        for worker in set(multiprocessing.active_children()) - before:
            worker.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)
        told.close()


class Alone:
    """Makes one take after another in this process."""

    def make(self, orders: Sequence[TakeOrder], folder: Path, told: Told) -> None:
        """Make all takes."""
        for order in orders:
            make_take(order, folder, told)


@dataclass(frozen=True, slots=True)
class ByExecutor:
    """Hands takes to an executor, whose workers see the same files. `jobs` is how many it works on at once.

    `more` returns the samples that were done since the last call, if the workers tell; otherwise, a take counts when it
    is complete.
    """

    executor: Executor
    jobs: int
    more: Callable[[], int] | None = None

    def make(self, orders: Sequence[TakeOrder], folder: Path, told: Told) -> None:
        """Make all takes. An exception cancels those that have not begun."""
        waiting = list(reversed(orders))
        running: dict[Future[None], TakeOrder] = {}
        try:
            while waiting or running:
                # One more than there are workers, so that none of them waits for this process.
                while waiting and len(running) <= self.jobs:
                    order = waiting.pop()
                    running[self.executor.submit(_make, order, folder)] = order
                done, _ = wait(running, LOOK_SECONDS, FIRST_COMPLETED)
                lengths = [_result(future, running.pop(future)) for future in done]
                told(self.more() if self.more else sum(lengths))
        finally:
            for future in running:
                future.cancel()


def _result(future: Future[None], order: TakeOrder) -> int:
    future.result()
    return order.length_samples


def _sum(told: SimpleQueue[int]) -> int:
    done = 0
    while not told.empty():
        done += told.get()
    return done


def _untold(_samples: int) -> None:
    """Stand in for what tells the process that started a worker, in workers of other executors."""


_tell: Told = _untold


def _begin(told: SimpleQueue[int]) -> None:
    """Prepare a worker: it gives way to recording, and ends with the process that started it, however that ends."""
    global _tell
    _tell = told.put
    # Ctrl-C reaches the process that started it, too, which then ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.setpriority(os.PRIO_PROCESS, 0, max(PATIENT, os.getpriority(os.PRIO_PROCESS, 0)))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _make(order: TakeOrder, folder: Path) -> None:
    make_take(order, folder, _tell)
