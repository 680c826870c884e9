"""The rules of order for frames that wait for decryption, with `Keys` that behave as measurements of davey showed.

Once a cryptor has accepted a nonce, an older one opens only if it was skipped after that cryptor's first frame, and
each nonce opens once. Real keys are in test_receiver_datagrams.py and tests/long/voice/test_capture_client.py.
"""

from __future__ import annotations

import math
import random
import struct
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ids import UserId
from bot.voice.receiving.dave import HOLD_SECONDS, Opened, WaitingDecryption
from bot.voice.receiving.ssrc_stream import LINGER_SECONDS, SETTLING_SECONDS, SHORT_NONCE, SealedFrame
from bot.voice.receiving.undecryptable import FRAMES, Failing

SILENCE = b"\xf8\xff\xfe"
ANNA, BEN = UserId(111), UserId(222)


@dataclass
class Keys:
    """`known` are the epochs whose keys have come."""

    known: set[int] = field(default_factory=set)
    clear_until: float = -math.inf
    attempts: list[int] = field(default_factory=list)
    _first: dict[tuple[int, int], int] = field(default_factory=dict)
    _used: set[tuple[int, int, int]] = field(default_factory=set)

    @property
    def generation(self) -> object:
        return tuple(sorted(self.known))

    def may_be_clear(self, arrival: float) -> bool:
        return arrival <= self.clear_until

    def decrypt(self, user_id: int, payload: bytes) -> bytes:
        self.attempts.append(user_id)
        if len(payload) < 12:
            raise ValueError("FrameTooShort")
        owner, epoch, nonce = struct.unpack_from(">IHI", payload)
        if owner != user_id or epoch not in self.known:
            raise ValueError("NoValidCryptorFound")
        if (owner, epoch, nonce) in self._used or nonce < self._first.setdefault((owner, epoch), nonce):
            raise ValueError("NoValidCryptorFound")
        self._used.add((owner, epoch, nonce))
        return payload[10:-2]


def sealed(number: int, *, user: int = ANNA, epoch: int = 1, ssrc: int = 9, at: float | None = None) -> SealedFrame:
    payload = struct.pack(">IHI", user, epoch, number) + b"\x78opus" + struct.pack(">I", number) + b"\xfa\xfa"
    return clear(number, payload, ssrc=ssrc, at=at)


def as_sent(number: int, *, epoch: int, nonce: int) -> SealedFrame:
    """A frame with an end as DAVE writes it: nonces begin at 1 with every key, and these have one byte."""
    frame = sealed(number, epoch=epoch)
    frame.payload = frame.payload[:-2] + bytes([nonce]) + SHORT_NONCE + b"\xfa\xfa"
    return frame


def clear(number: int, payload: bytes, *, ssrc: int = 9, at: float | None = None) -> SealedFrame:
    arrival = number * 0.02 if at is None else at
    return SealedFrame(ssrc, (65_530 + number) & 0xFFFF, number * 960, arrival, payload)


def numbers(opened: list[Opened]) -> list[int]:
    return [frame.timestamp // 960 for _, frame, _ in opened]


def everyone(user_id: int) -> bool:
    return True


@pytest.fixture
def keys() -> Keys:
    return Keys()


def test_frames_wait_for_the_user_of_their_ssrc_and_come_in_order(keys: Keys) -> None:
    keys.known = {1}
    decryption = WaitingDecryption(keys, everyone)
    assert [decryption.push(sealed(number)) for number in range(5)] == [[]] * 5
    assert keys.attempts == []
    assert numbers(decryption.name_user(9, ANNA, 0.1)) == [0, 1, 2, 3, 4]
    assert numbers(decryption.push(sealed(5))) == [5]
    assert decryption.held_frames == 0


def test_frames_wait_for_their_key_and_a_later_one_never_overtakes(keys: Keys) -> None:
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    for number in range(5):
        assert decryption.push(sealed(number)) == []
    keys.known.add(1)
    # The change of keys was not announced: the next frame must not be opened before those that wait.
    assert numbers(decryption.push(sealed(5))) == [0, 1, 2, 3, 4, 5]


def test_a_key_that_comes_alone_opens_what_waits(keys: Keys) -> None:
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    decryption.push(sealed(0))
    assert decryption.retry(0.1) == []
    keys.known.add(1)
    assert numbers(decryption.retry(0.2)) == [0]


def test_frames_from_before_our_membership_do_not_hold_up_those_after(keys: Keys) -> None:
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    for number in range(5):
        decryption.push(sealed(number, epoch=1))
    keys.known.add(2)
    assert decryption.retry(0.1) == []
    assert numbers(decryption.push(sealed(5, epoch=2))) == [5]
    assert decryption.held_frames == 0
    assert decryption.counts.unopenable == 5


def test_a_new_epochs_frame_that_overtook_an_old_ones_on_the_network_keeps_its_place(keys: Keys) -> None:
    keys.known = {1}
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    assert numbers(decryption.push(sealed(0))) == [0]
    assert decryption.push(sealed(2, epoch=2)) == []
    assert numbers(decryption.push(sealed(1, epoch=1))) == [1]
    keys.known.add(2)
    assert numbers(decryption.retry(0.1)) == [2]


def test_duplicates_are_dropped_before_decryption(keys: Keys) -> None:
    keys.known = {1}
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    assert numbers(decryption.push(sealed(3))) == [3]
    assert decryption.push(sealed(3)) == []
    assert (decryption.counts.duplicates, len(keys.attempts)) == (1, 1)


def test_a_held_frame_is_not_held_twice(keys: Keys) -> None:
    decryption = WaitingDecryption(keys, everyone)
    decryption.push(sealed(0))
    decryption.push(sealed(0))
    assert decryption.held_frames == 1


def test_who_may_not_be_recorded_is_never_decrypted(keys: Keys) -> None:
    keys.known = {1}
    decryption = WaitingDecryption(keys, lambda user_id: user_id != BEN)
    decryption.push(sealed(0, user=BEN))
    assert decryption.name_user(9, BEN, 0) == []
    assert decryption.push(sealed(1, user=BEN)) == []
    assert decryption.push(clear(2, SILENCE)) == []
    assert keys.attempts == []
    assert decryption.counts.not_permitted == 3
    assert decryption.held_frames == 0


def test_permission_can_end_while_frames_wait(keys: Keys) -> None:
    permitted = {ANNA}
    decryption = WaitingDecryption(keys, permitted.__contains__)
    decryption.name_user(9, ANNA, 0)
    decryption.push(sealed(0))
    keys.attempts.clear()
    permitted.clear()
    keys.known.add(1)
    assert decryption.retry(0.1, force=True) == []
    assert keys.attempts == []
    assert decryption.held_frames == 0


def test_frames_are_forgotten_when_their_key_can_no_longer_come(keys: Keys) -> None:
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    decryption.push(sealed(0, at=0))
    decryption.push(sealed(1, at=5))
    decryption.retry(HOLD_SECONDS + 1)
    assert decryption.held_frames == 1
    assert decryption.counts.expired == 1
    keys.known.add(1)
    assert numbers(decryption.retry(HOLD_SECONDS + 2)) == [1]


def test_the_servers_silence_passes_in_the_clear_but_in_its_order(keys: Keys) -> None:
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    assert numbers(decryption.push(clear(0, SILENCE))) == [0]
    decryption.push(sealed(1))
    assert decryption.push(clear(2, SILENCE)) == []
    keys.known.add(1)
    assert numbers(decryption.push(sealed(3))) == [1, 2, 3]


def test_a_call_without_end_to_end_encryption_passes_through(keys: Keys) -> None:
    keys.clear_until = math.inf
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    (opened,) = decryption.push(clear(0, b"\x78plain"))
    assert opened[2] == b"\x78plain"
    assert keys.attempts == []


@pytest.mark.parametrize("ending", [b"\x33\xfa\xfa", b"\xff\xfa\xfa", b"\x80\x0c\xfa\xfa"])
def test_a_packet_that_only_ends_like_a_sealed_one_passes_immediately_in_the_clear(keys: Keys, ending: bytes) -> None:
    keys.clear_until = math.inf
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    opened = decryption.push(clear(0, b"\x78plain")) + decryption.push(clear(1, b"\x78" + bytes(20) + ending))
    opened += decryption.push(clear(2, b"\x78plain")) + decryption.retry(0.2)
    assert numbers(opened) == [0, 1, 2]
    assert opened[1][2] == b"\x78" + bytes(20) + ending


@pytest.mark.parametrize("payload", [b"\xfa\xfa", b"\x0c\xfa\xfa", b"\x78" + bytes(9) + b"\x10\xfa\xfa"])
def test_what_is_too_short_to_be_sealed_waits_for_no_key(keys: Keys, payload: bytes) -> None:
    keys.clear_until = math.inf
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    assert [packet for _, _, packet in decryption.push(clear(0, payload)) + decryption.retry(0.2)] == [payload]


def test_a_frame_that_may_be_sealed_waits_for_its_key_in_a_call_that_is_being_upgraded(keys: Keys) -> None:
    keys.clear_until = math.inf
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    under_way = as_sent(0, epoch=1, nonce=1)
    assert decryption.push(under_way) == []
    assert decryption.push(clear(1, b"\x78by chance\x33\xfa\xfa")) == [], "it must not overtake the frames that wait"
    keys.known, keys.clear_until = {1}, -math.inf
    assert numbers(decryption.retry(0.1)) == [0]
    assert decryption.counts.unopenable == 0


def test_what_passes_by_chance_gives_up_nothing_that_waits_before_it(keys: Keys) -> None:
    keys.clear_until = math.inf
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    decryption.push(as_sent(0, epoch=1, nonce=1))
    decryption.push(clear(1, b"\x78by chance\x33\xfa\xfa"))
    assert decryption.retry(0.1, force=True) == []
    keys.known = {1}
    assert numbers(decryption.retry(0.2)) == [0, 1]


def test_an_encrypted_frame_under_way_during_a_downgrade_is_still_decrypted(keys: Keys) -> None:
    keys.clear_until, keys.known = math.inf, {1}
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    (opened,) = decryption.push(sealed(0))
    assert opened[2].startswith(b"\x78opus")


def test_a_clear_frame_does_not_pass_while_the_call_is_encrypted(keys: Keys) -> None:
    keys.known = {1}
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    assert decryption.push(clear(0, b"\x78plain")) == []
    assert numbers(decryption.push(sealed(1))) == [1]


def test_last_words_of_who_leaves_are_kept_and_the_ssrc_is_then_freed(keys: Keys) -> None:
    keys.known = {1}
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    decryption.push(sealed(0, at=9.9))
    decryption.user_left(ANNA, 10.0)
    assert numbers(decryption.push(sealed(1, at=10.1))) == [1]
    assert decryption.user_of(9, 10.2 + LINGER_SECONDS) is None


def test_a_stream_that_goes_on_is_still_theirs_whatever_session_of_theirs_ended(keys: Keys) -> None:
    keys.known = {1}
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    decryption.push(sealed(0, at=0.0))
    decryption.user_left(ANNA, 0.01)
    opened = [opened for number in range(1, 300) for opened in decryption.push(sealed(number))]
    assert len(opened) == 299
    assert decryption.user_of(9, 100.0) == ANNA


def test_without_encryption_an_ssrc_that_begins_anew_waits_for_the_name_of_its_next_user(keys: Keys) -> None:
    keys.clear_until = math.inf
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    assert numbers(decryption.push(clear(0, b"\x78anna"))) == [0]
    decryption.user_left(ANNA, 0.1)
    assert numbers(decryption.push(clear(1, b"\x78anna", at=0.11))) == [1], "it was under way"
    assert decryption.push(clear(9_000, b"\x78ben", at=0.3)) == []
    assert decryption.push(clear(9_001, b"\x78ben", at=0.32)) == []
    named = decryption.name_user(9, BEN, 0.4)
    assert [(user_id, packet) for user_id, _, packet in named] == [(BEN, b"\x78ben")] * 2


def test_sealed_frames_that_are_given_up_are_known_by_person_and_time(keys: Keys) -> None:
    keys.known = {1}
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    for number in range(100):
        decryption.push(sealed(number, epoch=2 if 20 <= number < 80 else 1))
    assert decryption.given_up.stretches() == {ANNA: [(pytest.approx(0.4), pytest.approx(1.6))]}
    for number in range(100, 105):
        decryption.push(sealed(number, epoch=2))
    decryption.give_up_held()
    assert decryption.given_up.stretches()[ANNA][1] == (pytest.approx(2.0), pytest.approx(2.1))


def test_whose_newest_frames_do_not_open_is_known_after_a_few_of_them(keys: Keys) -> None:
    keys.known = {1}
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    decryption.push(sealed(0))
    for number in range(1, FRAMES):
        decryption.push(sealed(number, epoch=2))
        assert decryption.failing() == []
    decryption.push(sealed(FRAMES, epoch=2))
    assert decryption.failing() == [Failing(ANNA, 1 * 0.02, FRAMES * 0.02)]
    decryption.push(sealed(FRAMES + 1))
    assert decryption.failing() == []


def test_an_ssrc_given_to_someone_else_opens_with_their_key_only(keys: Keys) -> None:
    keys.known = {1}
    decryption = WaitingDecryption(keys, everyone)
    decryption.name_user(9, ANNA, 0)
    decryption.name_user(9, BEN, 1)
    ((user_id, _, _),) = decryption.push(sealed(0, user=BEN))
    assert user_id == BEN
    assert decryption.push(sealed(1, user=ANNA)) == []


@settings(max_examples=300, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    epochs=st.lists(st.integers(1, 30), min_size=1, max_size=5),
    swaps=st.integers(0, 10),
    named_after=st.integers(0, 60),
    delay=st.integers(-5, 40),
)
def test_nothing_is_lost_whenever_names_and_keys_come(
    seed: int, epochs: list[int], swaps: int, named_after: int, delay: int
) -> None:
    """Each epoch's key comes `delay` frames after its first frame, or before it; neighbouring frames may be swapped."""
    rng = random.Random(seed)
    frames: list[SealedFrame] = []
    key_at: dict[int, int] = {}
    for epoch, count in enumerate(epochs, 1):
        key_at[epoch] = max(len(frames) + delay, 0)
        frames += [as_sent(len(frames) + index, epoch=epoch, nonce=index + 1) for index in range(count)]
    order = list(range(len(frames)))
    for _ in range(swaps if len(frames) > 2 else 0):
        at = rng.randrange(1, len(order) - 1)
        order[at], order[at + 1] = order[at + 1], order[at]
    keys = Keys()
    decryption = WaitingDecryption(keys, everyone)
    opened: list[Opened] = []
    for step in range(len(frames) + 70):
        keys.known |= {epoch for epoch, at in key_at.items() if at <= step}
        if step == named_after:
            opened += decryption.name_user(9, ANNA, step * 0.02)
        if step < len(order):
            frames[order[step]].arrival = step * 0.02
            opened += decryption.push(frames[order[step]])
        opened += decryption.retry(step * 0.02)
    assert len(set(numbers(opened))) == len(opened)
    overtaken_by = max(step - number for step, number in enumerate(order))
    if overtaken_by * 0.02 < SETTLING_SECONDS:
        assert len(opened) == len(frames)
    if not swaps:
        assert numbers(opened) == list(range(len(frames)))
    # Frames that the network delays for longer may come too late.
    assert len(frames) - len(opened) <= swaps
