"""A voice server on loopback with its journal, people who come and go, and a listener on davey."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path
from random import Random
from typing import Any

import davey

from bot.embedded.client.replies import VoiceCredentials
from bot.embedded.client.voice.media import Media
from bot.embedded.client.voice.participant import VoiceParticipant
from bot.embedded.client.voice.signalling import Signalling, TextMessage
from bot.embedded.journal import Journal, read_journal
from bot.embedded.voice.server import VoiceServer
from bot.wire.rtp import RtpHeader
from bot.wire.transport import AES256_GCM, cipher_for
from tools.home_channel import until
from tools.loopback_tls import loopback_tls

GUILD = 310847562918374651
CHANNEL = 482915736028475133
BOT = 900000000000000001
SILENCE = bytes.fromhex("f8fffe")


def frames(count: int, seed: int) -> list[bytes]:
    """Packets that look like Opus (TOC of 20 ms fullband), each different from the others."""
    chance = Random(seed)
    return [b"\x78" + chance.randbytes(chance.randint(20, 160)) for _ in range(count)]


class Stage:
    """A voice server, its journal, and people who come and go."""

    def __init__(self, folder: Path) -> None:
        tls = loopback_tls()
        self.client_tls = tls.client
        self.server_journal = Journal(folder / "server.jsonl")
        self.cast_journal = Journal(folder / "cast.jsonl")
        self.server = VoiceServer(
            ssl_context=tls.server,
            journal=self.server_journal,
            bot_user_ids=frozenset({BOT}),
            listeners_per_channel=None,
            resume_window_s=1.0,
        )
        self.people: list[VoiceParticipant] = []
        self._numbers = itertools.count()

    def ticket(self, user_id: int) -> dict[str, Any]:
        session_id = f"session{next(self._numbers)}"
        given = {"guild_id": GUILD, "user_id": user_id, "session_id": session_id, "token": f"token{user_id}"}
        self.server.expect(channel_id=CHANNEL, **given)
        return given

    def identification(self, user_id: int) -> dict[str, Any]:
        given = self.ticket(user_id)
        return {
            "server_id": str(GUILD),
            "user_id": str(user_id),
            "session_id": given["session_id"],
            "token": given["token"],
            "max_dave_protocol_version": 1,
        }

    def participant(self, user_id: int, mode: str | None = None, seed: int = 0) -> VoiceParticipant:
        person = VoiceParticipant(
            VoiceCredentials(channel_id=CHANNEL, endpoint=self.server.endpoint, **self.ticket(user_id)),
            ssl_context=self.client_tls,
            journal=self.cast_journal,
            mode=mode,
            seed=seed,
        )
        self.people.append(person)
        return person

    async def join(self, user_id: int, mode: str | None = None, seed: int = 0) -> VoiceParticipant:
        person = self.participant(user_id, mode, seed)
        await person.connect()
        return person

    def journal(self, *kinds: str) -> list[dict[str, Any]]:
        self.server_journal.flush()
        return list(read_journal(self.server_journal.path, *kinds))

    def cast_log(self, *kinds: str) -> list[dict[str, Any]]:
        self.cast_journal.flush()
        return list(read_journal(self.cast_journal.path, *kinds))

    def sent_by(self, user_id: int) -> list[bytes]:
        return [bytes.fromhex(e["opus"]) for e in self.cast_log("frame_sent") if e["user_id"] == user_id]

    async def close(self) -> None:
        for person in self.people:
            await person.close()
        await self.server.close()
        self.server_journal.close()
        self.cast_journal.close()


class DaveyListener:
    """Does with davey what the bot's library does: answers the handshake and decrypts what it hears."""

    def __init__(self, stage: Stage, mode: str = AES256_GCM) -> None:
        self.session: davey.DaveSession | None = None
        self.heard: dict[int, list[bytes]] = {}
        self.failures: list[str] = []
        self.executed: list[int] = []
        self._stage = stage
        self._mode = mode
        self._wire = Signalling(stage.server.endpoint, stage.client_tls)
        self._speakers: dict[int, int] = {}
        self._held: dict[int, list[bytes]] = {}
        self._task: asyncio.Task[None] | None = None
        self._media: Media | None = None

    async def join(self) -> None:
        await self._wire.open()
        await self._wire.send_text(0, self._stage.identification(BOT))
        self._task = asyncio.create_task(self._listen())
        await until(lambda: self.session is not None)

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
        await self._wire.close()
        if self._media:
            self._media.close()

    async def _listen(self) -> None:
        async for message in self._wire.messages():
            if isinstance(message, TextMessage):
                await self._on_text(message.op, message.data)
            else:
                await self._on_binary(message.op, message.body)

    async def _on_text(self, op: int, data: Any) -> None:
        if op == 2:
            self._media = await Media.connect((data["ip"], data["port"]), self._hear)
            host, port = await self._media.discover(data["ssrc"])
            choice = {"address": host, "port": port, "mode": self._mode}
            await self._wire.send_text(1, {"protocol": "udp", "data": choice})
        elif op == 4:
            assert self._media
            self._media.use(cipher_for(data["mode"], bytes(data["secret_key"])))
            self.session = davey.DaveSession(data["dave_protocol_version"], BOT, CHANNEL)
            await self._wire.send_binary(26, self.session.get_serialized_key_package())
        elif op == 5:
            self._speakers[data["ssrc"]] = int(data["user_id"])
            self._retry()
        elif op == 22:
            self.executed.append(data["transition_id"])

    async def _on_binary(self, op: int, body: bytes) -> None:
        assert self.session
        if op == 25:
            self.session.set_external_sender(body)
        elif op == 27:
            kind = davey.ProposalsOperationType.revoke if body[0] else davey.ProposalsOperationType.append
            result = self.session.process_proposals(kind, body[1:])
            if result:
                await self._wire.send_binary(28, result.commit + (result.welcome or b""))
        else:
            if op == 29:
                self.session.process_commit(body[2:])
            else:
                self.session.process_welcome(body[2:])
            self._retry()
            transition_id = int.from_bytes(body[:2], "big")
            if transition_id:
                await self._wire.send_text(23, {"transition_id": transition_id})

    def _hear(self, header: RtpHeader, payload: bytes) -> None:
        if payload:
            self._held.setdefault(header.ssrc, []).append(payload)
            self._retry()

    def _retry(self) -> None:
        """Audio travels by UDP and can overtake op 5 and the Welcome; no frame overtakes an earlier one."""
        for ssrc, held in self._held.items():
            while held and ssrc in self._speakers and self._decrypt(self._speakers[ssrc], held[0]):
                del held[0]

    def _decrypt(self, user_id: int, payload: bytes) -> bool:
        assert self.session
        try:
            frame = self.session.decrypt(user_id, davey.MediaType.audio, payload)
        except ValueError as error:
            if "NoDecryptorForUser" in str(error):
                return False
            self.failures.append(str(error))
        else:
            self.heard.setdefault(user_id, []).append(frame)
        return True
