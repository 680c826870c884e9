"""A recording through discord.py's own voice connection, against the cast's log of what was on the air."""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bot.audio.sound import encode_opus
from bot.embedded.voice.faults import VoiceFaults
from bot.voice.capture import AlreadyRecording, CaptureClient, NotRecording
from bot.wire.ogg import read_packets
from bot.wire.transport import AES256_GCM, XCHACHA20_POLY1305

SILENCE = b"\xf8\xff\xfe"


def frames(count: int, seed: int) -> list[bytes]:
    chance = random.Random(seed)
    return [b"\x78" + chance.randbytes(chance.randint(20, 160)) for _ in range(count)]


def frames_in(path: Path) -> list[bytes]:
    """The packets of a file without filled-in silence: those of at least 20 bytes."""
    return [packet.data for packet in read_packets(path.read_bytes()) if not packet.is_header and len(packet.data) > 19]


def sound(sent: list[tuple[float, bytes]], start: float, cut: float) -> list[bytes]:
    return [packet for at, packet in sent if start <= at < cut and packet != SILENCE]


async def record(capture: CaptureClient, folder: Path, may_record=lambda user_id: True, ahead: float = 0.0) -> float:
    started_at = time.monotonic() + ahead
    capture.start_recording(folder, started_at=started_at, may_record=may_record, track_name=lambda u: f"t{u}")
    return started_at


@pytest.mark.parametrize("mode", [AES256_GCM, XCHACHA20_POLY1305])
async def test_everything_said_in_a_take_is_in_its_track_byte_for_byte(call, tmp_path, mode) -> None:
    first, second = await call.join(11, mode), await call.join(12, mode)
    capture = await call.connect()
    await asyncio.sleep(0.3)
    start = await record(capture, tmp_path / "take")
    await asyncio.sleep(0.2)
    await asyncio.gather(first.speak(frames(60, 1)), second.speak(frames(40, 2)))
    await asyncio.sleep(0.3)
    await first.speak(frames(30, 3))
    await asyncio.sleep(0.2)
    cut = time.monotonic()
    summaries = await capture.stop_recording(cut)
    assert {summary.user_id for summary in summaries} == {11, 12}
    for summary in summaries:
        sent = call.sent_by(summary.user_id)
        assert summary.path == tmp_path / "take" / f"t{summary.user_id}.opus"
        assert frames_in(summary.path) == sound(sent, start, cut)
        assert summary.received_frames == len(sent)
        assert summary.concealed_frames == summary.late_frames == 0
        assert abs(soundfile.info(summary.path).frames - (cut - start) * 48_000) < 2
        assert summary.duration_samples == soundfile.info(summary.path).frames
        spurts = [(0, 60), (65, 95)] if summary.user_id == 11 else [(0, 40)]
        assert len(summary.spurts) == len(spurts)
        for span, (begin, end) in zip(summary.spurts, spurts, strict=True):
            assert abs(span.start_samples / 48_000 - (sent[begin][0] - start)) < 0.06
            assert abs(span.duration_samples - (end - begin) * 960) <= 120
        assert summary.first_speech_samples == summary.spurts[0].start_samples
    assert capture._connection.mode == AES256_GCM
    assert capture.unrecorded_users() == frozenset()


async def test_it_is_known_when_the_others_can_be_heard(call, tmp_path) -> None:
    person = await call.join(11)
    await person.speak(frames(5, 1))
    call.server.path.set_faults(VoiceFaults(keys_late_s=0.7), call.channel.id)
    capture = call.capture = CaptureClient(call.client, call.channel)
    await capture.connect(reconnect=True, timeout=10)
    connected_at = time.monotonic()
    assert not await capture.wait_until_hearing(0.1)
    assert await capture.wait_until_hearing(5.0)
    assert 0.3 < time.monotonic() - connected_at < 2.0
    start = await record(capture, tmp_path)
    await person.speak(frames(30, 2))
    await asyncio.sleep(0.2)
    cut = time.monotonic()
    (summary,) = await capture.stop_recording(cut)
    assert frames_in(summary.path) == sound(call.sent_by(11), start, cut)


async def test_a_bot_that_is_alone_waits_for_no_one(call) -> None:
    capture = await call.connect()
    assert await capture.wait_until_hearing(3.0)


async def test_a_take_begins_and_ends_where_it_was_said(call, tmp_path) -> None:
    person = await call.join(11)
    capture = await call.connect()
    await asyncio.sleep(0.3)
    talking = asyncio.create_task(person.speak(frames(150, 4)))
    await asyncio.sleep(0.5)
    start = await record(capture, tmp_path, ahead=0.7)
    await asyncio.sleep(1.5)
    cut = time.monotonic() - 0.05
    (summary,) = await capture.stop_recording(cut)
    await talking
    margin = 0.03
    sent = call.sent_by(11)
    kept = frames_in(summary.path)
    surely = sound(sent, start + margin, cut - margin)
    assert kept[kept.index(surely[0]) :][: len(surely)] == surely
    assert set(kept) <= set(sound(sent, start - margin, cut + margin))
    assert abs(soundfile.info(summary.path).frames - (cut - start) * 48_000) < 2


async def test_no_one_is_decrypted_or_written_without_permission(call, tmp_path, monkeypatch) -> None:
    allowed, other = await call.join(11), await call.join(66)
    capture = await call.connect()
    await asyncio.sleep(0.3)
    opened: list[int] = []
    keys = capture.receiver._decryption._keys
    decrypt = type(keys).decrypt

    def watched(self, user_id, payload):
        opened.append(user_id)
        return decrypt(self, user_id, payload)

    monkeypatch.setattr(type(keys), "decrypt", watched)
    await record(capture, tmp_path / "take", may_record=lambda user_id: user_id == 11)
    await asyncio.gather(allowed.speak(frames(30, 5)), other.speak(frames(30, 6)))
    summaries = await capture.stop_recording(time.monotonic())
    assert [summary.user_id for summary in summaries] == [11]
    assert set(opened) == {11}
    assert capture.unrecorded_users() == {66}
    assert [path.name for path in (tmp_path / "take").iterdir()] == ["t11.opus"]
    assert capture.receiver.decryption_counts.not_permitted >= 35


async def test_frames_survive_people_joining_and_leaving_while_one_talks(call, tmp_path) -> None:
    talker = await call.join(11)
    capture = await call.connect()
    await asyncio.sleep(0.3)
    start = await record(capture, tmp_path)
    talking = asyncio.create_task(talker.speak(frames(150, 7)))
    for user_id in (12, 13, 14, 15):
        await asyncio.sleep(0.3)
        await call.join(user_id)
    await call.server.leave(guild_id=310847562918374651, user_id=13)
    await talking
    await asyncio.sleep(0.1)
    cut = time.monotonic()
    (summary,) = await capture.stop_recording(cut)
    assert frames_in(summary.path) == sound(call.sent_by(11), start, cut)
    assert len(frames_in(summary.path)) == 150
    assert summary.concealed_frames == 0
    assert len(call.server_log("mls_transition_executed")) >= 5


async def test_the_bot_may_come_while_someone_talks(call, tmp_path) -> None:
    talker = await call.join(11)
    talking = asyncio.create_task(talker.speak(frames(120, 8)))
    await asyncio.sleep(0.4)
    capture = await call.connect()
    start = await record(capture, tmp_path)
    await talking
    await asyncio.sleep(0.1)
    cut = time.monotonic()
    (summary,) = await capture.stop_recording(cut)
    executed = call.server_log("mls_transition_executed")
    key_since = next(entry["t"] for entry in executed if capture.user.id in entry["members"])
    expected = sound(call.sent_by(11), max(start, key_since + 0.05), cut)
    assert len(expected) > 30
    assert frames_in(summary.path)[-len(expected) :] == expected


async def test_a_reconnect_goes_on_in_the_same_track(call, tmp_path) -> None:
    talker = await call.join(11)
    capture = await call.connect()
    await asyncio.sleep(0.3)
    await record(capture, tmp_path)
    talking = asyncio.create_task(talker.speak(frames(250, 9)))
    await asyncio.sleep(0.5)
    await capture._connection.ws.ws.close(code=4006)
    await talking
    await asyncio.sleep(0.1)
    (summary,) = await capture.stop_recording(time.monotonic())
    kept, sent = frames_in(summary.path), [packet for _, packet in call.sent_by(11) if packet != SILENCE]
    assert kept[-20:] == sent[-20:]
    assert [packet for packet in sent if packet in set(kept)] == kept
    assert len(kept) > 120
    assert capture.receiver.decryption_counts.duplicates == 0


async def test_the_bot_can_be_heard(call) -> None:
    person = await call.join(11)
    capture = await call.connect()
    await asyncio.sleep(0.3)
    heard: list[bytes] = []
    person.hearing.on_frame = lambda user_id, frame: heard.append(frame)
    notice = frames(20, 10)
    began = time.monotonic()
    await capture.play_notice(notice)
    assert 0.35 < time.monotonic() - began < 1.5
    await asyncio.sleep(0.2)
    assert heard[:20] == notice
    assert capture._connection.mode == AES256_GCM


async def test_one_recording_at_a_time(call, tmp_path) -> None:
    await call.join(11)
    capture = await call.connect()
    await record(capture, tmp_path)
    with pytest.raises(AlreadyRecording):
        await record(capture, tmp_path)
    results = await asyncio.gather(
        *(capture.stop_recording(time.monotonic() + 0.1) for _ in range(2)), return_exceptions=True
    )
    assert results[0] == ()
    assert isinstance(results[1], NotRecording)
    with pytest.raises(NotRecording):
        await capture.stop_recording(time.monotonic())


async def test_a_recording_whose_last_packets_fail_is_closed_and_the_next_one_begins(call, tmp_path, monkeypatch):
    speaker = await call.join(11)
    capture = await call.connect()
    await asyncio.sleep(0.3)
    await record(capture, tmp_path / "first")
    await speaker.speak(frames(20, 1))
    await asyncio.sleep(0.2)
    with monkeypatch.context() as patched:

        def fail() -> None:
            raise RuntimeError("out of cheese")

        patched.setattr(capture, "_drain", fail)
        summaries = await capture.stop_recording(time.monotonic())
    assert [summary.user_id for summary in summaries] == [11]
    await record(capture, tmp_path / "second")
    assert await capture.stop_recording(time.monotonic()) == ()


async def test_the_decoded_track_sounds_where_it_was_said(call, tmp_path) -> None:
    clicks = np.zeros(96_000, dtype=np.float32)
    clicks[4_800::9_600] = 0.9
    person = await call.join(11)
    capture = await call.connect()
    await asyncio.sleep(0.3)
    start = await record(capture, tmp_path)
    await asyncio.sleep(0.5)
    await person.speak(encode_opus(clicks))
    await asyncio.sleep(0.3)
    (summary,) = await capture.stop_recording(time.monotonic())
    heard, _ = soundfile.read(summary.path, dtype="float32")
    # A busy machine may send any frame late, even the first: the least late one shows when the speaker began.
    began_at = min(sent - 0.02 * number for number, (sent, _) in enumerate(call.sent_by(11)))
    said_at = round((began_at - start) * 48_000)
    for expected in said_at + np.arange(4_800, 96_000, 9_600):
        near = np.abs(heard[expected - 960 : expected + 960])
        assert near.max() > 0.2
        assert abs(int(near.argmax()) - 960) <= 240  # 5 ms
