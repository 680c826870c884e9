"""The small rules of a voice connection: pings, remedies against sealed sound, who is in the call, video, losses."""

from __future__ import annotations

import pytest

from bot.domain.ids import UserId
from bot.domain.states import HoleCause
from bot.voice.connection.pings import ANSWER, DOUBT_SECONDS, PING, PING_SECONDS, UNANSWERED_PINGS, Pings, is_answer
from bot.voice.connection.repairing import AGAIN_SECONDS, CURED_SECONDS, REMEDY_SECONDS, KeyRepair, Remedy, Sealed
from bot.voice.connection.roster import Ended, Named, Roster
from bot.voice.connection.video import VideoWants
from bot.voice.receiving.keys import is_sealed, nonce_of
from bot.voice.receiving.undecryptable import GivenUp
from bot.voice.recording.holes import Hole, holes_of, merged

OWN, ANNA, BEN = 900, UserId(11), UserId(12)


def test_pings_are_numbered_and_their_answers_known() -> None:
    pings = Pings()
    assert pings.due(100.0, 0.0) == PING + b"\0\0\0\1"
    assert pings.due(100.1, 100.05) is None
    assert pings.due(100.0 + PING_SECONDS, 100.05) == PING + b"\0\0\0\2"
    assert is_answer(ANSWER + b"\0\0\0\2")
    assert not is_answer(PING + b"\0\0\0\2")
    assert not is_answer(ANSWER)


def test_a_server_that_stops_answering_is_dead_and_one_that_never_answered_is_not() -> None:
    pings, now, sent = Pings(), 100.0, 0
    while not pings.are_dead(now, 99.9, were_answered=True):
        assert not pings.are_dead(now, 99.9, were_answered=False)
        sent += pings.due(now, 99.9) is not None
        now += 0.25
    assert sent == UNANSWERED_PINGS
    assert now - 100.0 == UNANSWERED_PINGS * DOUBT_SECONDS
    assert not pings.are_dead(now, now, were_answered=True), "any packet shows that UDP works"


def test_silence_is_no_death_while_pings_are_answered() -> None:
    pings, answered = Pings(), 99.0
    for step in range(200):
        now = 100.0 + step * 0.25
        assert not pings.are_dead(now, answered, were_answered=True)
        if pings.due(now, answered) is not None:
            answered = now + 0.05


def sealed(now: float, *, hears_others: bool = True) -> Sealed:
    return Sealed(frozenset({ANNA}), 100.0, now, hears_others)


def test_each_remedy_is_tried_once_and_given_time() -> None:
    repair = KeyRepair()
    assert repair.look(sealed(100.4, hears_others=False), 100.4) is Remedy.NEW_KEYS
    assert repair.look(sealed(100.6, hears_others=False), 100.6) is None
    at = 100.4 + REMEDY_SECONDS
    assert repair.look(sealed(at, hears_others=False), at) is Remedy.NEW_SESSION
    at += REMEDY_SECONDS
    assert repair.look(sealed(at, hears_others=False), at) is Remedy.REJOIN
    assert repair.look(sealed(at + AGAIN_SECONDS - 0.1, hears_others=False), at + AGAIN_SECONDS - 0.1) is None
    at += AGAIN_SECONDS
    assert repair.look(sealed(at, hears_others=False), at) is Remedy.NEW_KEYS


def test_no_one_who_is_heard_is_cut_off_for_another() -> None:
    repair, tried, now = KeyRepair(), list[Remedy | None](), 100.0
    while now < 160.0:
        tried.append(repair.look(sealed(now), now))
        now += 0.1
    assert Remedy.REJOIN not in tried
    assert tried.count(Remedy.NEW_SESSION) == 1


def test_silence_after_a_remedy_is_no_reason_for_the_next_one() -> None:
    repair = KeyRepair()
    repair.look(sealed(100.4), 100.4)
    assert repair.look(sealed(100.5), 109.0) is None, "nothing newer has come"


def test_after_a_cure_the_remedies_begin_again() -> None:
    repair = KeyRepair()
    repair.look(sealed(100.4), 100.4)
    assert repair.look(None, 100.4 + CURED_SECONDS + 0.1) is None
    assert repair.look(sealed(120.0), 120.0) is Remedy.NEW_KEYS


def test_our_own_id_is_no_company() -> None:
    roster = Roster(OWN)
    roster.told(11, {"user_ids": [str(OWN), str(ANNA)]})
    assert roster.told(5, {"user_id": str(OWN), "ssrc": 1, "speaking": 1}) is None
    assert roster.told(13, {"user_id": str(OWN)}) is None
    assert roster.users == {ANNA}


@pytest.mark.parametrize(
    "order",
    ["11 5 13", "5 11 13", "5 13 11", "13 11 5", "11 13 5", "13 5 11", "5 13", "13 5"],
)
def test_whoever_switches_devices_stays_and_has_the_new_ssrc(order: str) -> None:
    roster = Roster(OWN)
    roster.told(11, {"user_ids": [str(ANNA)]})
    assert roster.told(5, {"user_id": str(ANNA), "ssrc": 1, "speaking": 1}) == Named(ANNA, 1)
    ended: set[int] = set()
    for op in map(int, order.split()):
        news = roster.told(op, {"user_id": str(ANNA), "user_ids": [str(ANNA)], "ssrc": 2})
        ended |= news.ssrcs if isinstance(news, Ended) else set()
    assert ended == {1}
    assert roster.users == {ANNA}
    assert roster.told(13, {"user_id": str(ANNA)}) == Ended(ANNA, frozenset({2}))
    assert roster.users == set()
    assert roster.heard_of == {ANNA}


def test_an_ssrc_that_was_given_to_someone_else_does_not_end_with_its_former_user() -> None:
    roster = Roster(OWN)
    roster.told(5, {"user_id": str(ANNA), "ssrc": 1})
    roster.told(5, {"user_id": str(BEN), "ssrc": 1})
    assert roster.told(13, {"user_id": str(ANNA)}) == Ended(ANNA, frozenset())


def test_video_is_refused_by_its_ssrcs_and_sound_never() -> None:
    video = VideoWants()
    assert video.wants() == {"any": 100}
    camera = {"user_id": str(ANNA), "audio_ssrc": 1, "video_ssrc": 2, "streams": [{"ssrc": 2, "rtx_ssrc": 3}]}
    assert video.announced(camera)
    assert video.wants() == {"any": 100, "2": 0, "3": 0}
    assert not video.announced(camera)
    assert not video.announced({"user_id": str(ANNA), "audio_ssrc": 1, "video_ssrc": 0, "streams": []})
    assert video.wants() == {"any": 100}


@pytest.mark.parametrize("nonce", [0, 1, 127, 128, 300, 70_000, 2**32 - 1])
def test_the_nonce_of_a_sealed_frame_is_read(nonce: int) -> None:
    number, rest = b"", nonce
    while True:
        rest, low = rest >> 7, rest & 0x7F
        number += bytes([low | (0x80 if rest else 0)])
        if not rest:
            break
    frame = bytes(30) + bytes(8) + number + bytes([8 + len(number) + 3]) + b"\xfa\xfa"
    assert nonce_of(frame) == nonce
    assert is_sealed(frame)
    assert not is_sealed(frame[:-1])


def test_what_was_given_up_is_known_as_stretches_and_short_ones_do_not_count() -> None:
    given_up = GivenUp()
    given_up.note(ANNA, [1.0, 1.02, 1.04, 1.3, 9.0])
    given_up.note(BEN, [1.0])
    assert given_up.stretches() == {ANNA: [(1.0, 1.32)]}


def test_holes_of_different_causes_do_not_overlap_and_each_person_has_their_own() -> None:
    lost = Hole(100, 300)
    sealed_sound = Hole(200, 500, HoleCause.UNDECRYPTABLE, ANNA)
    holes = merged([sealed_sound, lost, Hole(250, 400)], 450)
    assert holes == (Hole(100, 400), Hole(200, 450, HoleCause.UNDECRYPTABLE, ANNA))
    assert holes_of(BEN, holes) == (Hole(100, 400),)
    assert holes_of(ANNA, holes) == holes
