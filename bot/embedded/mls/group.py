"""One DAVE group as its voice server sees it: members, waiting clients, open proposals and the open transition.

No I/O and no clock: the caller reports what happens, and gets back what to send as events. There is one change at a
time: while a commit is awaited or a transition is not executed, everything else waits. That way no epoch overtakes a
proposal, and op 22 of an older transition never follows that of a newer one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.embedded.mls.codec import MlsFormatError
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
from bot.embedded.mls.messages import Commit, KeyPackage, Welcome, read_commit_and_welcome, read_key_package
from bot.embedded.mls.proposals import ExternalSender, Proposal, append_proposals
from bot.embedded.mls.tree import Leaves

IMMEDIATE = 0
"""The transition that is executed on receipt (DAVE, "transition id 0")."""


@dataclass(slots=True)
class _Transition:
    transition_id: int
    awaited: set[int]
    recipients: tuple[int, ...]
    encrypted: bool = True


class GroupBusy(RuntimeError):
    """A commit or a transition is awaited, and there is only one change at a time."""


class Group:
    """The members of one call, their epochs and the proposals of the external sender.

    Methods return what to send, in order. If `offer` or `commit` raises MlsFormatError, the client is at fault.
    """

    def __init__(self, group_id: int, sender: ExternalSender, *, in_the_clear: bool = False) -> None:
        self._group_id = group_id.to_bytes(8, "big")
        self._sender = sender
        self._leaves = Leaves()
        self.epoch = 0
        self._waiting: dict[int, KeyPackage] = {}
        self._leaving: set[int] = set()
        self._proposed: tuple[Proposal, ...] = ()
        self._transition: _Transition | None = None
        self._last_transition_id = IMMEDIATE
        self._in_the_clear = in_the_clear
        self._awaited_offers: set[int] = set()
        self._upgrading = False

    @property
    def is_in_the_clear(self) -> bool:
        """Whether the call goes without end-to-end encryption. An upgrade ends that as soon as it begins."""
        return self._in_the_clear

    @property
    def awaits_commit(self) -> bool:
        """Whether there are proposals that no one has committed yet."""
        return bool(self._proposed)

    @property
    def awaits_offers(self) -> bool:
        """Whether clients that are present have not offered the key package for an upgrade yet."""
        return bool(self._awaited_offers)

    @property
    def open_transition_id(self) -> int | None:
        """The transition whose op 23 answers are awaited."""
        return self._transition.transition_id if self._transition else None

    def members(self) -> tuple[int, ...]:
        """Return all users with the current epoch's keys who are not about to be removed, by leaf."""
        return tuple(user_id for user_id in self._leaves.members() if user_id not in self._leaving)

    def offer(self, user_id: int, data: bytes) -> list[GroupEvent]:
        """Handle op 26: a user wants to join, or to join again with new keys."""
        package = read_key_package(data)
        if package.user_id != user_id:
            raise MlsFormatError("The key package names another user than its sender.")
        events = self._mark_leaving(user_id)
        self._waiting[user_id] = package
        self._awaited_offers.discard(user_id)
        return events + self._advance()

    def depart(self, user_id: int) -> list[GroupEvent]:
        """Note that a client is gone. The others remove it."""
        self._waiting.pop(user_id, None)
        self._awaited_offers.discard(user_id)
        return self._mark_leaving(user_id) + self._advance()

    def reject(self, user_id: int) -> list[GroupEvent]:
        """Handle op 31: a member could not process its commit or Welcome. It will offer a new key package."""
        return self.depart(user_id)

    def commit(self, user_id: int, data: bytes) -> list[GroupEvent]:
        """Handle op 28: the first commit to all proposals of the epoch is announced, later ones are ignored."""
        commit, welcome = read_commit_and_welcome(data)
        fault = self._fault_of(user_id, commit, welcome)
        if fault:
            return [CommitPassedOver(user_id, fault)]
        proposals = {proposal.reference: proposal for proposal in self._proposed}
        ordered = [proposals[reference] for reference in commit.proposal_references]
        return self._accept(user_id, commit, welcome, ordered) + self._advance()

    def ready(self, user_id: int, transition_id: int) -> list[GroupEvent]:
        """Handle op 23: a member has the new keys. Answers to executed transitions are ignored."""
        transition = self._transition
        if transition is None or transition.transition_id != transition_id:
            return []
        transition.awaited.discard(user_id)
        return self._execute_if_all_ready() + self._advance()

    def execute_overdue(self) -> list[GroupEvent]:
        """Execute the open transition without the missing answers, after its time limit."""
        return (self._execute() + self._advance()) if self._transition else []

    def go_on_without_offers(self) -> list[GroupEvent]:
        """Upgrade the call without those who have offered no key package within the time limit."""
        self._awaited_offers.clear()
        return self._advance()

    def reset(self, present: Sequence[int]) -> list[GroupEvent]:
        """Let everyone begin a new group, because no commit came within the time limit."""
        event = GroupReset(tuple(present), self.epoch)
        self._clear()
        self._waiting.clear()
        return [event]

    def downgrade(self, present: Sequence[int]) -> list[GroupEvent]:
        """Continue the call without end-to-end encryption. Raises GroupBusy while another change is in progress."""
        if self._proposed or self._transition:
            raise GroupBusy("A commit or a transition is awaited.")
        self._last_transition_id = self._last_transition_id % 0xFFFF + 1
        self._transition = _Transition(self._last_transition_id, set(present), tuple(present), encrypted=False)
        return [DowngradePrepared(self._last_transition_id, tuple(present))]

    def upgrade(self, present: Sequence[int]) -> list[GroupEvent]:
        """After a downgrade, begin a new group of everyone present. They encrypt when its first commit is executed."""
        if not self._in_the_clear:
            raise GroupBusy("The call is not in the clear.")
        self._in_the_clear, self._upgrading = False, True
        self._awaited_offers = set(present)
        self._waiting.clear()
        return [GroupReset(tuple(present), self.epoch)]

    def left_alone(self, user_id: int, *, in_the_clear: bool) -> list[GroupEvent]:
        """Note that all others are gone: the one who stays begins a new group, or goes on in the clear."""
        if self._in_the_clear:
            return []
        event = AloneReset(user_id, self.epoch, encrypted=not in_the_clear)
        self._clear()
        self._waiting.clear()
        self._awaited_offers.clear()
        self._in_the_clear = in_the_clear
        return [event]

    def _mark_leaving(self, user_id: int) -> list[GroupEvent]:
        if user_id in self._leaves:
            self._leaving.add(user_id)
        if self._transition:
            self._transition.awaited.discard(user_id)
        return self._execute_if_all_ready()

    def _fault_of(self, user_id: int, commit: Commit, welcome: Welcome | None) -> str | None:
        if not self._proposed or commit.epoch != self.epoch:
            return f"epoch {commit.epoch} is committed already"
        if commit.group_id != self._group_id:
            return "it belongs to another group"
        if self._leaves.at(commit.sender_leaf) != user_id or user_id in self._leaving:
            return f"leaf {commit.sender_leaf} is not its sender's"
        wanted = {proposal.reference for proposal in self._proposed}
        if len(commit.proposal_references) != len(wanted) or set(commit.proposal_references) != wanted:
            return "it does not cover the epoch's proposals"
        added = {proposal.added.reference for proposal in self._proposed if proposal.added}
        if not added <= (welcome.secrets.keys() if welcome else set()):
            return "its Welcome leaves out an added user"
        return None

    def _accept(
        self, committer: int, commit: Commit, welcome: Welcome | None, proposals: Sequence[Proposal]
    ) -> list[GroupEvent]:
        transition_id = self._next_transition_id()
        prefix = transition_id.to_bytes(2, "big")
        removed = tuple(proposal.user_id for proposal in proposals if proposal.added is None)
        recipients = tuple(member for member in self.members() if member not in removed)
        self._leaves.apply(removed, [proposal.user_id for proposal in proposals if proposal.added])
        self._leaving -= set(removed)
        welcomes: dict[int, bytes] = {}
        for proposal in proposals:
            if proposal.added and welcome:
                if self._waiting.get(proposal.user_id) is proposal.added:
                    del self._waiting[proposal.user_id]
                    welcomes[proposal.user_id] = prefix + welcome.for_member(proposal.added.reference)
                else:
                    # Gone, or back with new keys, since the proposal: the commit is valid, and the next one removes.
                    self._leaving.add(proposal.user_id)
        self.epoch += 1
        self._proposed = ()
        reached = (*recipients, *welcomes)
        if transition_id != IMMEDIATE:
            self._transition = _Transition(transition_id, set(reached), reached)
        announcement = prefix + commit.data
        return [
            CommitAccepted(
                transition_id, self.epoch, committer, recipients, announcement, welcomes, self.members(), removed
            )
        ]

    def _next_transition_id(self) -> int:
        if self.epoch == 0 and not self._upgrading:
            return IMMEDIATE
        self._upgrading = False
        self._last_transition_id = self._last_transition_id % 0xFFFF + 1
        return self._last_transition_id

    def _execute_if_all_ready(self) -> list[GroupEvent]:
        return self._execute() if self._transition and not self._transition.awaited else []

    def _execute(self) -> list[GroupEvent]:
        transition, self._transition = self._transition, None
        if transition is None:
            return []
        unready = tuple(sorted(transition.awaited))
        if not transition.encrypted:
            self._clear()
            self._in_the_clear = True
            return [TransitionExecuted(transition.transition_id, 0, transition.recipients, unready, encrypted=False)]
        reached = tuple(user_id for user_id in transition.recipients if user_id in self.members())
        return [TransitionExecuted(transition.transition_id, self.epoch, reached, unready)]

    def _advance(self) -> list[GroupEvent]:
        """Begin the next change if none is in progress. In the clear there are no changes."""
        if self._in_the_clear or self._awaited_offers:
            return []
        events: list[GroupEvent] = []
        if self._leaves and not self.members():
            events.append(GroupDissolved(self.epoch))
            self._clear()
        if not self._leaves and self._waiting:
            # Each client starts with its own group, at epoch 0 with itself at leaf 0. The first client's is used.
            founder = next(iter(self._waiting))
            del self._waiting[founder]
            self._leaves.found(founder)
        if not self._leaves or self._proposed or self._transition:
            return events
        return events + self._propose()

    def _propose(self) -> list[GroupEvent]:
        removes = [
            self._sender.remove(self._group_id, self.epoch, self._leaves.index_of(user_id), user_id)
            for user_id in sorted(self._leaving)
        ]
        adds = [self._sender.add(self._group_id, self.epoch, package) for package in self._waiting.values()]
        self._proposed = (*removes, *adds)
        if not self._proposed:
            return []
        body = append_proposals(self._proposed)
        added = tuple(proposal.user_id for proposal in adds)
        removed = tuple(proposal.user_id for proposal in removes)
        return [ProposalsSent(self.members(), body, self.epoch, added, removed)]

    def _clear(self) -> None:
        self._leaves.clear()
        self._leaving.clear()
        self._proposed = ()
        self._transition = None
        self.epoch = 0
