"""What the real Discord does with a voice connection, row by row of docs/embedded-discord.md."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import UserId
from bot.domain.states import HoleCause
from bot.embedded.client.voice.participant import VoiceParticipant
from bot.embedded.journal import read_journal
from bot.embedded.voice.faults import NO_FAULTS, VoiceFaults
from bot.embedded.voice.mls import CallHabits
from bot.voice.capture import CaptureClient
from bot.voice.connection.events import (
    ConnectionEvent,
    ConnectionGivenUp,
    ConnectionLost,
    ConnectionRestored,
    SealedSound,
)
from bot.voice.recording.recorder import TrackSummary
from bot.wire.ogg import read_packets
from tools.home_call import Call
from tools.home_channel import BOT, CHANNEL, GUILD, HomeChannel, until

SILENCE = b"\xf8\xff\xfe"
ANNA, BEN = 11, 12


def frames(count: int, seed: int) -> list[bytes]:
    chance = random.Random(seed)
    return [b"\x78" + chance.randbytes(chance.randint(20, 160)) for _ in range(count)]


class Evening:
    """A call, a recording in it, and what became of what was said."""

    def __init__(self, folder: Path, habits: CallHabits | None = None) -> None:
        self.call = Call(folder, habits)
        self.folder = folder / "take"
        self.events: list[ConnectionEvent] = []
        self.summaries: dict[int, TrackSummary] = {}
        self.started_at = 0.0

    @property
    def capture(self) -> CaptureClient:
        return self.call.capture

    def record(self) -> None:
        self.capture.on_connection = self.events.append
        self.started_at = time.monotonic()
        self.capture.start_recording(
            self.folder, started_at=self.started_at, may_record=lambda _: True, track_name=lambda user_id: f"t{user_id}"
        )

    async def stop(self) -> None:
        await asyncio.sleep(0.15)
        summaries = await self.capture.stop_recording(time.monotonic())
        self.summaries = {int(summary.user_id): summary for summary in summaries}

    def kept(self, user_id: int) -> list[bytes]:
        path = self.folder / f"t{user_id}.opus"
        packets = read_packets(path.read_bytes()) if path.exists() else []
        return [packet.data for packet in packets if not packet.is_header and len(packet.data) > 19]

    def missing(self, user_id: int) -> list[float]:
        """When the missing frames were sent. Everything in the track must have been said, in this order."""
        said = [(at, packet) for at, packet in self.call.sent_by(user_id) if packet != SILENCE]
        kept = self.kept(user_id)
        there = set(kept)
        assert kept == [packet for _, packet in said if packet in there], "nothing else is in the track"
        return [at for at, packet in said if packet not in there]

    def hole(self, user_id: int) -> float:
        """How long nothing of this person is kept, from the first to the last missing frame."""
        missing = self.missing(user_id)
        return missing[-1] - missing[0] + 0.02 if missing else 0.0

    def gaps(self, user_id: int) -> list[float]:
        """How long each gap in what is kept of this person is: missing frames less than 0.2 s apart are one gap."""
        gaps: list[list[float]] = []
        for at in self.missing(user_id):
            if gaps and at - gaps[-1][-1] < 0.2:
                gaps[-1].append(at)
            else:
                gaps.append([at])
        return [gap[-1] - gap[0] + 0.02 for gap in gaps]

    def in_holes(self, user_id: int, cause: HoleCause) -> bool:
        """Whether what is missing lies in holes of this cause, except two frames: fewer than three are no hole."""
        summary = self.summaries.get(user_id)
        holes = summary.holes if summary is not None else self.capture.holes()
        spans = [
            (self.started_at + hole.start_samples / 48_000, self.started_at + hole.end_samples / 48_000)
            for hole in holes
            if hole.cause is cause
        ]
        outside = [
            at for at in self.missing(user_id) if not any(start - 0.06 <= at <= end + 0.06 for start, end in spans)
        ]
        return len(outside) <= 2

    def told(self, *kinds: type[ConnectionEvent]) -> bool:
        return tuple(type(event) for event in self.events) == kinds


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[Evening]:
    evening = Evening(tmp_path)
    await evening.call.open()
    yield evening
    await evening.call.close()


async def talking(person: VoiceParticipant, seconds: float, seed: int = 1) -> None:
    await person.speak(frames(round(seconds * 50), seed + person.user_id))


async def both_talk(evening: Evening, seconds: float, what: Callable[[], Any], after: float) -> None:
    """Anna and Ben talk all the time; `what` happens after some seconds."""
    people = [await evening.call.join(user_id) for user_id in (ANNA, BEN)]
    await evening.call.connect()
    await asyncio.sleep(0.2)
    evening.record()
    said = asyncio.gather(*(talking(person, seconds) for person in people))
    await asyncio.sleep(after)
    await what()
    await said
    await evening.stop()


# Row 4: everyone is disconnected, because the voice server changes.


@pytest.mark.parametrize("told_after_s", [-0.1, 0.0, 0.3, 1.0, 3.0])
async def test_a_voice_server_that_changes_costs_half_a_second_from_its_news_on(
    evening: Evening, told_after_s: float
) -> None:
    told_at = 0.0
    call = evening.call

    def no_answer(_: HomeChannel | None) -> None:
        """While Discord looks for a server, it answers no op 4."""

    async def change() -> None:
        nonlocal told_at
        end = call.server.ending(guild_id=GUILD, user_id=BOT)
        answer, call.channel.guild._on_op_4 = call.channel.guild._on_op_4, no_answer
        token = call.server.grant(guild_id=GUILD, user_id=BOT)
        endpoint = await call.server.open_endpoint()
        told: Any = {"token": token, "guild_id": str(GUILD), "endpoint": endpoint}
        if told_after_s < 0:
            await evening.capture.on_voice_server_update(told)
            told_at = time.monotonic()
            await asyncio.sleep(-told_after_s)
        end()
        if told_after_s >= 0:
            await asyncio.sleep(told_after_s)
            told_at = time.monotonic()
            await evening.capture.on_voice_server_update(told)
        call.channel.guild._on_op_4 = answer

    await both_talk(evening, 1.5 + max(told_after_s, 0) + 1.0, change, after=0.6)
    for user_id in (ANNA, BEN):
        assert max(evening.missing(user_id), default=0.0) <= told_at + 0.5
        assert evening.in_holes(user_id, HoleCause.CONNECTION)
    assert not any(isinstance(event, ConnectionGivenUp) for event in evening.events)


async def test_a_call_that_ends_without_news_is_joined_again(evening: Evening) -> None:
    async def end() -> None:
        evening.call.server.interrupt(guild_id=GUILD, user_id=BOT, code=4022, resumable=False)

    await both_talk(evening, 4.0, end, after=0.5)
    assert evening.told(ConnectionLost, ConnectionRestored)
    assert 0 < evening.hole(ANNA) <= 3.0
    assert evening.in_holes(ANNA, HoleCause.CONNECTION)


async def test_a_channel_that_was_deleted_ends_it_with_a_sentence(evening: Evening) -> None:
    async def delete() -> None:
        evening.call.channel.guild.get_channel = lambda _: None  # type: ignore[method-assign]
        evening.call.server.interrupt(guild_id=GUILD, user_id=BOT, code=4022, resumable=False)

    await both_talk(evening, 1.5, delete, after=0.5)
    assert evening.told(ConnectionLost, ConnectionGivenUp)
    assert evening.events[1].reason == "the voice channel was deleted"  # type: ignore[union-attr]


# Row 5: sound that cannot be decrypted.


async def test_sound_that_cannot_be_decrypted_is_named_and_marked_and_heard_once_it_can_be(evening: Evening) -> None:
    """The tags of what Anna sends are wrong for three seconds: nothing that the bot does can help before."""
    spoiled_at = mended_at = 0.0

    async def spoil() -> None:
        nonlocal spoiled_at, mended_at
        spoiled_at = time.monotonic()
        evening.call.server.path.set_faults(VoiceFaults(spoiled=frozenset({ANNA})), CHANNEL)
        await until(lambda: evening.capture.undecryptable_users == {ANNA}, 2.0)
        await asyncio.sleep(spoiled_at + 3.0 - time.monotonic())
        mended_at = time.monotonic()
        evening.call.server.path.set_faults(NO_FAULTS, CHANNEL)

    await both_talk(evening, 5.5, spoil, after=0.6)
    assert evening.capture.undecryptable_users == frozenset()
    sealed = [event for event in evening.events if isinstance(event, SealedSound)]
    assert sealed[0].users == {UserId(ANNA)}
    assert sealed[0].at - spoiled_at <= 2.0
    assert sealed[-1].users == frozenset()
    assert evening.hole(ANNA) > 2.5
    assert max(evening.missing(ANNA)) <= mended_at + 1.0
    assert evening.in_holes(ANNA, HoleCause.UNDECRYPTABLE)
    # Two remedies. With each, the server removes the bot and adds it in two epochs, of which it never has the first.
    gaps = evening.gaps(BEN)
    assert len(gaps) <= 2
    assert max(gaps, default=0.0) <= 0.2, "the others' sound goes on, except for the change of keys"
    sealed_holes = [hole for hole in evening.summaries[BEN].holes if hole.cause is HoleCause.UNDECRYPTABLE]
    assert sum(hole.end_samples - hole.start_samples for hole in sealed_holes) <= 0.2 * 48_000, "a new session begins"
    assert evening.summaries[ANNA].lost_frames == len(evening.missing(ANNA))
    assert any(entry["user_id"] == BOT for entry in evening.call.server_log("mls_commit_rejected"))


@pytest.mark.parametrize("ignores_refusals", [False, True], ids=["op 31", "a new session"])
async def test_keys_that_are_wrong_are_replaced(evening: Evening, ignores_refusals: bool) -> None:
    """The bot does not get the commit of an epoch, so that it has none of its keys."""
    at = 0.0

    async def miss_a_commit() -> None:
        nonlocal at
        faults = VoiceFaults(withheld_commits=1, ignores_refusals=ignores_refusals)
        evening.call.server.path.set_faults(faults, CHANNEL)
        at = time.monotonic()
        await evening.call.join(13)

    await both_talk(evening, 7.0, miss_a_commit, after=0.6)
    limit_s = 6.0 if ignores_refusals else 2.0  # 0.8 s if the machine has time
    # The server waits 2 s for the bot, which does not know of the epoch, before the others use its keys.
    for user_id in (ANNA, BEN):
        assert 0 < evening.hole(user_id) <= limit_s
        assert min(evening.missing(user_id)) > at
        assert evening.in_holes(user_id, HoleCause.UNDECRYPTABLE)
        assert evening.summaries[user_id].lost_frames == len(evening.missing(user_id))
    assert not any(isinstance(event, (ConnectionLost, ConnectionGivenUp)) for event in evening.events)


async def test_one_who_is_never_decrypted_is_a_hole_though_they_have_no_track(evening: Evening) -> None:
    person = await evening.call.join(ANNA)
    await evening.call.connect()
    await asyncio.sleep(0.2)
    evening.call.server.path.set_faults(VoiceFaults(spoiled=frozenset({ANNA})), CHANNEL)
    evening.record()
    await talking(person, 1.5)
    await evening.stop()
    assert evening.summaries == {}
    (hole,) = evening.capture.holes()
    assert (hole.cause, hole.user_id) == (HoleCause.UNDECRYPTABLE, ANNA)
    assert hole.duration_samples / 48_000 == pytest.approx(1.6, abs=0.15)


# Row 6: op 13 names a person, and not which of their sessions has ended.


@pytest.mark.parametrize("late", [True, False], ids=["op 13 last", "op 13 first"])
async def test_a_person_who_switches_devices_is_heard_on_the_new_one(evening: Evening, late: bool) -> None:
    call = evening.call
    call.server.path.set_faults(VoiceFaults(ends_sessions_late=late), CHANNEL)
    await call.join(BEN)
    old = await call.join(ANNA)
    await call.connect()
    await asyncio.sleep(0.2)
    evening.record()
    await talking(old, 0.5)
    new = await call.join(ANNA)
    # Op 5 comes again at the end of what they say, which is after the end of the recording.
    said = asyncio.create_task(talking(new, 5.0, seed=2))
    await asyncio.sleep(4.0)
    await evening.stop()
    cut_at = evening.started_at + evening.summaries[ANNA].duration_samples / 48_000
    assert [at for at in evening.missing(ANNA) if at < cut_at - 0.1] == []
    await said
    assert evening.capture.users_in_call == {ANNA, BEN}


# Row 7: a call that is not encrypted from the beginning, or not to its end.


async def test_a_call_that_is_encrypted_only_later_is_recorded_throughout(tmp_path: Path) -> None:
    evening = Evening(tmp_path, CallHabits(begins_in_the_clear=True))
    await evening.call.open()

    async def upgrade() -> None:
        evening.call.server.group_of(CHANNEL).upgrade()

    try:
        await both_talk(evening, 4.5, upgrade, after=1.0)
        sent = [entry["encrypted"] for entry in _sent(evening, ANNA)]
        assert sent == sorted(sent)
        assert set(sent) == {False, True}
        assert evening.missing(ANNA) == evening.missing(BEN) == []
        assert all(summary.holes == () for summary in evening.summaries.values())
    finally:
        await evening.call.close()


@pytest.mark.parametrize("falls", [False, True], ids=["a new group", "version 0"])
async def test_who_comes_back_to_a_bot_that_was_alone_is_recorded(tmp_path: Path, falls: bool) -> None:
    evening = Evening(tmp_path, CallHabits(falls_into_the_clear=falls))
    await evening.call.open()
    try:
        first = await evening.call.join(ANNA)
        await evening.call.connect()
        evening.record()
        await talking(first, 0.5)
        await first.close()
        evening.call.people.remove(first)
        await until(lambda: evening.call.server_log("mls_alone"))
        again = await evening.call.join(BEN)
        await talking(again, 1.0)
        await until(lambda: len(_sent(evening, BEN)) > 50)
        await evening.stop()
        assert evening.missing(ANNA) == evening.missing(BEN) == []
        assert len(evening.kept(BEN)) >= 45
    finally:
        await evening.call.close()


async def test_what_is_sealed_is_never_written_in_a_call_that_is_said_to_be_in_the_clear(evening: Evening) -> None:
    """The bot is told version 0 and gets no group, but the others encrypt."""
    people = [await evening.call.join(user_id) for user_id in (ANNA, BEN)]
    evening.call.server.dave_version = lambda _: 0  # type: ignore[method-assign]
    await evening.call.connect()
    evening.record()
    await asyncio.gather(*(talking(person, 1.5) for person in people))
    await evening.stop()
    assert evening.kept(ANNA) == evening.kept(BEN) == []
    assert {hole.user_id for hole in evening.capture.holes()} == {ANNA, BEN}
    assert {hole.cause for hole in evening.capture.holes()} == {HoleCause.UNDECRYPTABLE}


def _sent(evening: Evening, user_id: int) -> list[dict[str, Any]]:
    evening.call.cast_journal.flush()
    return [
        entry for entry in read_journal(evening.call.cast_journal.path, "frame_sent") if entry["user_id"] == user_id
    ]


# Row 12: packets without a frame.


async def test_padding_that_is_lost_is_no_lost_frame(evening: Evening) -> None:
    evening.call.server.path.set_faults(VoiceFaults(drops_padding=True), CHANNEL)
    person = await evening.call.join(ANNA)
    await evening.call.connect()
    await asyncio.sleep(0.2)
    evening.record()
    for spurt in range(6):
        await talking(person, 0.2, seed=spurt)
        for packet in [one for _ in range(25) for one in person._packetiser.padding_only()]:  # type: ignore[union-attr]
            person.call.send(packet)
        await asyncio.sleep(0.1)
    await evening.stop()
    assert len(evening.call.server_log("padding_dropped")) > 60
    assert evening.missing(ANNA) == []
    assert evening.summaries[ANNA].lost_frames == 0


# Row 13: UDP that is dead beside a websocket that lives.


async def test_dead_udp_is_noticed_and_healed(evening: Evening) -> None:
    async def silence() -> None:
        evening.call.server.silence(guild_id=GUILD, user_id=BOT)

    await both_talk(evening, 9.5, silence, after=1.0)
    assert evening.told(ConnectionLost, ConnectionRestored)
    for user_id in (ANNA, BEN):
        assert 1.0 < evening.hole(user_id) <= 9.0
        assert evening.in_holes(user_id, HoleCause.CONNECTION)
        assert evening.summaries[user_id].lost_frames in (0, len(evening.missing(user_id)))


async def test_an_honest_silence_is_no_alarm(evening: Evening) -> None:
    await evening.call.join(ANNA)
    await evening.call.connect()
    evening.record()
    await asyncio.sleep(8.0)
    await evening.stop()
    assert evening.events == []
    assert evening.capture.holes() == ()


# Row 16: video is not wanted, and sound is.


async def test_no_video_reaches_the_bot_once_it_is_announced(evening: Evening) -> None:
    person = await evening.call.join(ANNA)
    await evening.call.connect()
    await asyncio.sleep(0.2)
    evening.record()
    await asyncio.gather(talking(person, 1.0), person.show(40))
    await evening.stop()
    session = evening.call.server._register.session_of((GUILD, ANNA))
    assert session is not None
    assert session.video_packets_to_bot <= 3, "some are under way before op 15 has arrived"
    assert evening.missing(ANNA) == []


# An SSRC is given to someone else in a call without end-to-end encryption.


async def test_an_ssrc_given_to_someone_else_is_theirs(tmp_path: Path) -> None:
    evening = Evening(tmp_path, CallHabits(begins_in_the_clear=True))
    await evening.call.open()
    try:
        call = evening.call
        await call.join(13)
        anna = await call.join(ANNA)
        await call.connect()
        await asyncio.sleep(0.2)
        evening.record()
        await talking(anna, 0.6)
        call.people.remove(anna)
        await anna.close()
        await until(lambda: evening.call.server._register.by_ssrc(anna.ssrc) is None)
        call.server.reuse_ssrc(anna.ssrc)
        call.server.path.set_faults(VoiceFaults(speaking_late_s=0.4), CHANNEL)
        ben = await call.join(BEN)
        assert ben.ssrc == anna.ssrc
        await talking(ben, 1.0)
        await evening.stop()
        assert evening.missing(ANNA) == evening.missing(BEN) == []
    finally:
        await evening.call.close()
