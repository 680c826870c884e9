"""Consent: separate scopes, a log that only grows, and what is in force at the end of it.

Scopes after SAG-AFTRA's agreements (making a replica and using it are separate consents) and GDPR article 7
(withdrawing is as easy as giving).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import GuildId


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


@dataclass(frozen=True, slots=True)
class Consented:
    """What a person consents to on one server: `here` is all that is in force, `everywhere` what holds on every one."""

    here: frozenset[Scope]
    everywhere: frozenset[Scope]


NOTHING = Consented(frozenset(), frozenset())


def consented(log: Iterable[tuple[GuildId | None, str, str]], guild_id: GuildId) -> Consented:
    """What is in force on a server after a log of (server, scope, action), oldest first.

    An event without a server is about every server of the bot.
    """
    events = [event for event in log if event[0] in (None, guild_id)]
    return Consented(
        in_force((scope, action) for _, scope, action in events),
        in_force((scope, action) for guild, scope, action in events if guild is None),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that is not stored yet: what somebody wants on a server, or `everywhere`, on every server.

    `grants`: whether it can give anything. Without age or a readable text it can only take back.
    """

    guild_id: GuildId
    wanted: frozenset[Scope]
    everywhere: bool
    grants: bool = True


def after_asking(before: Consented, asked: Asked, guild_id: GuildId) -> Consented:
    """What may be relied on, on a server, while a request is not stored yet: `here` only ever loses by it.

    Made on another server, it ends what had held on every one and is not to do so any more; so it does here, if it
    cannot give the same for this server. `everywhere` is what will hold once it is stored, so that requests that wait
    one behind the other end what they end.
    """
    wanted = asked.wanted if asked.grants else asked.wanted & before.everywhere
    everywhere = wanted if asked.everywhere else frozenset[Scope]()
    ended = before.everywhere - everywhere
    if asked.guild_id != guild_id:
        return Consented(before.here - ended, everywhere)
    return Consented((before.here if asked.grants else before.here - ended) & asked.wanted, everywhere)


@dataclass(frozen=True, slots=True)
class ConsentChange:
    """One event to come; `guild_id` None is about every server."""

    scope: Scope
    action: Action
    guild_id: GuildId | None


def changes(before: Consented, wanted: frozenset[Scope], guild_id: GuildId, *, everywhere: bool) -> list[ConsentChange]:
    """The events that lead from what is in force to what a person wants on a server, in the scopes' order.

    What is withdrawn on any server and had been given for every one ends on every one.
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
