"""One cell of the table: an evening up to the stop, the stop during its trouble, and what is found afterwards."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path

from bot.rehearsal.acts import until
from bot.rehearsal.house import House, Plan, open_house
from bot.rehearsal.world import default_world
from tools.stops.afterwards import hole_faults, leave_out, play_on, resume_and_cut
from tools.stops.cells import AGREES_WITHIN_SECONDS, KILLED_AFTER_SECONDS, Cell
from tools.stops.earlier import write_earlier_sessions
from tools.stops.evidence import HEARD_SECONDS
from tools.stops.others import Others, try_others
from tools.stops.presses import Press
from tools.stops.stopping import Stopping
from tools.stops.store import Kept, disagreements
from tools.stops.troubles import TROUBLES
from tools.stops.troupe import COORDINATORS, PERFORMERS, Troupe

COUNTDOWN_SECONDS = 1
BEFORE_PRESS_SECONDS = 1.5
"""How long a take runs before its stop is prepared."""

OTHERS_AFTER_SECONDS = 0.2
_AGAIN_SECONDS = 0.1
_TALK_SECONDS = HEARD_SECONDS + 0.3


@dataclass(slots=True)
class Played:
    """What happened in a cell. Moments are monotonic, `stop.wall` is since 1970; `faults` are what the script saw."""

    stop: Press
    silenced: frozenset[int]
    others: Others | None = None
    killed_at: float | None = None
    over_at: float = 0.0
    agreed_at: float | None = None
    resumed_at: float | None = None
    take: str = ""
    faults: list[str] = field(default_factory=list[str])


async def play(cell: Cell, folder: Path, sessions: int) -> Played:
    """Play a cell in `folder`, which contains `home`. Raises RehearsalFailed if it does not reach its stop."""
    home, logs = folder / "home", folder / "home-logs"
    logs.mkdir()
    world = default_world(cell.seed, performers=PERFORMERS, coordinators=COORDINATORS)
    if cell.fault == "export":
        await asyncio.to_thread(write_earlier_sessions, home, world.guild_id, sessions)
    async with open_house(home, logs, world, Plan(cell.seed, countdown_seconds=COUNTDOWN_SECONDS)) as house:
        trial = _Trial(cell, house)
        try:
            return await trial.play()
        finally:
            await trial.trouble.close()


class _Trial:
    def __init__(self, cell: Cell, house: House) -> None:
        self.cell = cell
        self.house = house
        self.troupe = Troupe(house)
        self.stopping = Stopping(cell.stop, self.troupe)
        self.trouble = TROUBLES[cell.fault](self.troupe)

    async def play(self) -> Played:
        await self.troupe.open_session()
        await self.troupe.deal_first()
        await self.stopping.prepare()
        await self.trouble.prepare()
        async with self.troupe.all_talk(self.troupe.on_stage):
            called_at = await self.troupe.call_take(1)
            await until(called_at + COUNTDOWN_SECONDS + BEFORE_PRESS_SECONDS - self.trouble.lead_seconds)
            await self.stopping.settle()
            played = Played(await self._stop(), frozenset(one.user_id for one in self.stopping.silenced))
            await self._amid(played)
            await until(played.stop.at + _TALK_SECONDS)
        await self._get_over_it(played)
        await self._look(played)
        return played

    async def _stop(self) -> Press:
        begun_at = time.monotonic()
        await self.trouble.begin(self.stopping.presser.user_id)
        await until(begun_at + self.trouble.lead_seconds)
        self.trouble.at_the_press()
        return await self.stopping.press()

    async def _amid(self, played: Played) -> None:
        """Kill the bot; or let others press in the meantime, if Discord takes answers at all."""
        if self.cell.is_killed:
            await until(played.stop.at + KILLED_AFTER_SECONDS[self.cell.fault])
            await self.house.kill_bot()
            played.killed_at = time.monotonic()
        elif self.cell.fault != "unavailable":
            await asyncio.sleep(OTHERS_AFTER_SECONDS)
            await self._let_others_try(played)

    async def _get_over_it(self, played: Played) -> None:
        if self.cell.is_killed:
            await self.trouble.clear()
            await self.house.start_bot()
        played.faults += await self.trouble.over()
        if self.cell.fault == "unavailable" and not self.cell.is_killed:
            await self._let_others_try(played)
        played.over_at = time.monotonic()

    async def _let_others_try(self, played: Played) -> None:
        played.others = await try_others(self.troupe, has_scene=self.cell.stop != "x_card")

    async def _look(self, played: Played) -> None:
        left = await self._agreement(played)
        if played.stop.was_overtaken():
            played.faults.append("the bot treated the press as one on an outdated panel")
        played.faults += left
        match self.cell.stop:
            case "x_card":
                played.faults += await leave_out(self.troupe, self._kept())
            case "withdrawal":
                played.faults += await play_on(
                    self.troupe, take_runs=not (self.cell.is_killed or self.trouble.has_restarted)
                )
            case "pause" if not left:
                await self._look_at_hole(played)
        played.take = self._kept().told(played.stop.wall)
        if not left and played.resumed_at is None:
            played.faults += [f"some time later, {fault}" for fault in self._disagreements(played)]

    async def _look_at_hole(self, played: Played) -> None:
        resumed_wall = None
        if not self.cell.is_killed:
            resumed = await resume_and_cut(self.troupe)
            if resumed is None:
                played.faults.append("the session cannot be resumed")
                return
            played.resumed_at, resumed_wall = resumed
        performer_id = self.troupe.leaver.user_id
        played.faults += await hole_faults(self.troupe, performer_id, played.stop.wall, resumed_wall)

    async def _agreement(self, played: Played) -> list[str]:
        """Wait for the store to agree. Returns what still contradicts if it does not."""
        deadline = played.over_at + AGREES_WITHIN_SECONDS
        while left := self._disagreements(played):
            if time.monotonic() > deadline:
                return left
            await asyncio.sleep(_AGAIN_SECONDS)
        played.agreed_at = time.monotonic()
        return []

    def _disagreements(self, played: Played) -> list[str]:
        try:
            kept = self._kept()
        except sqlite3.Error as error:
            return [f"the store could not be read: {error}"]
        return disagreements(self.cell.stop, kept, played.stop.wall, was_killed=self.cell.is_killed)

    def _kept(self) -> Kept:
        return Kept.read(self.house.home, self.troupe.leaver.user_id)
