"""Clips: one file per turn that is rated, cut when the first rater gets it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from bot.audio.sound import read, write_ogg_opus
from bot.home.places import Home
from bot.live.workers import Lane, Workers
from bot.store.ratings import RateableTurn


@dataclass(frozen=True, slots=True)
class Clips:
    """Cuts clips. If several raters ask for the same clip at the same time, it is cut once, and all wait for it."""

    workers: Workers
    home: Home
    _cutting: dict[Path, asyncio.Task[None]] = field(default_factory=dict[Path, "asyncio.Task[None]"])

    async def of(self, turn: RateableTurn) -> Path:
        """The file of a turn's clip; if one rater stops waiting, the others still get it."""
        path = self.home.clip(turn.track_path, turn.clip_start_samples, turn.clip_end_samples)
        if not path.exists():
            await asyncio.shield(self._begun(path, turn))
        return path

    def _begun(self, path: Path, turn: RateableTurn) -> asyncio.Task[None]:
        if path not in self._cutting:
            self._cutting[path] = asyncio.create_task(self._cut(path, turn), name=f"clip-{turn.turn_id}")
        return self._cutting[path]

    async def _cut(self, path: Path, turn: RateableTurn) -> None:
        try:
            await self.workers.run(Lane.CLIPS, _write_clip, self.home, path, turn)
        finally:
            self._cutting.pop(path, None)


def _write_clip(home: Home, path: Path, turn: RateableTurn) -> None:
    unfinished = home.half_made(path)
    for folder in (path.parent, unfinished.parent):
        folder.mkdir(parents=True, exist_ok=True)
    write_ogg_opus(unfinished, read(home.track(turn.track_path), turn.clip_start_samples, turn.clip_end_samples))
    unfinished.replace(path)
