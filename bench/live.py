"""A call at live pace: one process sends, another receives over loopback UDP and records to disk.

The receiving process is bot.voice.capture.CaptureClient with discord.py's own reader thread, its queue, the event loop
and the recording's file thread; only the voice gateway is left out, whose messages are handed in. It is bound to one
core. A third process watches one file grow, for the latency from a packet's departure to its page in the file.
"""

from __future__ import annotations

import asyncio
import multiprocessing as mp
import os
import socket
import statistics
import tempfile
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import davey
import discord
from discord.voice_state import ConnectionFlowState

from bench.burst import BATCH_FRAMES, Floor, half_second, spent
from bench.call import FIRST_PERSON, FIRST_SSRC, KEY, Founder, form_group, speakers_of
from bot.voice import internals
from bot.voice.capture import CaptureClient
from bot.voice.ogg import read_packets

LOOPBACK: Final = "127.0.0.1"
FRAME_SECONDS: Final = 0.02
LEAD_SECONDS: Final = 1.0
WATCH_SECONDS: Final = 0.01
_FORK = mp.get_context("fork")


@dataclass(frozen=True, slots=True)
class Live:
    """What the receiving process cost and kept. Latencies are milliseconds, CPU microseconds a packet."""

    people: int
    mode: str
    sent: int
    recorded: int
    kernel_drops: int
    receive_buffer_bytes: int
    process_us: float
    floor_us: float
    cpu_share: float
    latency_median_ms: float
    latency_worst_ms: float

    @property
    def ratio(self) -> float:
        """Whole process to bare floor."""
        return self.process_us / self.floor_us


@dataclass(frozen=True, slots=True)
class Received:
    """What the receiving process tells at its end."""

    recorded: int
    kernel_drops: int
    receive_buffer_bytes: int
    cpu_seconds: float
    floor_us: float


def measure(people: int, mode: str, seconds: float) -> Live:
    """One run; needs Linux."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        founder, bot = form_group(people)
        own, theirs = _FORK.Pipe()
        receiving = _FORK.Process(target=_receive_apart, args=(theirs, bot, people, mode, folder, seconds))
        receiving.start()
        port: int = own.recv()
        begin, told = _FORK.Pipe()
        sending = _FORK.Process(target=_send, args=(told, founder, people, mode, port, seconds))
        sending.start()
        begins_at: float = begin.recv()
        own.send(begins_at)
        latencies = _watch(folder / f"{FIRST_PERSON}.opus", begins_at, seconds)
        sending.join()
        received: Received = own.recv()
        receiving.join()
    packets = people * round(seconds / FRAME_SECONDS)
    return Live(
        people=people,
        mode=mode,
        sent=packets,
        recorded=received.recorded,
        kernel_drops=received.kernel_drops,
        receive_buffer_bytes=received.receive_buffer_bytes,
        process_us=received.cpu_seconds / packets * 1e6,
        floor_us=received.floor_us,
        cpu_share=received.cpu_seconds / seconds,
        latency_median_ms=statistics.median(latencies) * 1e3,
        latency_worst_ms=max(latencies) * 1e3,
    )


def _send(told: Connection, founder: Founder, people: int, mode: str, port: int, seconds: float) -> None:
    """Seal everything, then send it at live pace, the people evenly out of step."""
    _bind_to_core(1)
    speakers = speakers_of(founder, people, mode)
    frames = round(seconds / FRAME_SECONDS)
    packets = [
        speaker.datagram(b"\x78" + number.to_bytes(4, "big") + speaker.chance.randbytes(155))
        for number in range(frames)
        for speaker in speakers
    ]
    begins_at = time.monotonic() + LEAD_SECONDS
    told.send(begins_at)
    step = FRAME_SECONDS / people
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.connect((LOOPBACK, port))
        for number, packet in enumerate(packets):
            if (early := begins_at + number * step - time.monotonic()) > 0:
                time.sleep(max(early, 0.0005))
            wire.send(packet)


def _watch(path: Path, begins_at: float, seconds: float) -> list[float]:
    """How long after its departure each frame of the first person was seen in their file."""
    latencies: list[float] = []
    seen = size = 0
    while time.monotonic() < begins_at + seconds + 1.5:
        time.sleep(WATCH_SECONDS)
        if not path.exists() or path.stat().st_size == size:
            continue
        now, data = time.monotonic(), path.read_bytes()
        size = len(data)
        sound = [packet.data for packet in read_packets(data) if packet.data[0] == 0x78 and len(packet.data) > 100]
        departures = [int.from_bytes(packet[1:5], "big") * FRAME_SECONDS for packet in sound[seen:]]
        latencies += [now - begins_at - departure for departure in departures]
        seen = len(sound)
    return latencies


def _receive_apart(
    wire: Connection, bot: davey.DaveSession, people: int, mode: str, folder: Path, seconds: float
) -> None:
    _bind_to_core(0)
    floor_us = [_floor_us(people, mode)]
    received, drops, buffer_bytes, cpu = asyncio.run(_receive(wire, bot, people, mode, folder, seconds))
    floor_us.append(_floor_us(people, mode))
    wire.send(Received(received, drops, buffer_bytes, cpu, statistics.mean(floor_us)))


def _floor_us(people: int, mode: str) -> float:
    """The bare floor (bench.burst) of the same number of people, in this very process."""
    founder, bot = form_group(people)
    speakers = speakers_of(founder, people, mode)
    rounds = max(200 // people, 4)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        floor = Floor(Path(folder), bot, mode, people)
        packets = people * BATCH_FRAMES / 1e6
        costs = [spent(floor, half_second(speakers, number / 2), 0.0) / packets for number in range(rounds)]
    return statistics.median(costs[1:])


async def _receive(
    wire: Connection, bot: davey.DaveSession, people: int, mode: str, folder: Path, seconds: float
) -> tuple[int, int, int, float]:
    capture = await connected(bot, people, mode)
    connection: Any = internals.connection_of(capture)
    port = connection.socket.getsockname()[1]
    wire.send(port)
    begins_at: float = await asyncio.to_thread(wire.recv)
    recording = capture.start_recording(
        folder, started_at=begins_at, may_record=lambda user_id: user_id >= FIRST_PERSON, track_name=str
    )
    await asyncio.sleep(begins_at - time.monotonic())
    before = os.times()
    await asyncio.sleep(seconds + 1.0)
    after = os.times()
    cpu = after.user - before.user + after.system - before.system
    drops = _kernel_drops(port)
    granted = connection.socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2
    del recording
    summaries = await capture.stop_recording(time.monotonic())
    connection._socket_reader.stop()
    connection.socket.close()
    return sum(summary.received_frames for summary in summaries), drops, granted, cpu


async def connected(bot: davey.DaveSession, people: int, mode: str) -> CaptureClient:
    """A CaptureClient as it is after the voice gateway's part, told by the messages that it would have had."""
    client = discord.Client(intents=discord.Intents.none())
    await client._async_setup_hook()
    guild = SimpleNamespace(id=1, me=None, get_channel=lambda _: None)
    capture = CaptureClient(client, SimpleNamespace(id=2, guild=guild))  # type: ignore[arg-type]
    connection: Any = internals.connection_of(capture)
    connection.dave_session, connection.dave_protocol_version = bot, 1
    connection.mode, connection.secret_key = mode, list(KEY)
    connection.state = ConnectionFlowState.connected
    connection._create_socket()
    connection.socket.bind((LOOPBACK, 0))
    no_gateway: Any = None
    await capture._on_voice_op(no_gateway, {"op": 4, "d": {"mode": mode, "secret_key": list(KEY)}})
    for number in range(people):
        named = {"user_id": str(FIRST_PERSON + number), "ssrc": FIRST_SSRC + number, "speaking": 1}
        await capture._on_voice_op(no_gateway, {"op": 5, "d": named})
    return capture


def _kernel_drops(port: int) -> int:
    """The `drops` column of /proc/net/udp for our socket."""
    for line in Path("/proc/net/udp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1].split(":")[1], 16) == port:
            return int(fields[-1])
    raise RuntimeError("Our socket is not in /proc/net/udp.")


def _bind_to_core(core: int) -> None:
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[core % len(cores)]})


def receive_buffer_limit() -> int:
    """The kernel's net.core.rmem_max."""
    return int(Path("/proc/sys/net/core/rmem_max").read_text())
