"""The troubles of the table, by name."""

from __future__ import annotations

import asyncio
import time
from typing import ClassVar

from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.faults import forget_next_press, refuse_answers
from tools.stops.disks import fill, is_filled, make_room
from tools.stops.locked import Locked
from tools.stops.presses import Press, give_command
from tools.stops.trouble import Trouble


class Unknown(Trouble):
    """Discord no longer knows the press when the bot answers."""

    async def begin(self, presser_id: int) -> None:
        await forget_next_press(self.house.addresses, self.house.tls, presser_id)


class Unavailable(Trouble):
    """Discord takes no first answer for 10 s."""

    lead_seconds = 0.3
    seconds: ClassVar[float] = 10.0
    _until = 0.0

    async def begin(self, presser_id: int) -> None:
        await refuse_answers(self.house.addresses, self.house.tls, self.seconds)
        self._until = time.monotonic() + self.seconds

    async def over(self) -> list[str]:
        await asyncio.sleep(self._until - time.monotonic())
        return []


class Full(Trouble):
    """The disk of the home folder is full from the press on, for 4 s or until space is freed after the kill.

    A killed bot is started again when there is space, because on a full disk it may refuse to start.
    """

    lead_seconds = 0.4
    seconds: ClassVar[float] = 4.0
    reserve_bytes: ClassVar[int] = 128 << 10
    _since = 0.0

    async def begin(self, presser_id: int) -> None:
        await asyncio.to_thread(fill, self.house.home, self.reserve_bytes)

    def at_the_press(self) -> None:
        fill(self.house.home)
        self._since = time.monotonic()

    async def clear(self) -> None:
        make_room(self.house.home)

    async def over(self) -> list[str]:
        if is_filled(self.house.home):
            await asyncio.sleep(self._since + self.seconds - time.monotonic())
        make_room(self.house.home)
        return []


class Export(Trouble):
    """A coordinator exports all sessions of the server. It is over when they are told, or when the bot is restarted.

    A thousand sessions take a quarter of an hour on two cores. No cell waits for longer than `WAITED_SECONDS`.
    """

    lead_seconds = 1.5
    WAITED_SECONDS = 45.0
    _press: Press | None = None

    async def begin(self, presser_id: int) -> None:
        self._press = await give_command(self.troupe.second_coordinator, self.house.voice_channel_id, "export")

    def at_the_press(self) -> None:
        if not self._is_running():
            raise RehearsalFailed("No export was running at the press. If it was over, give it more --sessions.")

    async def clear(self) -> None:
        self._press = None

    async def over(self) -> list[str]:
        if self._press is None:
            return []
        told = await self._press.answer(self.WAITED_SECONDS)
        if told is None or not told.text:
            self.has_restarted = True
            await self.house.end_bot()
            await self.house.start_bot()
        return []

    def _is_running(self) -> bool:
        assert self._press
        answers = [one for one in self._press.person.messages.values() if self._press.is_answered_by(one)]
        return any(message.is_loading for message in answers)


TROUBLES: dict[str, type[Trouble]] = {
    "none": Trouble,
    "locked": Locked,
    "unknown": Unknown,
    "unavailable": Unavailable,
    "full": Full,
    "export": Export,
}
"""The troubles by their names in the table."""
