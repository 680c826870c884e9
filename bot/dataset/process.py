"""Runs an export in a separate process, so that a thousand sessions load neither the event loop nor its memory."""

from __future__ import annotations

import os
import signal
import sys
import threading
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Protocol, TypeVar

from bot.dataset.errors import ExportRefused
from bot.dataset.progress import Progress
from bot.dataset.sound.crew import NICENESS
from bot.live.workers import Lane, Workers

LOOK_SECONDS = 0.2
"""How often the export checks whether someone still waits for it."""

_Result = TypeVar("_Result")
_Result_co = TypeVar("_Result_co", covariant=True)


class ExportWork(Protocol[_Result_co]):
    """An export that is ready to run. It takes long, and can be sent to another process, as can its result."""

    def __call__(self, *, progress: Progress | None = None) -> _Result_co:
        """Write the dataset, or the log. Raises ExportRefused."""
        ...


class ExportLost(RuntimeError):
    """The exporting process ended without a result."""


class _NobodyWaits(Exception):
    """The bot that asked for the export has ended."""


async def export_apart(work: ExportWork[_Result], workers: Workers) -> _Result:
    """Run an export in another process, which ends if no one waits for it any longer. Raises what the export raises."""
    cancelled = threading.Event()
    try:
        return await workers.run(Lane.EXPORTS, export_in_process, work, cancelled)
    finally:
        cancelled.set()


def export_in_process(work: ExportWork[_Result], cancelled: threading.Event) -> _Result:
    """Run an export in another process, and block until it ends. Call it from a thread.

    Raises what the export raises, and ExportLost if its process ended without a result or `cancelled` was set.
    """
    context = get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_export, args=(work, sending, os.getpid()), name="export")
    with receiving:
        process.start()
        sending.close()
        try:
            while not receiving.poll(LOOK_SECONDS):
                if cancelled.is_set():
                    raise ExportLost("No one was waiting for the export any longer.")
            try:
                outcome = receiving.recv()
            except EOFError:
                process.join()
                raise ExportLost(f"The exporting process ended with code {process.exitcode}.") from None
        finally:
            process.terminate()
            process.join()
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _end(_signal: int, _frame: object) -> None:
    sys.exit()


def _export(work: ExportWork[object], outcome: Connection, asked_by: int) -> None:
    # Ctrl-C reaches the bot, too, which then ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # SystemExit instead of an immediate end, so that `staged` removes its folder, and workers end.
    signal.signal(signal.SIGTERM, _end)
    os.nice(NICENESS)

    def step(_stage: str, _done: int, _total: int) -> None:
        if os.getppid() != asked_by:
            raise _NobodyWaits

    try:
        outcome.send(work(progress=step))
    except ExportRefused as refused:
        outcome.send(refused)
    except _NobodyWaits:
        return
