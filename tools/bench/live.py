"""A call in real time: one process sends, another receives over loopback UDP and records to disk.

The receiving process is bot.voice.capture.CaptureClient with its reader thread, queue, event loop and file thread. Only
the gateways are left out; their messages are passed in. The process is bound to one core. A third process watches one
file grow, to measure the latency from a packet's departure to its page in the file.
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

from bot.voice.capture import CaptureClient
from bot.voice.connection import internals
from bot.voice.connection.gathering import GATHERING_SECONDS
from bot.voice.connection.link import Credentials, Link
from bot.voice.receiving.garbage import look_for_cycles_seldom
from bot.wire.ogg import read_packets, valid_bytes
from bot.wire.transport import cipher_for
from tools.bench.burst import BATCH_FRAMES, Batch, Floor, half_second, spent
from tools.bench.call import BOT, FIRST_PERSON, FIRST_SSRC, KEY, Founder, form_group, speakers_of

LOOPBACK: Final = "127.0.0.1"
FRAME_SECONDS: Final = 0.02
LEAD_SECONDS: Final = 1.0
WATCH_SECONDS: Final = 0.01
FLOOR_ROUNDS: Final = 6
PACED_ROUNDS: Final = 12
_CORES: Final = sorted(os.sched_getaffinity(0))
_FORK = mp.get_context("fork")


@dataclass(frozen=True, slots=True)
class Live:
    """What the receiving process used and recorded. Latencies are milliseconds, CPU is microseconds per packet."""

    people: int
    mode: str
    sent: int
    recorded: int
    kernel_drops: int
    receive_buffer_bytes: int
    process_us: float
    floor_us: float
    paced_floor_us: float
    cpu_share: float
    latency_median_ms: float
    latency_worst_ms: float

    @property
    def ratio(self) -> float:
        """The whole process compared with the bare floor in one go."""
        return self.process_us / self.floor_us

    @property
    def paced_ratio(self) -> float:
        """The whole process compared with the bare floor at the same pace."""
        return self.process_us / self.paced_floor_us


@dataclass(frozen=True, slots=True)
class Part:
    """The receiving process's task: whom it hears for how long, from where, and where it records to."""

    bot: davey.DaveSession
    people: int
    mode: str
    folder: Path
    seconds: float
    server: tuple[str, int]


@dataclass(frozen=True, slots=True)
class Received:
    """What the receiving process reports at its end."""

    recorded: int
    kernel_drops: int
    receive_buffer_bytes: int
    cpu_seconds: float
    floor_us: float
    paced_floor_us: float


def measure(people: int, mode: str, seconds: float) -> Live:
    """Measure one run. Needs Linux. The receiver has the first core for itself."""
    _bind_to_core(1)
    with tempfile.TemporaryDirectory(prefix="bench-") as name, server_socket() as wire:
        folder = Path(name)
        founder, bot = form_group(people)
        own, theirs = _FORK.Pipe()
        part = Part(bot, people, mode, folder, seconds, wire.getsockname())
        receiving = _FORK.Process(target=_receive_apart, args=(theirs, part))
        receiving.start()
        wire.connect(own.recv())
        begin, told = _FORK.Pipe()
        sending = _FORK.Process(target=_send, args=(told, wire, founder, people, mode, seconds))
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
        paced_floor_us=received.paced_floor_us,
        cpu_share=received.cpu_seconds / seconds,
        latency_median_ms=statistics.median(latencies) * 1e3,
        latency_worst_ms=max(latencies) * 1e3,
    )


def server_socket() -> socket.socket:
    """Return the socket from which the sound seems to come."""
    wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    wire.bind((LOOPBACK, 0))
    return wire


def _send(told: Connection, wire: socket.socket, founder: Founder, people: int, mode: str, seconds: float) -> None:
    """Encrypt everything, then send it in real time, with people's packets spread evenly over the 20 ms."""
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
    for number, packet in enumerate(packets):
        if (early := begins_at + number * step - time.monotonic()) > 0:
            time.sleep(max(early, 0.0005))
        wire.send(packet)


def _watch(path: Path, begins_at: float, seconds: float) -> list[float]:
    """Return how long after its departure each frame of the first person appeared in their file."""
    latencies: list[float] = []
    seen_bytes = 0
    while time.monotonic() < begins_at + seconds + 1.5:
        time.sleep(WATCH_SECONDS)
        if not path.exists() or path.stat().st_size == seen_bytes:
            continue
        now = time.monotonic()
        with path.open("rb") as file:
            file.seek(seen_bytes)
            data = file.read()
        data = data[: valid_bytes(data)]
        seen_bytes += len(data)
        sound = [packet.data for packet in read_packets(data) if packet.data[0] == 0x78 and len(packet.data) > 100]
        departures = [int.from_bytes(packet[1:5], "big") * FRAME_SECONDS for packet in sound]
        latencies += [now - begins_at - departure for departure in departures]
    return latencies


def _receive_apart(wire: Connection, part: Part) -> None:
    _bind_to_core(0)
    look_for_cycles_seldom()
    before = _floor_us(part.people, part.mode)
    received, drops, buffer_bytes, cpu = asyncio.run(_receive(wire, part))
    after = _floor_us(part.people, part.mode)
    at_once, paced = (statistics.mean(pair) for pair in zip(before, after, strict=True))
    wire.send(Received(received, drops, buffer_bytes, cpu, at_once, paced))


def _floor_us(people: int, mode: str) -> tuple[float, float]:
    """Return the bare floor (`burst`) of as many people, in this process: in one go, and in real time."""
    founder, bot = form_group(people)
    speakers = speakers_of(founder, people, mode)
    packets = people * BATCH_FRAMES / 1e6
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        floor = Floor(Path(folder), bot, mode, people)
        halves = [half_second(speakers, number / 2) for number in range(FLOOR_ROUNDS + PACED_ROUNDS)]
        at_once = statistics.median(spent(floor, half, 0.0) / packets for half in halves[:FLOOR_ROUNDS])
        paced = _spent_at_live_pace(floor, halves[FLOOR_ROUNDS:]) / PACED_ROUNDS / packets
        floor.settle()
    return at_once, paced


def _spent_at_live_pace(floor: Floor, halves: list[list[Batch]]) -> float:
    """Return the CPU seconds of the floor when it looks for packets as often as the recorder does.

    It then pays as much for waking up with cold caches. Its packets wait in memory: it receives nothing.
    """
    began, due = time.process_time(), time.monotonic()
    for half in halves:
        taken, looks = 0, round(len(half) * FRAME_SECONDS / GATHERING_SECONDS)
        for look in range(1, looks + 1):
            due += GATHERING_SECONDS
            time.sleep(max(due - time.monotonic(), 0))
            come = len(half) * look // looks
            for batch in half[taken:come]:
                floor.take(batch)
            taken = come
        floor.flush(0.0)
    return time.process_time() - began


async def _receive(wire: Connection, part: Part) -> tuple[int, int, int, float]:
    capture = await connected(part.bot, part.people, part.mode, part.server)
    udp: Any = local_socket(capture)
    wire.send(udp.getsockname())
    begins_at: float = await asyncio.to_thread(wire.recv)
    capture.start_recording(
        part.folder, started_at=begins_at, may_record=lambda user_id: user_id >= FIRST_PERSON, track_name=str
    )
    await asyncio.sleep(begins_at - time.monotonic())
    before = os.times()
    await asyncio.sleep(part.seconds + 1.0)
    after = os.times()
    cpu = after.user - before.user + after.system - before.system
    drops = _kernel_drops(udp.getsockname()[1])
    granted = udp.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2
    summaries = await capture.stop_recording(time.monotonic())
    await capture.disconnect(force=True)
    return sum(summary.received_frames for summary in summaries), drops, granted, cpu


async def connected(bot: davey.DaveSession, people: int, mode: str, server: tuple[str, int]) -> CaptureClient:
    """Return a CaptureClient in its state after the voice gateway's part, with a link for sound from this address."""
    client = discord.Client(intents=discord.Intents.none())
    await client._async_setup_hook()
    setattr(client._connection, "user", SimpleNamespace(id=BOT))  # noqa: B010 - typed as a real user
    guild = SimpleNamespace(id=1, me=None, get_channel=lambda _: None)
    channel: Any = SimpleNamespace(id=2, guild=guild, _get_voice_client_key=lambda: (1, "guild_id"))
    capture = CaptureClient(client, channel)

    async def leave(**_: object) -> None:
        """The only request to the main gateway here."""
        left: Any = {"channel_id": None}
        await capture.on_voice_state_update(left)

    guild.change_voice_state = leave
    connection: Any = internals.connection_of(capture)
    link = Link(capture, Credentials(1, 2, "session", "token", "nowhere"), connection._callbacks.link)
    link.group.session, link.group.version = bot, 1
    link.mode, link.secret_key, link.cipher = mode, list(KEY), cipher_for(mode, KEY)
    link.open_socket(server)
    connection._links.use(link)
    connection._callbacks.link_changed(link)
    for number in range(people):
        named = {"user_id": str(FIRST_PERSON + number), "ssrc": FIRST_SSRC + number, "speaking": 1}
        link.told({"op": 5, "d": named})
    return capture


def local_socket(capture: CaptureClient) -> socket.socket:
    """Return the receiving end of the current link."""
    udp: Any = internals.connection_of(capture).links[0].udp
    return udp._socket


def _kernel_drops(port: int) -> int:
    """Return the `drops` column of /proc/net/udp for this process's socket."""
    for line in Path("/proc/net/udp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1].split(":")[1], 16) == port:
            return int(fields[-1])
    raise RuntimeError("The socket is not in /proc/net/udp.")


def _bind_to_core(core: int) -> None:
    os.sched_setaffinity(0, {_CORES[core % len(_CORES)]})


def receive_buffer_limit() -> int:
    """Return the kernel's net.core.rmem_max."""
    return int(Path("/proc/sys/net/core/rmem_max").read_text())
