"""The bot's side of a scenario: discord.py's voice connection with CaptureClient, and a stage in another process.

Only the main gateway is left out: this module answers op 4 with the two voice events, a few milliseconds apart.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any, Self

import aiohttp
import discord
from davey import SessionStatus

from bot.voice.capture import CaptureClient
from bot.voice.connection.internals import ConnectionKeys, connection_of
from bot.voice.receiving.receiver import FrameReceived
from bot.voice.recording.recorder import TrackSummary
from tools.home_channel import BOT, CHANNEL, GUILD, HomeChannel, HomeGuild, client_logged_in, until
from tools.scenarios.truth import EDGE_SECONDS, Truth, Verdict

QUIET_SECONDS = 0.08

ROOT = Path(__file__).parents[2]


class StageRefused(RuntimeError):
    """The stage could not do what it was asked to do."""


class StageProcess:
    """The process with voice server and cast. It can hold one call after another."""

    def __init__(self) -> None:
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "tools.scenarios.stage"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # libdave reports there every frame that it cannot decrypt.
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self.popen.stdin
        assert self.popen.stdout
        self.popen.stdin.close()
        self.popen.wait(10)
        self.popen.stdout.close()


class Stage:
    """One call in a stage's process: `await stage.ask("speak", user_id=11, count=50)`."""

    def __init__(self, process: StageProcess, answers: asyncio.StreamReader) -> None:
        self._process = process.popen
        self._answers = answers
        self._numbers = itertools.count()
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(cls, process: StageProcess) -> AsyncIterator[Stage]:
        answers = asyncio.StreamReader()
        assert process.popen.stdout
        pipe = os.fdopen(os.dup(process.popen.stdout.fileno()), "rb", buffering=0)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(answers), pipe)
        stage = cls(process, answers)
        try:
            yield stage
        finally:
            try:
                async with asyncio.timeout(10):
                    await stage.ask("close")
            finally:
                stage._reading.cancel()
                transport.close()

    def tell(self, do: str, **arguments: Any) -> asyncio.Future[Any]:
        """Send a request immediately. The future is its result."""
        assert self._process.stdin
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        self._process.stdin.write(json.dumps({"id": number, "do": do, **arguments}).encode() + b"\n")
        self._process.stdin.flush()
        return self._waiting[number]

    async def ask(self, do: str, **arguments: Any) -> Any:
        return await self.tell(do, **arguments)

    async def _read(self) -> None:
        while line := await self._answers.readline():
            answer = json.loads(line)
            future = self._waiting.pop(answer["id"])
            if future.done():
                continue
            if "error" in answer:
                future.set_exception(StageRefused(answer["error"]))
            else:
                future.set_result(answer["result"])
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(StageRefused("The stage's process has ended."))


class Play:
    """One run of one scenario: a stage, a bot, a take. `pace` shortens waiting times."""

    def __init__(self, folder: Path, stage: Stage, client: discord.Client, endpoint: str, pace: float) -> None:
        self.folder = folder
        self.stage = stage
        self.pace = pace
        self.channel = HomeGuild(self.on_op_4).channel
        self.capture: CaptureClient
        self.start = self.cut = 0.0
        self.summaries: tuple[TrackSummary, ...] = ()
        self.arrivals: list[tuple[float, float]] = []
        self._client = client
        self._endpoint = endpoint
        self._tasks: set[asyncio.Future[Any]] = set()

    def frames(self, seconds: float) -> int:
        """Return how many frames last `seconds` at this run's pace."""
        return max(round(seconds * 50 * self.pace), 20)

    async def join(self, *user_ids: int, **habits: Any) -> None:
        for user_id in user_ids:
            await self.stage.ask("join", user_id=user_id, **habits)

    def speak(self, user_id: int, count: int) -> asyncio.Future[Any]:
        """Begin a spurt. The future is done when it is over."""
        return self.stage.tell("speak", user_id=user_id, count=count)

    async def connect(self, *, key: bool = True) -> CaptureClient:
        """Let the bot join. With `key`, wait until it has a key of another participant."""
        self.capture = CaptureClient(self._client, self.channel)  # type: ignore[arg-type]
        await self.capture.connect(reconnect=True, timeout=10)
        if key:
            await until(lambda: self.has_key)
            await asyncio.sleep(0.2)
        return self.capture

    @property
    def has_key(self) -> bool:
        """Whether the bot is in a group with another participant."""
        return repr(SessionStatus.active) in repr(ConnectionKeys(connection_of(self.capture)).generation)

    async def record(self) -> None:
        """Begin the take now. Returns when everything said from here on is certainly inside it."""
        self.start = time.monotonic()
        self.capture.start_recording(
            self.folder / "take", started_at=self.start, may_record=lambda _: True, track_name=str
        )
        self._watch_latency()
        await asyncio.sleep(EDGE_SECONDS)

    async def stop(self) -> None:
        """End the take after the last packets have arrived."""
        await asyncio.sleep(0.35)
        self.cut = time.monotonic()
        self.summaries = await self.capture.stop_recording(self.cut)
        await self.stage.ask("flush")

    def truth(self) -> Truth:
        return Truth(self.folder, BOT, self.start, self.cut)

    def verdict(self) -> Verdict:
        """Compare the tracks with the journals: everyone's sound must be in their own track."""
        return self.truth().compare({summary.user_id: summary.path for summary in self.summaries})

    def waits_after_quiet(self) -> list[float]:
        """Return how long packets after a pause (when it may have slept) waited for the event loop, in seconds."""
        return [
            taken - arrival
            for (before, _), (arrival, taken) in itertools.pairwise(self.arrivals)
            if arrival - before > QUIET_SECONDS
        ]

    def on_op_4(self, channel: HomeChannel | None) -> None:
        task = asyncio.create_task(self._answer_op_4(channel))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer_op_4(self, channel: HomeChannel | None) -> None:
        await asyncio.sleep(0.02)  # discord.py misses an answer within the same loop iteration
        if channel is None:
            await self.stage.ask("remove_bot")
            state: Any = {"channel_id": None, "session_id": "gone"}
            await self.capture.on_voice_state_update(state)
            return
        ticket = await self.stage.ask("ticket", user_id=BOT)
        state = {"channel_id": str(CHANNEL), "session_id": ticket["session_id"]}
        await self.capture.on_voice_state_update(state)
        await asyncio.sleep(0.01)
        server: Any = {"token": ticket["token"], "guild_id": str(GUILD), "endpoint": self._endpoint}
        await self.capture.on_voice_server_update(server)

    def _watch_latency(self) -> None:
        """Note when each packet arrived and when the receiver got it."""
        receiver = self.capture.receiver
        take = receiver.datagrams

        def watched(arrived: Iterable[tuple[bytes, float]]) -> list[FrameReceived]:
            arrived = list(arrived)
            self.arrivals.extend((arrival, time.monotonic()) for _, arrival in arrived)
            return take(arrived)

        receiver.datagrams = watched  # type: ignore[method-assign]


@contextlib.asynccontextmanager
async def opened(process: StageProcess, folder: Path, pace: float = 1.0) -> AsyncIterator[Play]:
    """Open a call without people, and a bot that has not joined it. Journals and tracks go to the folder."""
    async with Stage.opened(process) as stage:
        endpoint = await stage.ask("open", folder=str(folder))
        tls = ssl.create_default_context(cafile=folder / "authority.pem")
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls)) as web:
            client = await client_logged_in(web)
            play = Play(folder, stage, client, endpoint, pace)
            try:
                yield play
            finally:
                if hasattr(play, "capture"):
                    await play.capture.disconnect(force=True)
