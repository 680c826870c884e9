"""Runs heavy work in a process of its own, so that it loads neither the event loop nor its memory."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Protocol, TypeVar

from bot.live.workers import Lane, Workers

LOOK_SECONDS = 0.2
"""How often it is checked whether someone still waits for the work."""

AWAITED = 5
"""How far work that people wait for gives way if processes compete for a core (nice(2)): recording comes first."""

PATIENT = 15
"""How far an export gives way: it takes minutes anyway, and turns and clips must not wait for it."""

Step = Callable[[], None]
"""Work that runs apart calls this now and then. It ends the work if no one waits for it any longer."""

_Result = TypeVar("_Result")


class Apart(Protocol):
    """Runs work where it does not block the event loop: in the bot, in a process of its own."""

    async def __call__(self, work: Callable[[Step], _Result]) -> _Result:
        """Return the result of the work. Raises what the work raises."""
        ...


class WorkLost(RuntimeError):
    """The process ended without a result, or no one waited for it."""


class _NobodyWaits(Exception):
    """The process that asked for the work has ended."""


async def in_thread(work: Callable[[Step], _Result]) -> _Result:
    """Run work in a thread of this process, for a program in which nothing else has to happen on time."""
    return await asyncio.to_thread(work, _always_on)


def _always_on() -> None:
    """Stand in for a step: a thread cannot be ended."""


async def run_apart(work: Callable[[Step], _Result], workers: Workers, lane: Lane, niceness: int = AWAITED) -> _Result:
    """Run work in another process, which ends if no one waits for it any longer.

    The work and its result are sent between processes, so they must be picklable. Raises what the work raises, and
    WorkLost if its process ended without a result.
    """
    cancelled = threading.Event()
    try:
        return await workers.run(lane, run_in_process, work, cancelled, niceness)
    finally:
        cancelled.set()


def run_in_process(work: Callable[[Step], _Result], cancelled: threading.Event, niceness: int = AWAITED) -> _Result:
    """Run work in another process, and block until it ends or `cancelled` is set. Call it from a thread."""
    context = get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(work, sending, os.getpid(), niceness), name="apart")
    with receiving:
        process.start()
        sending.close()
        try:
            while not receiving.poll(LOOK_SECONDS):
                if cancelled.is_set():
                    raise WorkLost("No one was waiting for the work any longer.")
            try:
                is_done, outcome = receiving.recv()
            except EOFError:
                process.join()
                raise WorkLost(f"The process of the work ended with code {process.exitcode}.") from None
        finally:
            process.terminate()
            process.join()
    if not is_done:
        raise outcome
    return outcome


def _run(work: Callable[[Step], _Result], outcome: Connection, asked_by: int, niceness: int) -> None:
    # Ctrl-C reaches the bot, too, which then ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # SystemExit instead of an immediate end, so that work which cleans up behind itself does so.
    signal.signal(signal.SIGTERM, _end)
    os.nice(niceness)

    def step() -> None:
        if os.getppid() != asked_by:
            raise _NobodyWaits

    try:
        outcome.send((True, work(step)))
    except _NobodyWaits:
        return
    except Exception as error:
        outcome.send((False, error))


def _end(_signal: int, _frame: object) -> None:
    sys.exit()
