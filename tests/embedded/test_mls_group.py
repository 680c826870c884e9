"""The external sender against both client implementations: davey (the bot's) and libdave (the cast's)."""

from __future__ import annotations

import random

import dave
import davey
import pytest

from bot.embedded.mls.codec import MlsFormatError
from bot.embedded.mls.events import (
    CommitAccepted,
    CommitPassedOver,
    GroupDissolved,
    GroupEvent,
    GroupReset,
    ProposalsSent,
    TransitionExecuted,
)
from bot.embedded.mls.group import Group
from bot.embedded.mls.messages import read_commit_and_welcome
from bot.embedded.mls.proposals import ExternalSender, revoke_proposals

CHANNEL = 482915736028475133
OPUS = bytes.fromhex("78") + bytes(range(60))


class DaveyMember:
    def __init__(self, user_id: int, call: Call) -> None:
        self.user_id, self.call = user_id, call
        self.session = davey.DaveSession(1, user_id, CHANNEL)
        self.session.set_external_sender(call.sender.package())

    def key_package(self) -> bytes:
        return self.session.get_serialized_key_package()

    def renew(self) -> bytes:
        self.session.reinit(1, self.user_id, CHANNEL)
        return self.key_package()

    def proposals(self, body: bytes) -> bytes | None:
        kind = davey.ProposalsOperationType.revoke if body[0] else davey.ProposalsOperationType.append
        result = self.session.process_proposals(kind, body[1:])
        return None if result is None else result.commit + (result.welcome or b"")

    def commit(self, body: bytes) -> None:
        self.session.process_commit(body)

    def welcome(self, body: bytes) -> None:
        self.session.process_welcome(body)

    def seal(self, frame: bytes) -> bytes:
        return self.session.encrypt_opus(frame)

    def open(self, sender: int, sealed: bytes) -> bytes:
        return self.session.decrypt(sender, davey.MediaType.audio, sealed)


class LibdaveMember:
    def __init__(self, user_id: int, call: Call) -> None:
        self.user_id, self.call = user_id, call
        self.session = dave.Session(self._failed)
        self.keys = dave.SignatureKeyPair.generate(1)
        self.session.init(1, CHANNEL, str(user_id), self.keys)
        self.session.set_external_sender(call.sender.package())
        self.decryptors: dict[int, dave.Decryptor] = {}

    def _failed(self, source: str, reason: str) -> None:
        raise AssertionError(f"libdave: {source}: {reason}")

    def key_package(self) -> bytes:
        package = self.session.get_marshalled_key_package()
        assert package is not None
        return package

    def renew(self) -> bytes:
        self.session.init(1, CHANNEL, str(self.user_id), self.keys)
        return self.key_package()

    def proposals(self, body: bytes) -> bytes | None:
        return self.session.process_proposals(body, self.call.known_ids())

    def commit(self, body: bytes) -> None:
        roster = self.session.process_commit(body)
        assert isinstance(roster, dict), roster

    def welcome(self, body: bytes) -> None:
        assert self.session.process_welcome(body, self.call.known_ids()) is not None

    def seal(self, frame: bytes) -> bytes:
        encryptor = dave.Encryptor()
        encryptor.assign_ssrc_to_codec(1, dave.Codec.opus)
        encryptor.set_key_ratchet(self.session.get_key_ratchet(str(self.user_id)))
        sealed = encryptor.encrypt(dave.MediaType.audio, 1, frame)
        assert sealed is not None
        return sealed

    def open(self, sender: int, sealed: bytes) -> bytes:
        decryptor = dave.Decryptor()
        ratchet = self.session.get_key_ratchet(str(sender))
        assert ratchet is not None
        decryptor.transition_to_key_ratchet(ratchet)
        frame = decryptor.decrypt(dave.MediaType.audio, sealed)
        assert frame is not None
        return frame


Member = DaveyMember | LibdaveMember


class Call:
    """Carries the group's events to the members and their answers back, in the order in which they were sent."""

    def __init__(self) -> None:
        self.sender = ExternalSender()
        self.group = Group(CHANNEL, self.sender)
        self.members: dict[int, Member] = {}
        self.log: list[GroupEvent] = []
        self.silent: set[int] = set()
        self.proposed_to: list[tuple[int, ...]] = []

    def known_ids(self) -> set[str]:
        return {str(user_id) for user_id in self.members}

    def join(self, kind: type[Member], user_id: int) -> Member:
        member = self.members[user_id] = kind(user_id, self)
        self.deliver(self.group.offer(user_id, member.key_package()))
        return member

    def leave(self, user_id: int) -> None:
        del self.members[user_id]
        self.deliver(self.group.depart(user_id))

    def deliver(self, events: list[GroupEvent]) -> None:
        for event in events:
            self.log.append(event)
            match event:
                case ProposalsSent():
                    self.proposed_to.append(event.recipients)
                    answers = {i: self.members[i].proposals(event.body) for i in event.recipients}
                    for user_id, answer in answers.items():
                        if answer is not None and user_id not in self.silent:
                            self.deliver(self.group.commit(user_id, answer))
                case CommitAccepted():
                    for user_id in event.recipients:
                        self.members[user_id].commit(event.announcement[2:])
                    for user_id, body in event.welcomes.items():
                        self.members[user_id].welcome(body[2:])
                    if event.transition_id:
                        for user_id in (*event.recipients, *event.welcomes):
                            if user_id not in self.silent:
                                self.deliver(self.group.ready(user_id, event.transition_id))
                case GroupReset():
                    for user_id in event.recipients:
                        self.deliver(self.group.offer(user_id, self.members[user_id].renew()))
                case _:
                    pass

    def of(self, kind: type[GroupEvent]) -> list:
        return [event for event in self.log if isinstance(event, kind)]

    def all_hear_all(self) -> None:
        assert set(self.group.members()) == set(self.members)
        for speaker in self.members.values() if len(self.members) > 1 else ():
            sealed = speaker.seal(OPUS)
            assert sealed != OPUS
            for listener in self.members.values():
                if listener is not speaker:
                    assert listener.open(speaker.user_id, sealed) == OPUS


@pytest.fixture
def call() -> Call:
    return Call()


@pytest.mark.parametrize("founder", [DaveyMember, LibdaveMember])
@pytest.mark.parametrize("second", [DaveyMember, LibdaveMember])
def test_members_of_both_implementations_join_one_by_one(
    call: Call, founder: type[Member], second: type[Member]
) -> None:
    for number, kind in enumerate([founder, second, LibdaveMember, DaveyMember, LibdaveMember]):
        call.join(kind, 1001 + number)
        assert call.group.epoch == number
        if number:
            call.all_hear_all()
    accepted = call.of(CommitAccepted)
    assert [event.transition_id for event in accepted] == [0, 1, 2, 3]
    assert [event.transition_id for event in call.of(TransitionExecuted)] == [1, 2, 3]
    # Every member commits to the proposals; only the first commit of an epoch counts.
    assert len(call.of(CommitPassedOver)) == 0 + 1 + 2 + 3


def test_a_leaver_is_removed_and_the_blank_leaf_used_again(call: Call) -> None:
    for user_id in (1, 2, 3, 4):
        call.join(LibdaveMember if user_id % 2 else DaveyMember, user_id)
    call.leave(2)
    call.all_hear_all()
    assert call.group.members() == (1, 3, 4)
    call.join(LibdaveMember, 5)
    call.all_hear_all()
    assert call.group.members() == (1, 5, 3, 4)
    call.leave(4)
    call.join(DaveyMember, 6)
    call.all_hear_all()
    assert call.group.members() == (1, 5, 3, 6)


def test_no_one_is_sent_their_own_proposal(call: Call) -> None:
    for user_id in (1, 2, 3):
        call.join(LibdaveMember, user_id)
    call.leave(3)
    for event in call.of(ProposalsSent):
        assert not set(event.recipients) & {*event.added, *event.removed}


def test_the_last_member_goes_on_alone_and_is_joined_again(call: Call) -> None:
    call.join(LibdaveMember, 1)
    call.join(DaveyMember, 2)
    call.leave(1)
    assert call.group.members() == (2,)
    call.join(LibdaveMember, 3)
    call.all_hear_all()


def test_an_empty_group_dissolves_and_the_next_begins_at_epoch_0(call: Call) -> None:
    call.join(LibdaveMember, 1)
    call.join(DaveyMember, 2)
    call.leave(1)
    call.leave(2)
    assert len(call.of(GroupDissolved)) == 1
    assert call.group.epoch == 0
    call.join(DaveyMember, 3)
    call.join(LibdaveMember, 4)
    call.all_hear_all()


@pytest.mark.parametrize("kind", [DaveyMember, LibdaveMember])
def test_a_member_with_new_keys_is_removed_and_added_in_one_commit(call: Call, kind: type[Member]) -> None:
    for user_id in (1, 2):
        call.join(LibdaveMember, user_id)
    call.join(kind, 3)
    call.deliver(call.group.reject(3))
    call.deliver(call.group.offer(3, call.members[3].renew()))
    call.all_hear_all()
    # The same user id comes back immediately, before its removal is committed:
    member = call.members[3] = kind(3, call)
    call.deliver(call.group.depart(3) + call.group.offer(3, member.key_package()))
    call.all_hear_all()


def test_someone_gone_before_the_commit_is_removed_by_the_next(call: Call) -> None:
    call.join(LibdaveMember, 1)
    call.join(DaveyMember, 2)
    member = call.members[3] = LibdaveMember(3, call)
    (proposed,) = call.group.offer(3, member.key_package())
    assert isinstance(proposed, ProposalsSent)
    assert proposed.added == (3,)
    assert call.group.depart(3) == []
    call.deliver([proposed])
    del call.members[3]
    assert call.group.members() == (1, 2)
    assert call.of(ProposalsSent)[-1].removed == (3,)
    call.all_hear_all()


def test_a_waiting_client_founds_when_the_founder_leaves_before_committing(call: Call) -> None:
    call.silent = {1}
    call.join(LibdaveMember, 1)
    call.join(DaveyMember, 2)
    assert call.group.awaits_commit
    call.leave(1)
    assert call.group.members() == (2,)
    call.join(LibdaveMember, 3)
    call.all_hear_all()


def test_a_change_waits_for_the_open_transition_and_silence_is_overdue(call: Call) -> None:
    call.join(LibdaveMember, 1)
    call.join(LibdaveMember, 2)
    call.silent = {2}
    call.join(DaveyMember, 3)
    assert call.group.open_transition_id == 1
    call.join(LibdaveMember, 4)
    assert call.group.epoch == 2
    call.deliver(call.group.execute_overdue())
    assert call.of(TransitionExecuted)[-1].unready == (2,)
    assert call.group.epoch == 3
    call.all_hear_all()


def test_without_any_commit_all_start_again(call: Call) -> None:
    for user_id, kind in ((1, LibdaveMember), (2, DaveyMember), (3, LibdaveMember)):
        call.join(kind, user_id)
    call.silent = {1, 2, 3}
    call.members[4] = LibdaveMember(4, call)
    call.deliver(call.group.offer(4, call.members[4].key_package()))
    assert call.group.awaits_commit
    call.silent = set()
    call.deliver(call.group.reset([1, 2, 3, 4]))
    call.all_hear_all()


def test_comings_and_goings_in_any_order(call: Call) -> None:
    chance = random.Random(20)
    for user_id in range(1, 25):
        call.join(chance.choice([DaveyMember, LibdaveMember]), user_id)
        while call.members and chance.random() < 0.45:
            call.leave(chance.choice(list(call.members)))
        call.all_hear_all()
    assert len(call.of(CommitAccepted)) > 20


def test_a_key_package_of_someone_else_or_cut_short_is_refused(call: Call) -> None:
    package = LibdaveMember(7, call).key_package()
    with pytest.raises(MlsFormatError, match="another user"):
        call.group.offer(8, package)
    for cut in (package[:-1], package + b"\0", b"", bytes(400)):
        with pytest.raises(MlsFormatError):
            call.group.offer(7, cut)


def test_a_commit_from_the_wrong_member_or_without_its_welcome_is_passed_over(call: Call) -> None:
    founder = call.join(LibdaveMember, 1)
    joiner = LibdaveMember(2, call)
    call.members[2] = joiner
    (proposed,) = call.group.offer(2, joiner.key_package())
    assert isinstance(proposed, ProposalsSent)
    answer = founder.proposals(proposed.body)
    assert answer is not None
    (event,) = call.group.commit(2, answer)
    assert isinstance(event, CommitPassedOver)
    assert "not its sender's" in event.reason
    commit_size = len(answer) - len(_welcome_of(answer))
    (event,) = call.group.commit(1, answer[:commit_size])
    assert isinstance(event, CommitPassedOver)
    assert "leaves out an added user" in event.reason
    with pytest.raises(MlsFormatError):
        call.group.commit(1, answer[:-1])
    assert isinstance(call.group.commit(1, answer)[0], CommitAccepted)


def _welcome_of(answer: bytes) -> bytes:
    commit, _ = read_commit_and_welcome(answer)
    return answer[len(commit.data) :]


def test_davey_commits_no_revoked_proposal(call: Call) -> None:
    founder = call.join(DaveyMember, 1)
    (proposed,) = call.group.offer(2, LibdaveMember(2, call).key_package())
    assert isinstance(proposed, ProposalsSent)
    assert founder.proposals(proposed.body) is not None
    assert founder.proposals(revoke_proposals(call.group._proposed)) is None


def test_libdave_commits_nothing_once_a_proposal_is_revoked(call: Call) -> None:
    founder = call.join(LibdaveMember, 1)
    call.members[2] = LibdaveMember(2, call)
    (proposed,) = call.group.offer(2, call.members[2].key_package())
    assert isinstance(proposed, ProposalsSent)
    assert founder.proposals(proposed.body) is not None
    answer = founder.proposals(revoke_proposals(call.group._proposed))
    assert answer is not None
    commit, welcome = read_commit_and_welcome(answer)
    assert commit.proposal_references == ()
    assert welcome is None
    (event,) = call.group.commit(1, answer)
    assert isinstance(event, CommitPassedOver)
