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


@dataclass(frozen=True, slots=True)
class Clips:
    """Makes clips. If several raters ask for the same clip at the same time, it is made once, and all wait for it."""

    database: Database
    workers: Workers
    home: Home
    apart: Apart
    _making: dict[Path, asyncio.Task[None]] = field(default_factory=dict[Path, "asyncio.Task[None]"])

    async def prepare(self, take_id: TakeId) -> None:
        """Make the clips of a take that are not there yet, before a rater asks. Raises what making one raises."""
        turns = await rateable_turns(self.database, take_id)
        orders = [self._order(turn) for turn in turns if not self._path(turn).exists()]
        if orders:
            await self.apart(partial(make_clips, orders))

    async def of(self, turn: RateableTurn) -> Path:
        """The file of a turn's clip; if one rater stops waiting, the others still get it."""
        path = self._path(turn)
        if not path.exists():
            await asyncio.shield(self._begun(path, turn))
        return path

    def _begun(self, path: Path, turn: RateableTurn) -> asyncio.Task[None]:
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
