"""Our side of a DAVE group: versions, transitions, repair, and when frames may be in the clear."""

from __future__ import annotations

import math

import davey
import pytest

from bot.embedded.mls.events import CommitAccepted, GroupEvent, ProposalsSent
from bot.embedded.mls.group import Group
from bot.embedded.mls.proposals import ExternalSender
from bot.voice.connection.group import (
    DOWNGRADE_SECONDS,
    FORMER_KEYS_SECONDS,
    PASSTHROUGH_SECONDS,
    RECOVERING_SECONDS,
    Answer,
    DaveGroup,
    DaveOp,
)

CHANNEL, BOT, ANNA = 482915736028475133, 900000000000000001, 111111111111111111
PACKET = b"\x78" + bytes(40)


class Call:
    """A delivery service, Anna on davey, and the bot."""

    def __init__(self) -> None:
        self.sender = ExternalSender()
        self.service = Group(CHANNEL, self.sender)
        self.anna = davey.DaveSession(1, ANNA, CHANNEL)
        self.anna.set_external_sender(self.sender.package())
        self.bot = DaveGroup(BOT, CHANNEL)
        self.now = 100.0
        self.sent: list[int] = []
        self.withheld: set[int] = set()

    def carry(self, events: list[GroupEvent]) -> None:
        """Carry events to both, and what they answer to the service, until nothing is left."""
        while events:
            match events.pop(0):
                case ProposalsSent(recipients, body):
                    if ANNA in recipients:
                        result = self.anna.process_proposals(davey.ProposalsOperationType.append, body[1:])
                        if result is not None:
                            events += self.service.commit(ANNA, result.commit + (result.welcome or b""))
                    if BOT in recipients:
                        events += self.heard(DaveOp.PROPOSALS, body)
                case CommitAccepted(transition_id, recipients=recipients, announcement=commit, welcomes=welcomes):
                    if ANNA in recipients:
                        self.anna.process_commit(commit[2:])
                        events += self.service.ready(ANNA, transition_id)
                    if ANNA in welcomes:
                        self.anna.process_welcome(welcomes[ANNA][2:])
                        events += self.service.ready(ANNA, transition_id)
                    if BOT in recipients and DaveOp.ANNOUNCE_COMMIT not in self.withheld:
                        events += self.heard(DaveOp.ANNOUNCE_COMMIT, commit)
                    if BOT in welcomes:
                        events += self.heard(DaveOp.WELCOME, welcomes[BOT])
                case _:
                    pass

    def heard(self, op: int, body: bytes) -> list[GroupEvent]:
        return self.answered(self.bot.received(op, body, self.now))

    def answered(self, answers: list[Answer]) -> list[GroupEvent]:
        events: list[GroupEvent] = []
        for op, data in answers:
            self.sent.append(op)
            if op == DaveOp.KEY_PACKAGE:
                assert isinstance(data, bytes)
                events += self.service.offer(BOT, data)
            elif op == DaveOp.COMMIT_WELCOME:
                assert isinstance(data, bytes)
                events += self.service.commit(BOT, data)
            elif op == DaveOp.TRANSITION_READY:
                assert isinstance(data, dict)
                events += self.service.ready(BOT, data["transition_id"])
            elif op == DaveOp.INVALID_COMMIT_WELCOME:
                events += self.service.reject(BOT)
        return events

    def form(self) -> None:
        """Let both into an encrypted call."""
        self.bot.received(DaveOp.EXTERNAL_SENDER, self.sender.package(), self.now)
        events = self.service.offer(ANNA, self.anna.get_serialized_key_package())
        self.carry(events + self.answered(self.bot.described(1)))
        assert self.bot.is_ready
        assert self.anna.ready

    def opens(self, sealed: bytes) -> bool:
        for session in self.bot.sessions(self.now):
            try:
                if session.decrypt(ANNA, davey.MediaType.audio, sealed) == PACKET:
                    return True
            except ValueError:
                pass
        return False


@pytest.fixture
def call() -> Call:
    return Call()


def test_an_encrypted_call_accepts_nothing_in_the_clear(call: Call) -> None:
    call.form()
    assert (call.bot.version, call.bot.clear_until) == (1, -math.inf)
    assert call.opens(call.anna.encrypt_opus(PACKET))


def test_a_call_that_begins_in_the_clear_is_encrypted_later(call: Call) -> None:
    assert call.bot.described(0) == []
    assert (call.bot.version, call.bot.clear_until, call.bot.session) == (0, math.inf, None)
    call.bot.received(DaveOp.EXTERNAL_SENDER, call.sender.package(), call.now)
    events = call.service.offer(ANNA, call.anna.get_serialized_key_package())
    epoch = {"protocol_version": 1, "epoch": 1, "transition_id": 4}
    call.carry(events + call.answered(call.bot.told(DaveOp.PREPARE_EPOCH, epoch, call.now)))
    assert call.bot.is_ready
    assert call.bot.version == 1, "the first commit of a group is transition 0"
    assert call.bot.clear_until == call.now + PASSTHROUGH_SECONDS
    assert call.opens(call.anna.encrypt_opus(PACKET))


def test_others_send_in_the_clear_until_an_upgrade_is_executed(call: Call) -> None:
    call.bot.described(0)
    call.bot.told(DaveOp.PREPARE_EPOCH, {"protocol_version": 1, "epoch": 1}, call.now)
    assert (call.bot.version, call.bot.clear_until) == (0, math.inf)
    ready = call.bot.told(DaveOp.PREPARE_TRANSITION, {"protocol_version": 1, "transition_id": 7}, call.now)
    assert ready == [(DaveOp.TRANSITION_READY, {"transition_id": 7})]
    assert call.bot.clear_until == math.inf
    call.bot.told(DaveOp.EXECUTE_TRANSITION, {"transition_id": 7}, call.now + 1)
    assert (call.bot.version, call.bot.clear_until) == (1, call.now + 1 + PASSTHROUGH_SECONDS)


def test_a_downgrade_lets_frames_in_the_clear_pass_from_its_announcement_on(call: Call) -> None:
    call.form()
    call.bot.told(DaveOp.PREPARE_TRANSITION, {"protocol_version": 0, "transition_id": 3}, call.now)
    assert (call.bot.version, call.bot.clear_until) == (1, call.now + DOWNGRADE_SECONDS)
    call.bot.told(DaveOp.EXECUTE_TRANSITION, {"transition_id": 3}, call.now)
    assert (call.bot.version, call.bot.clear_until) == (0, math.inf)
    assert call.opens(call.anna.encrypt_opus(PACKET)), "some encrypted frames are still under way"


def test_whoever_stays_alone_begins_again_and_is_let_into_the_next_group(call: Call) -> None:
    call.form()
    begun: list[Answer] = []
    for _ in range(3):
        begun = call.bot.told(DaveOp.PREPARE_EPOCH, {"protocol_version": 1, "epoch": 1}, call.now)
        assert [op for op, _ in begun] == [DaveOp.KEY_PACKAGE]
        alone = {"protocol_version": 1, "transition_id": 0}
        assert call.bot.told(DaveOp.PREPARE_TRANSITION, alone, call.now) == []
    assert call.bot.version == 1
    call.service, call.anna = Group(CHANNEL, call.sender), davey.DaveSession(1, ANNA, CHANNEL)
    call.anna.set_external_sender(call.sender.package())
    call.carry(call.answered(begun))
    call.carry(call.service.offer(ANNA, call.anna.get_serialized_key_package()))
    assert call.opens(call.anna.encrypt_opus(PACKET))


def test_new_keys_are_asked_for_and_the_former_ones_stay_until_they_are_there(call: Call) -> None:
    call.form()
    before = call.anna.encrypt_opus(PACKET)
    answers = call.bot.recover(call.now)
    assert [op for op, _ in answers] == [DaveOp.INVALID_COMMIT_WELCOME, DaveOp.KEY_PACKAGE]
    call.now += 60.0
    assert call.opens(before), "the server has not answered, so the others still use these keys"
    call.carry(call.answered(answers))
    assert not call.bot.is_repairing
    assert call.opens(call.anna.encrypt_opus(PACKET))
    call.bot.sessions(call.now)
    assert len(call.bot.sessions(call.now + FORMER_KEYS_SECONDS)) == 2
    assert len(call.bot.sessions(call.now + FORMER_KEYS_SECONDS + 1)) == 1


def test_a_commit_that_does_not_fit_is_refused_once(call: Call) -> None:
    call.form()
    nonsense = b"\x00\x09" + bytes(50)
    ops = [op for op, _ in call.bot.received(DaveOp.ANNOUNCE_COMMIT, nonsense, call.now)]
    assert ops == [DaveOp.INVALID_COMMIT_WELCOME, DaveOp.KEY_PACKAGE]
    again = call.bot.received(DaveOp.ANNOUNCE_COMMIT, nonsense, call.now + 0.1)
    assert [op for op, _ in again] == [DaveOp.TRANSITION_READY]


def test_a_welcome_from_before_a_request_for_new_keys_is_not_refused_again(call: Call) -> None:
    call.form()
    call.bot.recover(call.now)
    nonsense = b"\x00\x09" + bytes(50)
    assert call.bot.received(DaveOp.WELCOME, nonsense, call.now + RECOVERING_SECONDS / 2) == []
    late = call.bot.received(DaveOp.WELCOME, nonsense, call.now + RECOVERING_SECONDS * 2)
    assert [op for op, _ in late] == [DaveOp.INVALID_COMMIT_WELCOME, DaveOp.KEY_PACKAGE]


def test_a_transition_that_was_never_prepared_is_survived(call: Call) -> None:
    call.form()
    call.bot.told(DaveOp.EXECUTE_TRANSITION, {"transition_id": 99}, call.now)
    assert call.bot.version == 1
    assert call.opens(call.anna.encrypt_opus(PACKET))
