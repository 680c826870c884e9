"""Clips: one file per turn that is rated, made when its turn is found, or at the latest when a rater gets it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot.domain.ids import TakeId
from bot.home.places import Home
from bot.live.apart import Apart
from bot.live.workers import Lane, Workers
from bot.samples import Span
from bot.store.database import Database
from bot.store.ratings import RateableTurn, rateable_turns
from bot.turns.clips import ClipOrder, make_clip, make_clips

LOOK_SECONDS = 0.05
"""How often it is checked which of the clips that another process makes are there."""


@dataclass(frozen=True, slots=True)
class Clips:
    """Makes each clip once: raters who ask for one that is being made, for them or in advance, wait for it."""

    database: Database
    workers: Workers
    home: Home
    apart: Apart
    _making: dict[Path, asyncio.Future[None]] = field(default_factory=dict[Path, "asyncio.Future[None]"])
    """The clips that are being made. Each future ends when its clip is there, or when its making has ended."""

    async def prepare(self, take_id: TakeId) -> None:
        """Make the clips of a take that are not there yet, before a rater asks. Raises what making one raises."""
        turns = {self._path(turn): turn for turn in await rateable_turns(self.database, take_id)}
        orders = {
            path: self._order(turn) for path, turn in turns.items() if path not in self._making and not path.exists()
        }
        if not orders:
            return
        coming = {path: asyncio.get_running_loop().create_future() for path in orders}
        self._making.update(coming)
        making = asyncio.ensure_future(self.apart(partial(make_clips, list(orders.values()))))
        try:
            while not making.done():
                await asyncio.wait({making}, timeout=LOOK_SECONDS)
                self._let_in(coming)
        finally:
            making.cancel()
            for path, there in coming.items():
                self._making.pop(path, None)
                there.set_result(None)
        making.result()

    def _let_in(self, coming: dict[Path, asyncio.Future[None]]) -> None:
        """Tell those who wait for the clips that are there. They are made in this order."""
        for path in list(coming):
            if not path.exists():
                return
            self._making.pop(path, None)
            coming.pop(path).set_result(None)

    def ready(self, turn: RateableTurn) -> Path | None:
        """The file of a turn's clip if it is there; None for one that is still to be made."""
        path = self._path(turn)
        return path if path.exists() else None

    async def of(self, turn: RateableTurn) -> Path:
        """The file of a turn's clip; if one rater stops waiting, the others still get it."""
        path = self._path(turn)
        # What could not be made in advance is not there when its making has ended.
        while not path.exists():
            await asyncio.shield(self._begun(path, turn))
        return path

    def _begun(self, path: Path, turn: RateableTurn) -> asyncio.Future[None]:
        if path not in self._making:
            self._making[path] = asyncio.create_task(self._make(path, turn), name=f"clip-{turn.turn_id}")
        return self._making[path]

    async def _make(self, path: Path, turn: RateableTurn) -> None:
        try:
            await self.workers.run(Lane.CLIPS, make_clip, self._order(turn))
        finally:
            self._making.pop(path, None)

    def _order(self, turn: RateableTurn) -> ClipOrder:
        path, span = self._path(turn), Span(turn.clip_start_samples, turn.clip_end_samples)
        return ClipOrder(self.home.track(turn.track_path), span, turn.track_lufs, self.home.half_made(path), path)

    def _path(self, turn: RateableTurn) -> Path:
        return self.home.clip(turn.track_path, turn.clip_start_samples, turn.clip_end_samples)
