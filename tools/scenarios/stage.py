"""The other side of a scenario, in its own process: voice server and cast, controlled by one request per line.

Requests are JSON lines on standard input, `{"id", "do", ...}`; answers are `{"id", "result"}` or `{"id", "error"}` on
standard output, in the order in which they are ready. `open` begins a call, `close` ends it, and another can follow.
`play.StageProcess` starts this process.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
from pathlib import Path
from random import Random
from typing import Any

from bot.embedded.client.replies import VoiceCredentials
from bot.embedded.client.voice.packets import Habits
from bot.embedded.client.voice.participant import VoiceParticipant
from bot.embedded.journal import Journal
from bot.embedded.mls.group import GroupBusy
from bot.embedded.voice.faults import NEVER, VoiceFaults
from bot.embedded.voice.server import VoiceServer
from tools.home_channel import BOT, CHANNEL, GUILD
from tools.loopback_tls import loopback_tls


def frames(count: int, seed: str) -> list[bytes]:
    """Return packets that look like Opus (TOC of 20 ms fullband), all different and longer than any filling."""
    chance = Random(seed)
    return [b"\x78" + chance.randbytes(chance.randint(24, 160)) for _ in range(count)]


class Stage:
    """A voice server and the people in its only channel. Each public method is a request."""

    def __init__(self, folder: Path) -> None:
        tls = loopback_tls()
        tls.authority.cert_pem.write_to_path(str(folder / "authority.pem"))
        self._client_tls = tls.client
        self._server_journal = Journal(folder / "server.jsonl")
        self._cast_journal = Journal(folder / "cast.jsonl")
        self._server = VoiceServer(
            ssl_context=tls.server, journal=self._server_journal, bot_user_ids=frozenset({BOT}), resume_window_s=1.0
        )
        self._people: dict[int, VoiceParticipant] = {}
        self._numbers = itertools.count()
        self._spurts = itertools.count()

    @classmethod
    async def open(cls, folder: Path) -> Stage:
        stage = cls(folder)
        await stage._server.start()
        return stage

    @property
    def endpoint(self) -> str:
        return self._server.endpoint

    async def set_faults(self, *, never_named: bool = False, **faults: Any) -> None:
        if never_named:
            faults["speaking_late_s"] = NEVER
        self._server.path.set_faults(VoiceFaults(**faults), CHANNEL)

    async def ticket(self, user_id: int) -> dict[str, Any]:
        session_id = f"session{next(self._numbers)}"
        given = {"guild_id": GUILD, "user_id": user_id, "session_id": session_id, "token": f"token{user_id}"}
        self._server.expect(channel_id=CHANNEL, **given)
        return given

    async def join(self, user_id: int, mode: str | None = None, **habits: Any) -> None:
        person = VoiceParticipant(
            VoiceCredentials(channel_id=CHANNEL, endpoint=self._server.endpoint, **await self.ticket(user_id)),
            ssl_context=self._client_tls,
            journal=self._cast_journal,
            mode=mode,
            seed=7,
            habits=Habits(**habits),
        )
        self._people[user_id] = person
        await person.connect()

    async def leave(self, user_id: int) -> None:
        await self._people.pop(user_id).close()
        await self._server.leave(guild_id=GUILD, user_id=user_id, close_code=None)

    async def speak(self, user_id: int, count: int) -> None:
        await self._people[user_id].speak(frames(count, f"{user_id} {next(self._spurts)}"))

    async def remove_bot(self) -> None:
        await self._server.leave(guild_id=GUILD, user_id=BOT, close_code=None)

    async def close_bot(self, code: int) -> None:
        """Close the bot's websocket and forget its session."""
        await self._server.leave(guild_id=GUILD, user_id=BOT, close_code=code)

    async def downgrade(self) -> None:
        await self._when_quiet(self._server.group_of(CHANNEL).downgrade)

    async def upgrade(self) -> None:
        await self._when_quiet(self._server.group_of(CHANNEL).upgrade)

    async def flush(self) -> None:
        self._server_journal.flush()
        self._cast_journal.flush()

    async def close(self) -> None:
        for person in self._people.values():
            await person.close()
        await self._server.close()
        self._server_journal.close()
        self._cast_journal.close()

    async def _when_quiet(self, change: Any) -> None:
        async with asyncio.timeout(5):
            while True:
                try:
                    return change()
                except GroupBusy:
                    await asyncio.sleep(0.02)


async def serve() -> None:
    loop = asyncio.get_running_loop()
    requests = asyncio.StreamReader(limit=1 << 20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(requests), sys.stdin)
    stage: Stage | None = None
    tasks: set[asyncio.Task[None]] = set()

    async def answer(request: dict[str, Any]) -> None:
        nonlocal stage
        number, name = request.pop("id"), request.pop("do")
        try:
            if name == "open":
                stage = await Stage.open(Path(request["folder"]))
                told = {"id": number, "result": stage.endpoint}
            else:
                told = {"id": number, "result": await getattr(stage, name)(**request)}
        except Exception as error:
            told = {"id": number, "error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()

    while line := await requests.readline():
        task = asyncio.create_task(answer(json.loads(line)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


if __name__ == "__main__":
    asyncio.run(serve())
