"""The owner of an SSRC that the voice gateway does not name: found by trying the keys of those who may be recorded.

The MLS keys are real: people send with libdave, and the bot receives with davey.
"""

from __future__ import annotations

import davey
import pytest

from bot.domain.ids import UserId
from bot.voice.receiving.dave import HOLD_SECONDS, WaitingDecryption
from bot.voice.receiving.receiver import FrameReceived, Receiver
from bot.voice.receiving.ssrc_stream import LINGER_SECONDS
from bot.wire.transport import AES256_GCM, cipher_for
from tests.voice.pieces import sounds
from tools.bench.call import FIRST_PERSON, KEY, BotKeys, Speaker, form_group, speakers_of

ANNA, BEN, CARO = (UserId(FIRST_PERSON + number) for number in range(3))


class Call:
    def __init__(self, permitted: set[UserId]) -> None:
        founder, self.bot = form_group(3)
        self.anna, self.ben, self.caro = speakers_of(founder, 3, AES256_GCM)
        self.tried: list[int] = []
        self.roster: set[UserId] = {ANNA, BEN, CARO}
        self.receiver = Receiver(Watched(self.bot, self.tried))
        self.receiver.use_transport(cipher_for(AES256_GCM, KEY))
        self.receiver.record(permitted.__contains__)
        self.receiver.use_roster(lambda: self.roster)
        self.now = 0.0

    def say(self, speaker: Speaker, count: int) -> tuple[list[bytes], list[FrameReceived]]:
        said, heard = [], []
        for number in range(count):
            said.append(b"\x78" + bytes([number]) * 30)
            heard += self.hear(speaker.datagram(said[-1]))
        return said, heard

    def hear(self, datagram: bytes) -> list[FrameReceived]:
        self.now += 0.02
        return self.receiver.datagram(datagram, self.now)


class Watched(BotKeys):
    def __init__(self, session: davey.DaveSession, tried: list[int]) -> None:
        super().__init__(session)
        self._tried = tried

    def decrypt(self, user_id: int, payload: bytes) -> bytes:
        self._tried.append(user_id)
        return super().decrypt(user_id, payload)


def test_without_op_5_each_ssrc_is_named_by_the_key_that_opens_it() -> None:
    call = Call({ANNA, BEN, CARO})
    for speaker in (call.caro, call.anna, call.ben):
        said, heard = call.say(speaker, 20)
        assert sounds(heard) == said
        assert {(frame.user_id, frame.ssrc) for frame in heard} == {(speaker.user_id, speaker.ssrc)}
    # Once it is named, no other key is tried.
    call.tried.clear()
    call.say(call.caro, 5)
    assert call.tried == [CARO] * 5


def test_who_may_not_be_recorded_is_never_tried_nor_named() -> None:
    call = Call({ANNA, BEN})
    assert call.say(call.caro, 30)[1] == []
    assert CARO not in call.tried
    stats = call.bot.get_decryption_stats(CARO)
    assert stats is None or stats.attempts == 0
    assert call.receiver.unrecorded_users == frozenset()
    assert call.receiver.tick(call.now + HOLD_SECONDS + 1) == []
    assert call.receiver.held_frames == 0


def test_no_one_is_tried_who_is_not_in_the_call() -> None:
    call = Call({ANNA, BEN, CARO})
    call.roster = set()
    said, heard = call.say(call.anna, 10)
    assert heard == []
    assert call.tried == []
    call.roster = {BEN}
    assert call.receiver.tick(call.now) == []
    call.roster = {BEN, ANNA}
    assert sounds(call.receiver.tick(call.now)) == said


def test_frames_of_a_moment_are_given_out_in_order_when_their_key_comes_late() -> None:
    call = Call({ANNA, BEN, CARO})
    call.roster = set()
    said = [b"\x78" + bytes([number]) * 30 for number in range(12)]
    datagrams = [call.anna.datagram(one) for one in said]
    datagrams[4], datagrams[6] = datagrams[6], datagrams[4]
    for datagram in datagrams:
        assert call.hear(datagram) == []
    call.roster = {CARO, BEN, ANNA}
    heard = call.receiver.tick(call.now)
    assert sounds(heard) == said


@pytest.mark.parametrize("first_heard", [True, False])
def test_a_trial_that_fails_does_no_harm_to_the_keys_it_was_made_with(first_heard: bool) -> None:
    call = Call({ANNA, BEN})
    call.receiver.speaking(call.ben.ssrc, BEN, 0)
    said_by_ben: list[bytes] = []
    heard_of_ben: list[bytes] = []

    def bens(count: int) -> list[bytes]:
        said_by_ben.extend(b"\x78" + bytes([len(said_by_ben) + index]) * 40 for index in range(count))
        return [call.ben.datagram(one) for one in said_by_ben[-count:]]

    if first_heard:
        for datagram in bens(3):
            heard_of_ben += sounds(call.hear(datagram))
    late = bens(4)
    # Caro, who may not be recorded, talks without having been named: every frame of hers is tried with Ben's key,
    # with nonces far ahead of his.
    assert call.say(call.caro, 200)[1] == []
    assert call.tried.count(BEN) >= 200
    for datagram in late[1:2] + late[3:] if first_heard else late:
        heard_of_ben += sounds(call.hear(datagram))
    assert call.say(call.caro, 20)[1] == []
    if first_heard:
        for datagram in (late[0], late[2]):  # frames that the network delayed are still opened
            heard_of_ben += sounds(call.hear(datagram))
    for datagram in bens(5):
        heard_of_ben += sounds(call.hear(datagram))
    assert sorted(heard_of_ben) == sorted(said_by_ben)


def test_what_has_been_tried_in_vain_is_not_tried_again_with_the_same_keys() -> None:
    call = Call({ANNA, BEN})
    call.say(call.caro, 25)
    for number in range(5):
        call.receiver.tick(call.now + number)
    assert len(call.tried) == 25 * 2


def test_what_passes_through_unencrypted_names_no_one() -> None:
    call = Call({ANNA, BEN, CARO})
    call.bot.set_passthrough_mode(True, 10)
    clear = b"\x78" + bytes(30) + b"\xfa\xfa"
    assert call.bot.decrypt(ANNA, davey.MediaType.audio, clear) == clear
    header = call.anna.datagram(clear)[:16]
    datagram = cipher_for(AES256_GCM, KEY).seal(bytes([header[0] & ~0x20]) + header[1:], bytes(4) + clear, 900_000)
    assert call.hear(datagram) == []
    assert call.tried != []
    assert call.receiver.held_frames == 1


def test_the_gateways_word_overrides_a_trial_and_needs_none() -> None:
    call = Call({ANNA, BEN, CARO})
    call.receiver.speaking(call.anna.ssrc, ANNA, 0)
    call.say(call.anna, 3)
    assert call.tried == [ANNA] * 3
    call.say(call.ben, 3)
    call.receiver.speaking(call.ben.ssrc, CARO, call.now)
    call.tried.clear()
    assert call.say(call.ben, 3)[1] == []
    assert set(call.tried) == {CARO}


def test_an_ssrc_left_behind_is_forgotten_and_its_next_user_found() -> None:
    call = Call({ANNA, BEN, CARO})
    call.say(call.anna, 3)
    call.receiver.user_left(ANNA, call.now)
    call.now += LINGER_SECONDS + 1
    call.receiver.tick(call.now)
    call.ben.ssrc = call.anna.ssrc
    said, heard = call.say(call.ben, 3)
    assert sounds(heard) == said
    assert {frame.user_id for frame in heard} == {BEN}


def test_ssrcs_without_user_do_not_pile_up() -> None:
    call = Call(set())
    for number in range(50):
        call.anna.ssrc = 50_000 + number
        call.say(call.anna, 1)
        call.receiver.user_left(ANNA, call.now)
    call.receiver.tick(call.now + HOLD_SECONDS + 1)
    decryption: WaitingDecryption = call.receiver._decryption
    assert len(decryption.streams) == 0
