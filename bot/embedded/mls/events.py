"""What a group asks its voice server to send, and what it reports to the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProposalsSent:
    """Proposals of one epoch go to its members; `body` is the body of op 27."""

    recipients: tuple[int, ...]
    body: bytes
    epoch: int
    added: tuple[int, ...]
    removed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CommitAccepted:
    """The first valid commit of an epoch: op 29 to the members who stay, op 30 to each added one.

    `epoch` is the new one and `members` everyone in it. Transition 0 is executed on receipt, without ops 23 and 22,
    because no one had a key before it.
    """

    transition_id: int
    epoch: int
    committer: int
    recipients: tuple[int, ...]
    announcement: bytes
    welcomes: Mapping[int, bytes]
    members: tuple[int, ...]
    removed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CommitPassedOver:
    """A commit without effect, usually because another member's commit arrived first."""

    user_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class DowngradePrepared:
    """The call should continue without end-to-end encryption: op 21 with protocol version 0."""

    transition_id: int
    recipients: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TransitionExecuted:
    """Senders change to the epoch's keys, or to none: op 22. `unready` did not answer in time."""

    transition_id: int
    epoch: int
    recipients: tuple[int, ...]
    unready: tuple[int, ...]
    encrypted: bool = True


@dataclass(frozen=True, slots=True)
class GroupDissolved:
    """The last member left. The next client begins a new group."""

    epoch: int


@dataclass(frozen=True, slots=True)
class GroupReset:
    """Op 24 with epoch 1: everyone begins a new group, because no commit came or the call is encrypted again."""

    recipients: tuple[int, ...]
    epoch: int


@dataclass(frozen=True, slots=True)
class AloneReset:
    """Only one user is left ("sole member reset"): op 24 with epoch 1, then op 21 with transition 0.

    If it is not `encrypted`, op 21 names version 0 instead, and no op 24 comes.
    """

    user_id: int
    epoch: int
    encrypted: bool


GroupEvent = (
    ProposalsSent
    | CommitAccepted
    | CommitPassedOver
    | DowngradePrepared
    | TransitionExecuted
    | GroupDissolved
    | GroupReset
    | AloneReset
)
