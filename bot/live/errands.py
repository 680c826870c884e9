"""Background tasks with an owner: none outlives it, and their errors are logged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.domain.errors import PromptbookError

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")

_ROUNDS = 5
"""Errands that an errand starts as it ends are cancelled, too, and so on for this many rounds."""


class Errands:
    """Work in the background that no one has to wait for."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def run(self, work: Coroutine[Any, Any, _Result], name: str) -> asyncio.Task[_Result]:
        """Start work under a name, which the log uses; the caller may cancel the task."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def close(self) -> None:
        """Cancel what still runs and wait for it, and for what it starts as it ends."""
        for _ in range(_ROUNDS):
            if not (tasks := list(self._tasks)):
                return
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            # From Python 3.12 on, gathering ended tasks does not yield, and their own callbacks may not have run yet.
            self._tasks.difference_update(tasks)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, PromptbookError):
            _log.error("%s failed", task.get_name(), exc_info=error)
