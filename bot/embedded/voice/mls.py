"""Carries the events of one DAVE group to its members' outboxes and the journal, and applies its two time limits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.embedded.journal import Journal
from bot.embedded.mls.events import (
    AloneReset,
    CommitAccepted,
    CommitPassedOver,
    DowngradePrepared,
    GroupDissolved,
    GroupEvent,
    GroupReset,
    ProposalsSent,
    TransitionExecuted,
)
from bot.embedded.mls.group import IMMEDIATE, Group
from bot.embedded.mls.proposals import ExternalSender
from bot.embedded.voice.faults import RoughPath
from bot.embedded.voice.protocol import DAVE_PROTOCOL_VERSION, Op
from bot.embedded.voice.session import VoiceSession

TRANSITION_TIMEOUT_S = 2.0
"""How long op 22 waits for members that do not answer with op 23, and an upgrade for clients without op 26."""

COMMIT_TIMEOUT_S = 5.0
"""How long proposals wait for a commit before the group is reset."""


@dataclass(frozen=True, slots=True)
class CallHabits:
    """How the calls of a voice server change with regard to DAVE.

    A call can begin in the clear, and is then encrypted when a test says so (`upgrade`). Discord resets the group of
    the last client in a call, and may let such a call fall into the clear until a second person comes.
    """

    begins_in_the_clear: bool = False
    resets_the_last: bool = True
    falls_into_the_clear: bool = False


class GroupCarrier:
    """The group of one voice channel. `sessions` is the channel's own mapping of connected users."""

    def __init__(
        self,
        channel_id: int,
        sender: ExternalSender,
        sessions: Mapping[int, VoiceSession],
        journal: Journal,
        path: RoughPath,
        habits: CallHabits,
    ) -> None:
        self._channel_id = channel_id
        self._sender = sender
        self._sessions = sessions
        self._journal = journal
        self._path = path
        self._habits = habits
        self._group = Group(channel_id, sender, in_the_clear=habits.begins_in_the_clear)
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_for: tuple[int, int | None] | None = None

    def greet(self, session: VoiceSession) -> None:
        """Send op 25: whose proposals the client must trust."""
        session.outbox.binary(Op.MLS_EXTERNAL_SENDER, self._sender.package())

    def depart(self, session: VoiceSession) -> None:
        """Note that the client is no longer connected. A client that is alone then begins again."""
        if len(self._sessions) == 1 and self._habits.resets_the_last:
            (last,) = self._sessions
            self._perform(self._group.left_alone(last, in_the_clear=self._habits.falls_into_the_clear))
        else:
            self._perform(self._group.depart(session.user_id))

    @property
    def version(self) -> int:
        """The DAVE version for op 4."""
        return 0 if self._group.is_in_the_clear else DAVE_PROTOCOL_VERSION

    def came(self) -> None:
        """Note that a client has come. A call that had fallen into the clear is encrypted once it has two."""
        if self._habits.falls_into_the_clear and self._group.is_in_the_clear and len(self._sessions) > 1:
            self.upgrade()

    def offer_key_package(self, session: VoiceSession, body: bytes) -> None:
        """Handle op 26. Raises MlsFormatError if it is not the client's own key package."""
        self._perform(self._group.offer(session.user_id, body))

    def commit(self, session: VoiceSession, body: bytes) -> None:
        """Handle op 28. Raises MlsFormatError if it cannot be read."""
        self._perform(self._group.commit(session.user_id, body))

    def ready(self, session: VoiceSession, transition_id: int) -> None:
        """Handle op 23."""
        self._perform(self._group.ready(session.user_id, transition_id))

    def reject(self, session: VoiceSession, transition_id: int) -> None:
        """Handle op 31."""
        self._write_journal("mls_commit_rejected", user_id=session.user_id, transition_id=transition_id)
        if session.is_bot and self._path.of(self._channel_id).ignores_refusals:
            return
        self._perform(self._group.reject(session.user_id))

    def downgrade(self) -> None:
        """Continue without end-to-end encryption (ops 21, 22). Raises GroupBusy while another change is in progress."""
        self._perform(self._group.downgrade(list(self._sessions)))

    def upgrade(self) -> None:
        """Encrypt again, in a new group (op 24 and the ops that follow). Raises GroupBusy unless downgraded."""
        self._write_journal("dave_upgrade_begun", recipients=tuple(self._sessions))
        self._perform(self._group.upgrade(list(self._sessions)))

    def close(self) -> None:
        """Cancel the time limits."""
        if self._alarm:
            self._alarm.cancel()

    def _perform(self, events: Iterable[GroupEvent]) -> None:
        for event in events:
            self._perform_one(event)
        self._set_alarm()

    def _perform_one(self, event: GroupEvent) -> None:
        match event:
            case ProposalsSent(recipients, body, epoch, added, removed):
                self._binary(recipients, Op.MLS_PROPOSALS, body)
                self._write_journal("mls_proposed", epoch=epoch, added=added, removed=removed, recipients=recipients)
            case CommitAccepted():
                self._announce(event)
            case DowngradePrepared(transition_id, recipients):
                description = {"protocol_version": 0, "transition_id": transition_id}
                self._text(recipients, Op.DAVE_PREPARE_TRANSITION, description)
            case TransitionExecuted(transition_id, epoch, recipients, unready, encrypted):
                present = tuple(user_id for user_id in recipients if user_id in self._sessions)
                self._text(present, Op.DAVE_EXECUTE_TRANSITION, {"transition_id": transition_id})
                if encrypted:
                    self._write_executed(transition_id, epoch, recipients, unready)
                else:
                    self._write_journal(
                        "dave_downgraded", transition_id=transition_id, recipients=present, unready=unready
                    )
            case AloneReset(user_id, epoch, encrypted):
                version = DAVE_PROTOCOL_VERSION if encrypted else 0
                if encrypted:
                    self._text([user_id], Op.DAVE_PREPARE_EPOCH, {"protocol_version": version, "epoch": 1})
                transition = {"protocol_version": version, "transition_id": IMMEDIATE}
                self._text([user_id], Op.DAVE_PREPARE_TRANSITION, transition)
                self._write_journal("mls_alone", epoch=epoch, user_id=user_id, encrypted=encrypted)
            case CommitPassedOver(user_id, reason):
                self._write_journal("mls_commit_passed_over", user_id=user_id, reason=reason)
            case GroupDissolved(epoch):
                self._write_journal("mls_group_dissolved", epoch=epoch)
            case GroupReset(recipients, epoch):
                description = {"protocol_version": DAVE_PROTOCOL_VERSION, "epoch": 1}
                self._text(recipients, Op.DAVE_PREPARE_EPOCH, description)
                self._write_journal("mls_group_reset", epoch=epoch, recipients=recipients)

    def _announce(self, event: CommitAccepted) -> None:
        for user_id in event.recipients:
            commit = self._path.commit_for(self._sessions[user_id], event.announcement)
            if commit is not None:
                self._binary([user_id], Op.MLS_ANNOUNCE_COMMIT, commit)
        for user_id, body in event.welcomes.items():
            self._binary([user_id], Op.MLS_WELCOME, body)
        self._write_journal(
            "mls_committed",
            transition_id=event.transition_id,
            epoch=event.epoch,
            committer=event.committer,
            members=event.members,
            added=tuple(event.welcomes),
            removed=event.removed,
        )
        if event.transition_id == IMMEDIATE:
            self._write_executed(IMMEDIATE, event.epoch, event.members, ())

    def _write_executed(
        self, transition_id: int, epoch: int, members: tuple[int, ...], unready: tuple[int, ...]
    ) -> None:
        self._write_journal(
            "mls_transition_executed",
            transition_id=transition_id,
            epoch=epoch,
            members=members,
            unready=unready,
        )

    def _set_alarm(self) -> None:
        transition_id = self._group.open_transition_id
        waiting = self._group.awaits_commit or self._group.awaits_offers or transition_id is not None
        waits_for = (self._group.epoch, transition_id) if waiting else None
        if waits_for == self._alarm_for:
            return
        self.close()
        self._alarm_for = waits_for
        if waits_for:
            delay_s = COMMIT_TIMEOUT_S if self._group.awaits_commit else TRANSITION_TIMEOUT_S
            self._alarm = asyncio.get_running_loop().call_later(delay_s, self._on_alarm)

    def _on_alarm(self) -> None:
        self._alarm_for = None
        if self._group.open_transition_id is not None:
            self._perform(self._group.execute_overdue())
        elif self._group.awaits_offers:
            self._perform(self._group.go_on_without_offers())
        else:
            self._perform(self._group.reset(list(self._sessions)))

    def _text(self, recipients: Iterable[int], op: Op, data: Mapping[str, object]) -> None:
        for user_id in recipients:
            session = self._sessions[user_id]
            self._path.hand_keys(session, partial(session.outbox.text, op, data))

    def _binary(self, recipients: Iterable[int], op: Op, body: bytes) -> None:
        for user_id in recipients:
            session = self._sessions[user_id]
            self._path.hand_keys(session, partial(session.outbox.binary, op, body))

    def _write_journal(self, kind: str, **fields: object) -> None:
        self._journal.write(kind, channel_id=self._channel_id, **fields)
