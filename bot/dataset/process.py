"""Runs an export in a separate process, so that a thousand sessions load neither the event loop nor its memory."""

from __future__ import annotations

import os
import signal
import sys
import threading
from multiprocessing import get_context
from multiprocessing.connection import Connection

from bot.dataset.errors import ExportRefused
from bot.dataset.export import ExportOrder, ExportResult, export_dataset
from bot.dataset.sound.crew import NICENESS
from bot.live.workers import Lane, Workers

LOOK_SECONDS = 0.2
"""How often the export checks whether someone still waits for it."""


class ExportLost(RuntimeError):
    """The exporting process ended without a result."""


class _NobodyWaits(Exception):
    """The bot that asked for the export has ended."""


async def export_apart(order: ExportOrder, workers: Workers, jobs: int = 1) -> ExportResult:
    """Run an export in another process, which ends if no one waits for it any longer. Raises what the export raises.

    With more than one job, that process has so many workers of its own.
    """
    cancelled = threading.Event()
    try:
        return await workers.run(Lane.EXPORTS, export_in_process, order, jobs, cancelled)
    finally:
        cancelled.set()


def export_in_process(order: ExportOrder, jobs: int, cancelled: threading.Event) -> ExportResult:
    """Run an export in another process, and block until it ends. Call it from a thread.

    Raises what the export raises, and ExportLost if its process ended without a result or `cancelled` was set.
    """
    context = get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_export, args=(order, jobs, sending, os.getpid()), name="export")
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


def _export(order: ExportOrder, jobs: int, outcome: Connection, asked_by: int) -> None:
    # Ctrl-C reaches the bot, too, which then ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # SystemExit instead of an immediate end, so that `staged` removes its folder, and workers end.
    signal.signal(signal.SIGTERM, _end)
    os.nice(NICENESS)

    def step(_stage: str, _done: int, _total: int) -> None:
        if os.getppid() != asked_by:
            raise _NobodyWaits

    try:
        outcome.send(export_dataset(order, jobs=jobs, progress=step))
    except ExportRefused as refused:
        outcome.send(refused)
    except _NobodyWaits:
        return
