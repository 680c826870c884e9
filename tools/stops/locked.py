"""The trouble of a database that another process has locked."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import ClassVar

from bot.embedded.client.replies import Modal
from bot.rehearsal.errors import RehearsalFailed
from tools.stops.earlier import DATABASE
from tools.stops.presses import send_form
from tools.stops.trouble import Trouble


class Locked(Trouble):
    """Another process holds the write lock for 8 s, and a performer's lines wait to be written."""

    lead_seconds = 0.4
    seconds: ClassVar[float] = 8.0

    _process: Process | None = None
    _form: Modal | None = None
    _is_released = False

    async def prepare(self) -> None:
        person = self.troupe.partner.person
        panel = next(one for one in person.messages.values() if any(each.label == "Lines" for each in one.buttons))
        self._form = (await person.click(panel, "Lines")).modal
        script, database = Path(__file__).with_name("locking.py"), self.house.home / DATABASE
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, str(script), str(database), str(self.seconds), stdin=PIPE, stdout=PIPE
        )
        await self._said("ready")

    async def begin(self, presser_id: int) -> None:
        assert self._process
        assert self._process.stdin
        assert self._form
        self._process.stdin.write(b"\n")
        await self._said("held")
        topic = self._form.fields[0].options[0][1]
        await send_form(self.troupe.partner.person, self._form, {self._form.fields[0].custom_id: [topic]})

    async def clear(self) -> None:
        assert self._process
        assert self._process.stdin
        self._process.stdin.close()
        await self._said("released")

    async def over(self) -> list[str]:
        assert self._process
        if self._process.returncode is None and not self._is_released:
            await self._said("released")
        return []

    async def close(self) -> None:
        if self._process:
            assert self._process.stdin
            self._process.stdin.close()
            await self._process.wait()

    async def _said(self, word: str) -> None:
        assert self._process
        assert self._process.stdout
        async with asyncio.timeout(self.seconds + 10):
            line = await self._process.stdout.readline()
        if line.decode().strip() != word:
            raise RehearsalFailed(f"The process that locks the database ended before it said {word!r}.")
        self._is_released = word == "released"
