"""Consent: separate scopes, a log that only grows, and what is in force at the end of it.

Scopes after SAG-AFTRA's agreements (making a replica and using it are separate consents) and GDPR article 7
(withdrawing is as easy as giving).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What a person can consent to, one by one."""

    RECORD = "record"
    STORE_AND_REVIEW = "store_and_review"
    PEER_RATING = "peer_rating"
    TRAIN_RECOGNITION = "train_recognition"
    TRAIN_GENERATIVE_SPEECH = "train_generative_speech"
    VOICE_CLONE_REPLICA = "voice_clone_replica"
    SHARE_WITH_CLIENT = "share_with_client"
    PUBLIC_RELEASE = "public_release"
    PUBLISH_DEMOGRAPHICS = "publish_demographics"
    RECONTACT = "recontact"
    CREDIT_BY_NAME = "credit_by_name"


class Action(StrEnum):
    """What can happen to a consent."""

    GRANT = "grant"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    SUSPEND = "suspend"
    RESUME = "resume"


TO_PERFORM = frozenset({Scope.RECORD, Scope.STORE_AND_REVIEW})
"""Without these two nobody is dealt a card or recorded."""

TO_RATE = frozenset({Scope.PEER_RATING})
"""Without this nobody's judgement is kept."""


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The wording people agreed to: an event without it proves nothing."""

    version: str
    sha256: str
    locale: str
    text: str


def in_force(log: Iterable[tuple[str, str]]) -> frozenset[Scope]:
    """The scopes in force after a log of (scope, action), oldest first.

    A withdrawal or expiry ends a consent until it is granted anew; a suspension lasts until it is resumed, and
    resuming brings back only what had been granted.
    """
    granted: set[Scope] = set()
    suspended: set[Scope] = set()
    for scope_name, action_name in log:
        scope = Scope(scope_name)
        match Action(action_name):
            case Action.GRANT:
                granted.add(scope)
                suspended.discard(scope)
            case Action.WITHDRAW | Action.EXPIRE:
                granted.discard(scope)
            case Action.SUSPEND:
                suspended.add(scope)
            case Action.RESUME:
                suspended.discard(scope)
    return frozenset(granted - suspended)


def changes(before: frozenset[Scope], wanted: frozenset[Scope]) -> list[tuple[Scope, Action]]:
    """The events that lead from what is in force to what a person wants, in the scopes' order."""
    return [
        (scope, Action.GRANT if scope in wanted else Action.WITHDRAW)
        for scope in Scope
        if (scope in wanted) != (scope in before)
    ]
