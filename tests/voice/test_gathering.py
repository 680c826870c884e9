"""Datagrams that are read many at a time, and the hand-over from the reader thread to the event loop."""

from __future__ import annotations

import asyncio
import socket
import sys
import time

import pytest

from bot.voice.capture import CaptureClient
from bot.voice.connection import gathering
from bot.voice.connection.datagrams import RECEIVE_BUFFER_BYTES
from bot.voice.connection.gathering import GATHERING_SECONDS, gathering_on
from bot.wire.transport import AES256_GCM
from tools.bench.call import form_group, speakers_of
from tools.bench.live import connected, local_socket, server_socket


def wire() -> tuple[socket.socket, socket.socket]:
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.bind(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    sending = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sending.connect(listening.getsockname())
    return sending, listening


@pytest.fixture(params=["many at a time", "one by one"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "one by one":
        monkeypatch.setattr(gathering, "_recvmmsg", None)
    else:
        assert sys.platform != "linux" or gathering._recvmmsg is not None
    return request.param


def test_all_that_waits_is_taken_in_order_and_stamped() -> None:
    sending, listening = wire()
    with sending, listening:
        gathering = gathering_on(listening)
        before = time.monotonic()
        sent = [bytes([number % 256]) * (1 + 7 * number % 2_000) for number in range(300)]
        for packet in sent:
            sending.send(packet)
        woken = gathering.wait()
        taken = woken + gathering.take()
        assert gathering.take() == []
    assert [data for data, _ in taken] == sent
    stamps = [at for _, at in taken]
    assert stamps == sorted(stamps)
    assert before - 0.001 <= stamps[0] <= stamps[-1] <= time.monotonic() + 0.001


def test_packets_that_waited_have_their_own_times_where_the_kernel_tells(way: str) -> None:
    sending, listening = wire()
    with sending, listening:
        gathering = gathering_on(listening)
        sent: list[float] = []
        for _ in range(5):
            sent.append(time.monotonic())
            sending.send(b"sound")
            time.sleep(0.1)
        asked = time.monotonic()
        stamps = [at for _, at in gathering.take()]
    if way == "many at a time":
        assert all(at - 0.001 <= stamp for at, stamp in zip(sent, stamps, strict=True))
        assert all(stamp <= following + 0.001 for stamp, following in zip(stamps, [*sent[1:], asked], strict=True))
    else:
        assert all(stamp >= asked for stamp in stamps)


@pytest.mark.parametrize("set_by", [-3_600.0, -0.5, 0.5, 3_600.0])
def test_the_time_of_day_may_be_set_while_packets_wait(monkeypatch: pytest.MonkeyPatch, set_by: float) -> None:
    sending, listening = wire()
    with sending, listening:
        gathering = gathering_on(listening)
        gathering.take()
        began = time.monotonic()
        sending.send(b"sound")
        time.sleep(0.02)
        clock = time.time
        monkeypatch.setattr(time, "time", lambda: clock() + set_by)
        [(_, stamp)] = gathering.take()
    assert began <= stamp <= time.monotonic()


def test_a_closed_socket_ends_the_gathering() -> None:
    sending, listening = wire()
    with sending:
        listening.close()
        assert gathering_on(listening).take() == []


async def test_packets_come_through_the_reader_thread_with_few_wake_ups(tmp_path, monkeypatch) -> None:
    drains: list[float] = []
    announced = CaptureClient._drain_as_announced

    def counted(self: CaptureClient) -> None:
        drains.append(time.monotonic())
        announced(self)

    monkeypatch.setattr(CaptureClient, "_drain_as_announced", counted)
    founder, bot = form_group(2)
    sending = server_socket()
    capture = await connected(bot, 2, AES256_GCM, sending.getsockname())
    start = time.monotonic()
    capture.start_recording(tmp_path, started_at=start, may_record=lambda user_id: True, track_name=str)
    with sending:
        sending.connect(local_socket(capture).getsockname())
        speakers = speakers_of(founder, 2, AES256_GCM)
        await asyncio.sleep(0.1)
        for number in range(60):
            for speaker in speakers:
                sending.send(speaker.datagram())
            await asyncio.sleep(max(start + 0.12 + number * 0.02 - time.monotonic(), 0))
    seconds = time.monotonic() - start
    summaries = await capture.stop_recording(time.monotonic() + 0.2)
    await capture.disconnect(force=True)
    assert [summary.received_frames for summary in summaries] == [60, 60]
    # One announcement at a time, even if the recording's own ticks take packets in between.
    assert 3 <= len(drains) <= seconds / GATHERING_SECONDS + 2
