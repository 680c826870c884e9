"""A voice call over real sockets: the embedded voice server, libdave participants, discord.py's own voice client.

Only the main gateway is left out: this module answers op 4 with the two voice events, a few milliseconds apart.
"""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path
from typing import Any

import aiohttp

from bot.embedded.client.replies import VoiceCredentials
from bot.embedded.client.voice.participant import VoiceParticipant
from bot.embedded.journal import Journal, read_journal
from bot.embedded.voice.mls import CallHabits
from bot.embedded.voice.server import VoiceServer
from bot.voice.capture import CaptureClient
from tools.home_channel import BOT, CHANNEL, GUILD, HomeChannel, HomeGuild, client_logged_in, until
from tools.loopback_tls import loopback_tls


class Call:
    """One voice channel with its server, its people, and the bot's capture client."""

    def __init__(self, folder: Path, habits: CallHabits | None = None) -> None:
        tls = loopback_tls()
        self.client_tls = tls.client
        self.server_journal = Journal(folder / "server.jsonl")
        self.cast_journal = Journal(folder / "cast.jsonl")
        self.server = VoiceServer(
            ssl_context=tls.server,
            journal=self.server_journal,
            bot_user_ids=frozenset({BOT}),
            resume_window_s=1.0,
            habits=habits,
        )
        self.channel = HomeGuild(self.on_op_4).channel
        self.capture: CaptureClient
        self.people: list[VoiceParticipant] = []
        self._numbers = itertools.count()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        await self.server.start()
        connector = aiohttp.TCPConnector(ssl=self.client_tls)
        self._web = aiohttp.ClientSession(connector=connector)
        self.client = await client_logged_in(self._web)

    async def connect(self) -> CaptureClient:
        self.capture = CaptureClient(self.client, self.channel)  # type: ignore[arg-type]
        await self.capture.connect(reconnect=True, timeout=10)
        if self.people:
            await until(self._has_key)
        return self.capture

    def _has_key(self) -> bool:
        connection = self.capture._connection
        session = connection.dave_session
        return connection.dave_protocol_version == 0 or (session is not None and session.ready)

    def on_op_4(self, channel: HomeChannel | None) -> None:
        task = asyncio.create_task(self._answer_op_4(channel))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer_op_4(self, channel: HomeChannel | None) -> None:
        await asyncio.sleep(0.01)
        if channel is None:
            await self.server.leave(guild_id=GUILD, user_id=BOT, close_code=None)
            state: Any = {"channel_id": None, "session_id": "gone"}
            await self.capture.on_voice_state_update(state)
            return
        ticket = self._ticket(BOT)
        state = {"channel_id": str(CHANNEL), "session_id": ticket["session_id"]}
        await self.capture.on_voice_state_update(state)
        await asyncio.sleep(0.01)
        server: Any = {"token": ticket["token"], "guild_id": str(GUILD), "endpoint": self.server.endpoint}
        await self.capture.on_voice_server_update(server)

    def _ticket(self, user_id: int) -> dict[str, Any]:
        session_id = f"session{next(self._numbers)}"
        given = {"guild_id": GUILD, "user_id": user_id, "session_id": session_id, "token": f"token{user_id}"}
        self.server.expect(channel_id=CHANNEL, **given)
        return given

    async def join(self, user_id: int, mode: str | None = None) -> VoiceParticipant:
        person = VoiceParticipant(
            VoiceCredentials(channel_id=CHANNEL, endpoint=self.server.endpoint, **self._ticket(user_id)),
            ssl_context=self.client_tls,
            journal=self.cast_journal,
            mode=mode,
            seed=7,
        )
        self.people.append(person)
        await person.connect()
        return person

    def sent_by(self, user_id: int) -> list[tuple[float, bytes]]:
        self.cast_journal.flush()
        log = read_journal(self.cast_journal.path, "frame_sent")
        return [(entry["t"], bytes.fromhex(entry["opus"])) for entry in log if entry["user_id"] == user_id]

    def server_log(self, *kinds: str) -> list[dict[str, Any]]:
        self.server_journal.flush()
        return list(read_journal(self.server_journal.path, *kinds))

    async def close(self) -> None:
        for person in self.people:
            await person.close()
        if hasattr(self, "capture"):
            await self.capture.disconnect(force=True)
        await self.server.close()
        await self._web.close()
        self.server_journal.close()
        self.cast_journal.close()
