"""Tracks on disk: lengths, gaps, failures of the disk, and a process that is killed."""

from __future__ import annotations

import asyncio
import errno
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
import soundfile

from bot.domain.ids import UserId
from bot.samples import Span
from bot.voice.receiving.receiver import FrameReceived
from bot.voice.recording import trackfile
from bot.voice.recording.recorder import Recording
from bot.voice.recording.recovery import close_track
from bot.voice.recording.track import Track
from bot.wire import opus
from bot.wire.ogg import read_packets, valid_bytes
from tests.modes import not_private, umask
from tools.small_disk import small_disk

SILENCE = b"\xf8\xff\xfe"


def spurt(user_id: int, first: int, count: int, at: float, seed: int = 0) -> list[FrameReceived]:
    rng = random.Random(seed + first)
    sounds = [b"\xf8" + rng.randbytes(60) for _ in range(count)] + [SILENCE] * 5
    return [
        FrameReceived(UserId(user_id), user_id, first + index, (first + index) * 960, at + index * 0.02, packet)
        for index, packet in enumerate(sounds)
    ]


def frames_in(path: Path) -> list[bytes]:
    return [packet.data for packet in read_packets(path.read_bytes()) if len(packet.data) == 61]


async def test_tracks_share_one_clock_and_end_with_the_take(tmp_path: Path) -> None:
    start = time.monotonic() - 3.0
    recording = Recording(tmp_path / "take", started_at=start, track_name=lambda user_id: f"person-{user_id}")
    late, early = spurt(2, 100, 20, start + 1.5), spurt(1, 0, 30, start + 0.3)
    for frame in sorted(early + late, key=lambda one: one.arrival):
        recording.frame(frame)
    one, two = await recording.stop(start + 2.987654)
    assert (one.path, two.path) == (tmp_path / "take/person-1.opus", tmp_path / "take/person-2.opus")
    assert one.duration_samples == two.duration_samples == round(2.987654 * 48_000)
    for summary in (one, two):
        assert soundfile.info(summary.path).frames == summary.duration_samples
    assert one.spurts == (Span(14_400, 14_400 + 30 * 960),)
    assert two.spurts == (Span(72_000, 72_000 + 20 * 960),)
    assert (one.first_speech_samples, one.speech_samples, one.received_frames) == (14_400, 28_800, 35)
    assert frames_in(one.path) == [frame.opus for frame in early[:-5]]


async def test_tracks_are_private_whatever_the_umask_also_those_closed_later(tmp_path: Path) -> None:
    with umask(0):
        start = time.monotonic() - 3.0
        recording = Recording(tmp_path / "take", started_at=start, track_name=str)
        recording.frames(spurt(1, 0, 30, start + 0.3))
        (track,) = await recording.stop(start + 2)
        assert not_private(tmp_path / "take") == {}
        close_track(track.path, UserId(1), track.duration_samples)
    assert not_private(tmp_path / "take") == {}


async def test_a_take_that_is_cut_long_ago_ends_there(tmp_path: Path) -> None:
    start = time.monotonic() - 4.0
    recording = Recording(tmp_path, started_at=start, track_name=str)
    sent = spurt(1, 0, 170, start + 0.1)
    recording.frames(sent)
    await asyncio.sleep(0.6)  # two flushes
    assert len(frames_in(tmp_path / "1.opus")) > 100
    (summary,) = await recording.stop(start + 1.5)
    assert soundfile.info(summary.path).frames == summary.duration_samples == 72_000
    assert frames_in(summary.path) == [frame.opus for frame in sent if frame.arrival < start + 1.5]
    assert summary.spurts == (Span(4_800, 72_000),)


async def test_a_take_without_frames_leaves_no_file(tmp_path: Path) -> None:
    start = time.monotonic() + 5
    recording = Recording(tmp_path / "take", started_at=start, track_name=str)
    for frame in spurt(1, 0, 10, start - 4.5):
        recording.frame(frame)
    assert await recording.stop(start - 1) == ()
    assert not (tmp_path / "take").exists()


async def test_the_file_grows_while_the_take_runs_and_is_playable(tmp_path: Path) -> None:
    start = time.monotonic()
    recording = Recording(tmp_path, started_at=start, track_name=str)
    lengths: list[int] = []
    for frame in spurt(1, 0, 110, start):
        await asyncio.sleep(max(frame.arrival - time.monotonic(), 0))
        recording.frame(frame)
        path = tmp_path / "1.opus"
        if frame.sequence % 10 == 9 and path.exists():
            length = soundfile.info(path).frames
            assert (time.monotonic() - start) - length / 48_000 < 1.0
            assert valid_bytes(path.read_bytes()) == path.stat().st_size
            lengths.append(length)
    await recording.stop(time.monotonic())
    assert len(set(lengths)) >= 3
    assert lengths == sorted(lengths)


async def test_a_full_disk_is_told_once_and_what_is_written_stays_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[Exception] = []

    monkeypatch.setattr(trackfile.os, "write", small_disk(6_000))
    start = time.monotonic() - 10
    recording = Recording(tmp_path, started_at=start, track_name=str, on_failure=failures.append)
    for frame in spurt(1, 0, 60, start) + spurt(2, 0, 60, start):
        recording.frame(frame)
    await asyncio.sleep(0.8)
    for frame in spurt(1, 100, 60, start + 3):
        recording.frame(frame)
    summaries = await recording.stop(start + 9)
    assert [error.errno for error in failures if isinstance(error, OSError)] == [errno.ENOSPC]
    for summary in summaries:
        if summary.path.exists() and summary.duration_samples:
            data = summary.path.read_bytes()
            assert valid_bytes(data) == len(data)
            assert soundfile.info(summary.path).frames == summary.duration_samples < 9 * 48_000


async def test_an_unwritable_place_is_told_and_harms_no_other_track(tmp_path: Path) -> None:
    failures: list[Exception] = []
    (tmp_path / "1.opus").write_bytes(b"an older take")
    start = time.monotonic() - 2
    recording = Recording(tmp_path, started_at=start, track_name=str, on_failure=failures.append)
    for frame in spurt(1, 0, 20, start) + spurt(2, 0, 20, start):
        recording.frame(frame)
    one, two = await recording.stop(start + 1)
    assert [type(error) for error in failures] == [FileExistsError]
    assert (tmp_path / "1.opus").read_bytes() == b"an older take"
    assert one.duration_samples == 0
    assert soundfile.info(two.path).frames == 48_000


@pytest.mark.parametrize("people", [1, 3])
async def test_a_slow_disk_does_not_stop_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, people: int
) -> None:
    synced: list[int] = []

    def slowly(descriptor: int) -> int:
        time.sleep(0.4)
        synced.append(descriptor)
        return 0

    monkeypatch.setattr(trackfile.os, "fdatasync", slowly)
    monkeypatch.setattr(trackfile, "_syncfs", slowly)
    start = time.monotonic() - 1
    recording = Recording(tmp_path, started_at=start, track_name=str)
    for user_id in range(people):
        recording.frames(spurt(user_id, 0, 20, start))
    worst, until = 0.0, time.monotonic() + 1.2
    while (before := time.monotonic()) < until:
        await asyncio.sleep(0.005)
        worst = max(worst, time.monotonic() - before)
    await recording.stop(time.monotonic())
    assert worst < 0.2
    assert synced


@pytest.mark.parametrize("works", [True, False])
def test_files_are_synced_together_or_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, works: bool) -> None:
    calls: list[tuple[str, int]] = []
    monkeypatch.setattr(trackfile, "SLOW_SECONDS", 0.1)

    def whole(descriptor: int) -> int:
        calls.append(("whole", descriptor))
        time.sleep(0.15 if len(calls) > 1 else 0)
        return 0 if works else -1

    def one(descriptor: int) -> None:
        calls.append(("one", descriptor))
        if descriptor == files[1].descriptor:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(trackfile, "_syncfs", whole)
    monkeypatch.setattr(trackfile.os, "fdatasync", one)
    files = [trackfile.TrackFile(tmp_path / str(number)) for number in range(3)]
    sync = trackfile.FolderSync()
    for _ in range(3):
        for file in files:
            file.append(b"page")
        sync.sync(files)
    sync.sync(files)
    kinds = [kind for kind, _ in calls]
    if works:
        # The file system was slow the second time, so the third time each file is synced by itself.
        assert kinds == ["whole", "whole", "one", "one", "one"]
    else:
        assert kinds[:4] == ["whole", "one", "one", "one"]
    assert [file.failure is not None for file in files] == [False, True, False]
    assert files[0].path.read_bytes() == b"page" * 3
    for file in files:
        file.close()


KILLED = textwrap.dedent(
    """
    import asyncio, sys, time
    from pathlib import Path
    from bot.voice.receiving.receiver import FrameReceived
    from bot.voice.recording.recorder import Recording

    async def main():
        start = time.monotonic()
        recording = Recording(Path(sys.argv[1]), started_at=start, track_name=str)
        for number in range(10_000):
            await asyncio.sleep(max(start + number * 0.02 - time.monotonic(), 0))
            now = time.monotonic()
            packet = b"\\xf8" + number.to_bytes(4, "big") + bytes(56)
            recording.frame(FrameReceived(1, 1, number & 0xFFFF, number * 960, now, packet))
            print(number, flush=True)

    asyncio.run(main())
    """
)


@pytest.mark.parametrize("seconds", [1.13, 1.71, 2.38])
def test_a_killed_process_leaves_a_file_that_plays_and_lacks_less_than_a_second(tmp_path: Path, seconds: float) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        last = int(process.stdout.read().split()[-1])
    data = (tmp_path / "1.opus").read_bytes()
    kept = [int.from_bytes(packet.data[1:5], "big") for packet in read_packets(data) if len(packet.data) == 61]
    assert kept == list(range(len(kept)))
    assert last - kept[-1] < 50
    length = sum(opus.duration_samples(p.data) for p in read_packets(data) if not p.is_header)
    assert soundfile.info(tmp_path / "1.opus").frames == length - 312


async def test_a_frame_that_fails_costs_no_other_and_is_logged_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    take_frame = Track.frame

    def stumble(self: Track, frame: FrameReceived) -> None:
        if frame.sequence in (3, 7):
            raise RuntimeError("out of cheese")
        take_frame(self, frame)

    monkeypatch.setattr(Track, "frame", stumble)
    start = time.monotonic() - 2
    recording = Recording(tmp_path, started_at=start, track_name=str)
    recording.frames([*spurt(1, 0, 20, start), *spurt(2, 100, 20, start)])
    one, two = await recording.stop(start + 1)
    assert (one.received_frames, two.received_frames) == (23, 25)
    assert recording.failed_frames == 2
    assert [record.levelname for record in caplog.records if "frame" in record.message] == ["ERROR"]


async def test_holes_that_overlap_are_one(tmp_path: Path) -> None:
    recording = Recording(tmp_path, started_at=100.0, track_name=str)
    for start, end in ((101.0, 102.0), (101.9, 103.0), (105.0, 106.0), (99.0, 100.5)):
        recording.mark_hole(start, end)
    found = [(hole.start_samples / 48_000, hole.end_samples / 48_000) for hole in recording.holes(6 * 48_000)]
    assert found == [(0.0, 0.5), (1.0, 3.0), (5.0, 6.0)]
    await recording.stop(106.0)
