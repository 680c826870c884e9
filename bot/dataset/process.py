"""Runs an export in a separate process, so that a thousand sessions load neither the event loop nor its memory."""

from __future__ import annotations

from functools import partial
from typing import Protocol, TypeVar

from bot.dataset.progress import Progress
from bot.live.apart import PATIENT, Step, run_apart
from bot.live.workers import Lane, Workers

_Result = TypeVar("_Result")
_Result_co = TypeVar("_Result_co", covariant=True)


class ExportWork(Protocol[_Result_co]):
    """An export that is ready to run. It takes long, and can be sent to another process, as can its result."""

    def __call__(self, *, progress: Progress | None = None) -> _Result_co:
        """Write the dataset, or the log. Raises ExportRefused."""
        ...


async def export_apart(work: ExportWork[_Result], workers: Workers) -> _Result:
    """Run an export in another process, which ends if no one waits for it any longer. Raises what the export raises."""
    return await run_apart(partial(_export, work), workers, Lane.EXPORTS, PATIENT)


def _export(work: ExportWork[_Result], step: Step) -> _Result:
    def go_on(_stage: str, _done: int, _total: int) -> None:
        step()

    return work(progress=go_on)
