"""Consent: separate scopes, a log that only grows, and what is in force at its end.

The scopes follow SAG-AFTRA's agreements (making a replica and using it are separate consents) and GDPR article 7
(withdrawing consent is as easy as giving it).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import GuildId


class Scope(StrEnum):
    """What a person can consent to, each separately."""

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
"""The scopes without which no one is dealt a card or recorded."""

TO_RATE = frozenset({Scope.PEER_RATING})
"""The scope without which no one's judgement is kept."""


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The wording that people agreed to: an event without it proves nothing."""

    version: str
    sha256: str
    locale: str
    text: str


def in_force(log: Iterable[tuple[str, str]]) -> frozenset[Scope]:
    """Return the scopes in force after a log of (scope, action), oldest first.

    A withdrawal or an expiry ends a consent until it is granted again. A suspension lasts until it is resumed; resuming
    restores only what had been granted.
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


@dataclass(frozen=True, slots=True)
class Consented:
    """What a person consents to on one server: `here` is all that is in force, `everywhere` what is for all servers."""

    here: frozenset[Scope]
    everywhere: frozenset[Scope]


NOTHING = Consented(frozenset(), frozenset())


def consented(log: Iterable[tuple[GuildId | None, str, str]], guild_id: GuildId) -> Consented:
    """Return what is in force on a server after a log of (server, scope, action), oldest first.

    An event without a server is about every server of the bot.
    """
    events = [event for event in log if event[0] in (None, guild_id)]
    return Consented(
        in_force((scope, action) for _, scope, action in events),
        in_force((scope, action) for guild, scope, action in events if guild is None),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is not stored yet: the scopes that someone wants on a server, or on every server (`everywhere`).

    `grants` says whether it can give consent. Without the age or a readable text it can only withdraw consent.
    """

    guild_id: GuildId
    wanted: frozenset[Scope]
    everywhere: bool
    grants: bool = True


def after_asking(before: Consented, asked: Asked, guild_id: GuildId) -> Consented:
    """Return what can be relied on, on a server, while a request is not stored yet.

    Scopes can only leave `here`, never join it. A request from another server ends what held on every server and will
    no longer. A request from this server ends what it does not want and, because one that cannot grant cannot renew
    anything for this server alone, in that case also what held on every server and will no longer. `everywhere` is what
    will hold once the request is stored, so that each of several waiting requests ends what it will end then.
    """
    wanted = asked.wanted if asked.grants else asked.wanted & before.everywhere
    everywhere = wanted if asked.everywhere else frozenset[Scope]()
    ended = before.everywhere - everywhere
    if asked.guild_id != guild_id:
        return Consented(before.here - ended, everywhere)
    return Consented((before.here if asked.grants else before.here - ended) & asked.wanted, everywhere)


@dataclass(frozen=True, slots=True)
class ConsentChange:
    """One event to be logged; it is about every server if `guild_id` is None."""

    scope: Scope
    action: Action
    guild_id: GuildId | None


def changes(before: Consented, wanted: frozenset[Scope], guild_id: GuildId, *, everywhere: bool) -> list[ConsentChange]:
    """Return the events that lead from what is in force to what a person wants on a server, in the order of the scopes.

    Consent that was given for every server ends on every server if it is withdrawn on one of them.
    """
    found: list[ConsentChange] = []
    for scope in Scope:
        if scope in before.everywhere and not (scope in wanted and everywhere):
            found.append(ConsentChange(scope, Action.WITHDRAW, None))
            if scope in wanted:
                found.append(ConsentChange(scope, Action.GRANT, guild_id))
        elif scope in wanted and (scope not in before.here or (everywhere and scope not in before.everywhere)):
            found.append(ConsentChange(scope, Action.GRANT, None if everywhere else guild_id))
        elif scope in before.here and scope not in wanted:
            found.append(ConsentChange(scope, Action.WITHDRAW, guild_id))
    return found
