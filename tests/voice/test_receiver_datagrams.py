"""From datagrams to frames: packets built with the sending side of rtp and transport, and real MLS keys."""

from __future__ import annotations

import os
from typing import Any

import davey
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.ids import UserId
from bot.embedded.mls.events import CommitAccepted, ProposalsSent
from bot.embedded.mls.group import Group
from bot.embedded.mls.proposals import ExternalSender
from bot.voice.receiving import receiver as receiver_module
from bot.voice.receiving.keys import open_frame
from bot.voice.receiving.receiver import Receiver
from bot.voice.receiving.ssrc_stream import SETTLING_SECONDS
from bot.wire.rtp import build_header
from bot.wire.transport import MODES, TransportCipher, cipher_for
from tools.bench.call import BotKeys

CHANNEL, BOT, ANNA = 482915736028475133, 900000000000000001, UserId(111111111111111111)
BEN = UserId(222222222222222222)
KEY = bytes(range(32))


def two_members() -> tuple[davey.DaveSession, davey.DaveSession]:
    """A group of Anna, who came first, and the bot, both on davey."""
    sender = ExternalSender()
    group = Group(CHANNEL, sender)
    sessions = {user_id: davey.DaveSession(1, user_id, CHANNEL) for user_id in (ANNA, BOT)}
    events = []
    for user_id, session in sessions.items():
        session.set_external_sender(sender.package())
        events += group.offer(user_id, session.get_serialized_key_package())
    while events:
        event = events.pop(0)
        if isinstance(event, ProposalsSent):
            for user_id in event.recipients:
                answer = sessions[user_id].process_proposals(davey.ProposalsOperationType.append, event.body[1:])
                if answer:
                    events += group.commit(user_id, answer.commit + (answer.welcome or b""))
        elif isinstance(event, CommitAccepted):
            for user_id in event.recipients:
                sessions[user_id].process_commit(event.announcement[2:])
            for user_id, welcome in event.welcomes.items():
                sessions[user_id].process_welcome(welcome[2:])
    assert all(session.ready for session in sessions.values())
    return sessions[ANNA], sessions[BOT]


class Wire:
    """Anna's sending side."""

    def __init__(self, session: davey.DaveSession, mode: str) -> None:
        self.session = session
        self.cipher = cipher_for(mode, KEY)
        self.sequence, self.timestamp, self.counter = 65_530, 2**32 - 3_000, 0

    def datagram(self, opus: bytes, *, padding: int = 0, extension: bytes | None = None, ssrc: int = 9) -> bytes:
        self.sequence, self.timestamp, self.counter = self.sequence + 1, self.timestamp + 960, self.counter + 1
        clear = build_header(
            sequence=self.sequence & 0xFFFF,
            timestamp=self.timestamp & 0xFFFFFFFF,
            ssrc=ssrc,
            padded=padding > 0,
            extension_words=None if extension is None else len(extension) // 4,
        )
        sealed = self.session.encrypt_opus(opus) if opus else b""
        tail = bytes(padding - 1) + bytes([padding]) if padding else b""
        return self.cipher.seal(clear, (extension or b"") + sealed + tail, self.counter)


def receiver_for(bot: davey.DaveSession, cipher: TransportCipher | None) -> Receiver:
    receiver = Receiver(BotKeys(bot))
    if cipher:
        receiver.use_transport(cipher)
    receiver.record(lambda user_id: user_id == ANNA)
    return receiver


@pytest.mark.parametrize("mode", MODES)
def test_padding_extensions_and_wrapping_numbers_leave_the_frame_as_it_was(mode: str) -> None:
    anna, bot = two_members()
    wire = Wire(anna, mode)
    receiver = receiver_for(bot, cipher_for(mode, KEY))
    receiver.speaking(9, ANNA, 0)
    said, heard = [], []
    for number in range(60):
        said.append(b"\x78" + os.urandom(20 + number))
        extension = (None, b"\x51\xff\xee\x00", b"\x51\xff\xee\x00\x10\x80\x00\x00")[number % 3]
        heard += receiver.datagram(
            wire.datagram(said[-1], padding=(0, 1, 4, 255)[number % 4], extension=extension), number * 0.02
        )
    assert [frame.opus for frame in heard] == said
    assert [frame.arrival for frame in heard] == [number * 0.02 for number in range(60)]
    assert (heard[0].sequence, heard[-1].sequence) == (65_531, 54)
    assert {(frame.user_id, frame.ssrc) for frame in heard} == {(ANNA, 9)}


def test_a_packet_that_fails_costs_no_other_and_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    anna, bot = two_members()
    wire = Wire(anna, MODES[0])
    receiver = receiver_for(bot, cipher_for(MODES[0], KEY))
    receiver.speaking(9, ANNA, 0)
    said = [b"\x78" + os.urandom(20) for _ in range(10)]
    arrived = [(wire.datagram(packet), number * 0.02) for number, packet in enumerate(said)]
    opened = 0

    def stumble(*args: Any) -> bytes | None:
        nonlocal opened
        opened += 1
        if opened in (3, 6):
            raise RuntimeError("out of cheese")
        return open_frame(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(receiver_module, "open_frame", stumble)
        heard = receiver.datagrams(arrived)
    assert [frame.opus for frame in heard] == said[:2] + said[3:5] + said[6:]
    assert receiver.counts.failed == 2
    assert [record.levelname for record in caplog.records if record.name == "bot.voice.receiving.receiver"] == ["ERROR"]


def test_a_packet_that_ends_like_a_sealed_one_by_chance_passes_in_a_downgraded_call_and_in_no_other() -> None:
    """Ben came after the downgrade, so davey has none of his keys."""
    _, bot = two_members()
    plain = [b"\x78" + os.urandom(30) + tail for tail in (b"\x30", b"\x30\xfa\xfa", b"\xff\xfa\xfa", b"\x31")]
    for version, passes in ((0, True), (1, False)):
        keys = BotKeys(bot)
        keys.is_clear = version == 0
        receiver = Receiver(keys)
        receiver.use_transport(cipher_for(MODES[0], KEY))
        receiver.record(lambda _: True)
        receiver.speaking(9, BEN, 0)
        heard: list[bytes] = []
        for number, packet in enumerate(plain):
            header = build_header(sequence=number, timestamp=number * 960, ssrc=9)
            datagram = cipher_for(MODES[0], KEY).seal(header, packet, number)
            heard += [frame.opus for frame in receiver.datagram(datagram, number * 0.02)]
        heard += [frame.opus for frame in receiver.tick(1.0)]
        assert heard == (plain if passes else [])


def test_what_is_not_a_frame_is_counted_and_changes_nothing() -> None:
    anna, bot = two_members()
    wire = Wire(anna, MODES[0])
    receiver = receiver_for(bot, cipher_for(MODES[0], KEY))
    receiver.speaking(9, ANNA, 0)
    whole = wire.datagram(b"\x78" + bytes(40))
    noise = [b"", b"\x80", bytes([0x81, 200]) + bytes(50), bytes([0, 2, 0, 70]) + bytes(70), bytes([0x80, 0x78])]
    assert [receiver.datagram(data, 0) for data in noise] == [[]] * len(noise)
    assert receiver.counts.not_audio == len(noise)
    broken = bytearray(whole)
    broken[20] ^= 1
    assert receiver.datagram(bytes(broken), 0) == []
    assert receiver.datagram(whole[:20], 0) == []
    assert receiver.counts.not_authentic == 2
    assert receiver.datagram(wire.datagram(b"", padding=8), 0) == []
    assert receiver.counts.empty == 1
    assert len(receiver.datagram(whole, 0)) == 1
    assert receiver.datagram(whole, 0) == []
    assert receiver.decryption_counts.duplicates == 1


def test_packets_of_padding_only_are_told_with_the_next_frame() -> None:
    anna, bot = two_members()
    wire = Wire(anna, MODES[0])
    receiver = receiver_for(bot, cipher_for(MODES[0], KEY))
    receiver.speaking(9, ANNA, 0)
    for _ in range(2):
        assert receiver.datagram(wire.datagram(b"", padding=20), 0) == []
    (frame,) = receiver.datagram(wire.datagram(b"\x78" + bytes(30)), 0)
    assert frame.blanks == (65_531, 65_532)
    (frame,) = receiver.datagram(wire.datagram(b"\x78" + bytes(30)), 0)
    assert frame.blanks == ()


def test_permission_is_asked_again_with_every_batch() -> None:
    anna, bot = two_members()
    wire = Wire(anna, MODES[0])
    permitted = {ANNA}
    receiver = receiver_for(bot, cipher_for(MODES[0], KEY))
    receiver.record(permitted.__contains__)
    receiver.speaking(9, ANNA, 0)
    batches = [[(wire.datagram(b"\x78" + bytes(30)), 0.0) for _ in range(3)] for _ in range(3)]
    assert len(receiver.datagrams(batches[0])) == 3
    permitted.clear()
    assert receiver.datagrams(batches[1]) == []
    permitted.add(ANNA)
    assert len(receiver.datagrams(batches[2])) == 3


def test_an_opus_packet_that_is_none_is_dropped() -> None:
    anna, bot = two_members()
    wire = Wire(anna, MODES[0])
    receiver = receiver_for(bot, cipher_for(MODES[0], KEY))
    receiver.speaking(9, ANNA, 0)
    assert receiver.datagram(wire.datagram(b"\xfb\x00" + bytes(30)), 0) == []
    assert receiver.counts.malformed == 1


def test_after_a_new_session_description_packets_under_way_are_still_read() -> None:
    anna, bot = two_members()
    wire = Wire(anna, MODES[1])
    receiver = receiver_for(bot, cipher_for(MODES[1], KEY))
    receiver.speaking(9, ANNA, 0)
    before = wire.datagram(b"\x78" + bytes(30))
    receiver.use_transport(cipher_for(MODES[0], bytes(32)))
    assert len(receiver.datagram(before, 0)) == 1


def test_who_may_not_be_recorded_is_named_and_not_opened() -> None:
    anna, bot = two_members()
    wire = Wire(anna, MODES[0])
    receiver = receiver_for(bot, cipher_for(MODES[0], KEY))
    receiver.record(lambda user_id: False)
    receiver.speaking(9, ANNA, 0)
    assert receiver.datagram(wire.datagram(b"\x78" + bytes(30)), 0) == []
    assert receiver.unrecorded_users == {ANNA}
    assert receiver.decryption_counts.not_permitted == 1
    stats = bot.get_decryption_stats(ANNA)
    assert stats is None or stats.attempts == 0


def test_before_and_after_a_recording_nothing_is_opened_or_held() -> None:
    anna, bot = two_members()
    wire = Wire(anna, MODES[0])
    receiver = Receiver(BotKeys(bot))
    receiver.use_transport(cipher_for(MODES[0], KEY))
    receiver.speaking(9, ANNA, 0)
    for _ in range(10):
        assert receiver.datagram(wire.datagram(b"\x78" + bytes(30)), 0) == []
    receiver.record(lambda user_id: True)
    assert len(receiver.datagram(wire.datagram(b"\x78" + bytes(30)), 0)) == 1
    receiver.datagram(wire.datagram(b"\x78" + bytes(30), ssrc=10), 0)
    assert receiver.held_frames == 1
    receiver.stop_recording()
    assert receiver.held_frames == 0
    assert receiver.datagram(wire.datagram(b"\x78" + bytes(30)), 0) == []


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("order", [(1, 0, 2, 3), (2, 0, 1, 3), (3, 2, 1, 0), (0, 2, 1, 3)])
def test_a_keys_first_frame_may_be_overtaken(order: tuple[int, ...], named: bool) -> None:
    anna, bot = two_members()
    wire = Wire(anna, MODES[0])
    receiver = receiver_for(bot, cipher_for(MODES[0], KEY))
    receiver.use_roster(lambda: [ANNA])
    if named:
        receiver.speaking(9, ANNA, 0)
    said = [b"\x78" + os.urandom(30) for _ in order]
    sent = [wire.datagram(packet) for packet in said]
    heard = [frame for number in order for frame in receiver.datagram(sent[number], 0.01 * number)]
    heard += receiver.tick(0.2)
    assert sorted(frame.opus for frame in heard) == sorted(said)
    assert receiver.held_frames == receiver.decryption_counts.unopenable == 0


def test_a_keys_first_frame_that_never_comes_delays_nothing_for_long() -> None:
    anna, bot = two_members()
    wire = Wire(anna, MODES[0])
    receiver = receiver_for(bot, cipher_for(MODES[0], KEY))
    receiver.speaking(9, ANNA, 0)
    wire.datagram(b"\x78" + bytes(30))
    assert receiver.datagram(wire.datagram(b"\x78" + bytes(30)), 0) == []
    assert receiver.tick(SETTLING_SECONDS / 2) == []
    assert len(receiver.datagram(wire.datagram(b"\x78" + bytes(31)), SETTLING_SECONDS + 0.01)) == 2
    assert len(receiver.datagram(wire.datagram(b"\x78" + bytes(32)), SETTLING_SECONDS + 0.02)) == 1


def test_held_frames_are_tried_again_with_time() -> None:
    anna, bot = two_members()
    wire = Wire(anna, MODES[0])
    receiver = receiver_for(bot, cipher_for(MODES[0], KEY))
    assert receiver.datagram(wire.datagram(b"\x78" + bytes(30)), 0) == []
    assert receiver.tick(1) == receiver.key_changed(1) == []
    (frame,) = receiver.speaking(9, ANNA, 2)
    assert frame[:6] == (ANNA, 9, 65_531, (2**32 - 2_040) & 0xFFFFFFFF, 0, b"\x78" + bytes(30))
    receiver.datagram(wire.datagram(b"\x78" + bytes(30), ssrc=10), 2)
    receiver.tick(13)
    assert (receiver.held_frames, receiver.decryption_counts.expired) == (0, 1)


MEMBERS = two_members()
VALID = [Wire(MEMBERS[0], MODES[0]).datagram(b"\x78" + bytes(40), padding=5, extension=bytes(8)) for _ in range(3)]


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.one_of(
        st.binary(max_size=120),
        st.tuples(st.sampled_from(VALID), st.integers(0, 60), st.binary(min_size=1, max_size=6)).map(
            lambda drawn: drawn[0][: drawn[1]] + drawn[2] + drawn[0][drawn[1] + len(drawn[2]) :]
        ),
    )
)
def test_no_bytes_raise_and_nothing_forged_gets_through(data: bytes) -> None:
    receiver = receiver_for(MEMBERS[1], cipher_for(MODES[0], KEY))
    receiver.speaking(9, ANNA, 0)
    frames = receiver.datagram(data, 0)
    assert frames == [] or data in VALID
