"""What is said while no one may be recorded is never opened, however late its speaker or key becomes known."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import davey
import pytest

from bot.domain.ids import UserId
from bot.embedded.voice.faults import NEVER, VoiceFaults
from bot.voice import capture as capture_module
from bot.voice.receiving.receiver import FrameReceived, Receiver
from bot.voice.recording.recorder import Recording
from bot.wire.ogg import read_packets
from bot.wire.transport import AES256_GCM, cipher_for
from tests.voice.pieces import sounds
from tools.bench.call import FIRST_PERSON, KEY, BotKeys, Speaker, form_group, speakers_of
from tools.home_call import Call

ANNA, BEN = UserId(FIRST_PERSON), UserId(FIRST_PERSON + 1)
PAUSE_AT, RESUME_AT = 1.0, 2.1


class LateKeys(BotKeys):
    """The bot's keys; nothing opens before they have come."""

    def __init__(self, session: davey.DaveSession) -> None:
        super().__init__(session)
        self.have_come = True

    @property
    def generation(self) -> object:
        return super().generation, self.have_come

    def decrypt(self, user_id: int, payload: bytes) -> bytes:
        if not self.have_come:
            raise ValueError("NoValidCryptorFound")
        return super().decrypt(user_id, payload)


class Stage:
    """Anna and Ben on a receiver that may record the people in `permitted`."""

    def __init__(self) -> None:
        founder, bot = form_group(2)
        self.anna, self.ben = speakers_of(founder, 2, AES256_GCM)
        self.keys = LateKeys(bot)
        self.permitted: set[UserId] = set()
        self.receiver = Receiver(self.keys)
        self.receiver.use_transport(cipher_for(AES256_GCM, KEY))
        self.receiver.use_roster(lambda: (ANNA, BEN))
        self.receiver.record(self.permitted.__contains__)
        self._numbers: Iterator[int] = iter(range(256))

    def say(self, speaker: Speaker, count: int, at: float) -> tuple[list[bytes], list[FrameReceived]]:
        """Receive frames from a moment on, one every 20 ms; returns what comes out immediately."""
        said = [b"\x78" + bytes([next(self._numbers)]) * 30 for _ in range(count)]
        arrived = [(speaker.datagram(packet), at + 0.02 * number) for number, packet in enumerate(said)]
        return said, self.receiver.datagrams(arrived)

    def resume(self) -> None:
        self.permitted |= {ANNA, BEN}
        self.receiver.leave_out(until=RESUME_AT)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_who_speaks_first_in_a_pause_is_heard_from_its_end_on(stage: Stage) -> None:
    assert stage.say(stage.anna, 50, PAUSE_AT)[1] == []
    stage.resume()
    assert stage.receiver.tick(RESUME_AT) == []
    assert stage.receiver.held_frames == 0
    said, heard = stage.say(stage.anna, 10, RESUME_AT)
    assert sounds(heard) == said


def test_a_name_that_comes_after_the_pause_opens_nothing_of_it(stage: Stage) -> None:
    stage.receiver.use_roster(tuple)
    stage.say(stage.anna, 50, PAUSE_AT)
    stage.resume()
    said, heard = stage.say(stage.anna, 10, RESUME_AT)
    assert heard == []
    assert sounds(stage.receiver.speaking(stage.anna.ssrc, ANNA, 2.4)) == said


def test_a_key_that_comes_after_the_pause_opens_nothing_of_it(stage: Stage) -> None:
    """The name comes during the pause and the key after it, and no tick in between removes the waiting frames."""
    stage.keys.have_come = False
    stage.receiver.use_roster(tuple)
    stage.say(stage.anna, 50, PAUSE_AT)
    stage.resume()
    assert stage.receiver.speaking(stage.anna.ssrc, ANNA, RESUME_AT) == []
    said, heard = stage.say(stage.anna, 10, RESUME_AT)
    assert heard == []
    stage.keys.have_come = True
    assert sounds(stage.receiver.key_changed(2.4)) == said


def test_a_frame_of_the_pause_that_is_handed_over_after_it_is_not_opened(stage: Stage) -> None:
    """The reader's thread has stamped it but not queued it yet."""
    stage.receiver.speaking(stage.anna.ssrc, ANNA, 0.0)
    stage.resume()
    said, heard = stage.say(stage.anna, 5, RESUME_AT - 0.05)
    assert sounds(heard + stage.receiver.tick(RESUME_AT + 0.3)) == said[3:]


def test_what_arrived_before_a_recording_is_not_opened_in_it(stage: Stage) -> None:
    stage.receiver.stop_recording()
    stage.permitted.add(ANNA)
    stage.receiver.record(stage.permitted.__contains__, since=1.0)
    said, heard = stage.say(stage.anna, 5, 0.95)
    assert sounds(heard + stage.receiver.tick(1.3)) == said[3:]


def test_nothing_is_opened_of_someone_who_withdrew_before_they_were_named(stage: Stage) -> None:
    stage.permitted |= {ANNA, BEN}
    stage.receiver.use_roster(tuple)
    stage.say(stage.anna, 20, 0.0)
    stage.permitted.discard(ANNA)
    assert stage.receiver.speaking(stage.anna.ssrc, ANNA, 0.5) == []
    stage.receiver.stop_recording()
    # A new consent counts from the next take.
    stage.permitted.add(ANNA)
    stage.receiver.record(stage.permitted.__contains__, since=0.6)
    assert stage.receiver.tick(0.7) == []
    said, heard = stage.say(stage.anna, 5, 0.7)
    assert sounds(heard) == said


def test_who_was_tried_in_vain_is_tried_from_the_first_frame_on_in_the_next_recording(stage: Stage) -> None:
    stage.permitted.add(BEN)
    stage.receiver.use_roster(lambda: (BEN,))
    stage.say(stage.anna, 20, 0.0)
    stage.receiver.stop_recording()
    stage.anna.ssrc, stage.ben.ssrc = stage.ben.ssrc, stage.anna.ssrc
    stage.receiver.record(stage.permitted.__contains__, since=1.0)
    said, heard = stage.say(stage.ben, 5, 1.0)
    assert sounds(heard) == said


async def test_the_track_of_who_spoke_first_in_a_pause_begins_after_it(stage: Stage, tmp_path: Path) -> None:
    started_at = monotonic() - 3.0
    recording = Recording(tmp_path, started_at=started_at, track_name=str)
    recording.frames(stage.say(stage.anna, 50, started_at + PAUSE_AT)[1])
    stage.permitted.add(ANNA)
    stage.receiver.leave_out(until=started_at + RESUME_AT)
    recording.resume()
    recording.frames(stage.receiver.tick(started_at + RESUME_AT))
    recording.frames(stage.say(stage.anna, 10, started_at + RESUME_AT)[1])
    (track,) = await recording.stop(started_at + 2.6)
    assert track.received_frames == 10
    assert [span.start_samples / 48_000 for span in track.spurts] == [pytest.approx(RESUME_AT, abs=0.01)]


class PausedTake:
    """A take that a test can pause, recorded by discord.py's client on the embedded voice server."""

    def __init__(self, call: Call, folder: Path) -> None:
        self._call, self._is_paused = call, False
        self.paused_at = self.resumed_at = 0.0
        call.capture.start_recording(
            folder, started_at=monotonic(), may_record=lambda _: not self._is_paused, track_name=str
        )

    def pause(self) -> None:
        self._is_paused, self.paused_at = True, monotonic()

    def resume(self) -> None:
        self._is_paused, self.resumed_at = False, monotonic()
        self._call.capture.resume_recording()

    async def kept(self, user_id: int) -> list[float]:
        """When the frames of the track were sent."""
        (summary,) = await self._call.capture.stop_recording(monotonic())
        there = {packet.data for packet in read_packets(summary.path.read_bytes())}
        return [at for at, packet in self._call.sent_by(user_id) if packet in there and len(packet) > 19]


def frames(count: int, seed: int) -> list[bytes]:
    return [b"\x78" + bytes([seed, number]) * 15 for number in range(count)]


async def test_who_is_never_named_is_recorded_from_the_end_of_the_pause_on(call: Call, tmp_path: Path) -> None:
    call.server.path.set_faults(VoiceFaults(speaking_late_s=NEVER), call.channel.id)
    person = await call.join(11)
    await call.connect()
    await asyncio.sleep(0.3)
    take = PausedTake(call, tmp_path / "take")
    take.pause()
    await person.speak(frames(20, 1))
    take.resume()
    await person.speak(frames(20, 2))
    await asyncio.sleep(0.1)
    kept = await take.kept(11)
    assert len(kept) == 20
    assert min(kept) >= take.resumed_at


async def test_what_a_pause_left_in_the_socket_is_not_recorded_after_it(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy process reads packets late: those of the pause when it is over."""
    monkeypatch.setattr(capture_module, "TICK_SECONDS", 60.0)
    person = await call.join(11)
    capture = await call.connect()
    await asyncio.sleep(0.3)
    take = PausedTake(call, tmp_path / "take")
    await person.speak(frames(10, 1))
    await asyncio.sleep(0.1)
    take.pause()
    capture._wake_up_sent = True  # nothing reads what arrives
    await person.speak(frames(10, 2))
    take.resume()
    capture._wake_up_sent = False
    await person.speak(frames(10, 3))
    await asyncio.sleep(0.1)
    kept = await take.kept(11)
    assert len(kept) == 20
    assert not [at for at in kept if take.paused_at < at < take.resumed_at]
