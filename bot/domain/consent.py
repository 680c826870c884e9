"""Consent: separate scopes, and the events of a log that only grows. What they permit is in `permission`.

They follow GDPR article 7: withdrawing consent is as easy as giving it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.domain.consent_terms import NO_TERMS, Scope, Terms
from bot.domain.ids import GuildId


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


PURPOSES = (
    Scope.TRAIN_RECOGNITION,
    Scope.TRAIN_GENERATIVE_SPEECH,
    Scope.VOICE_CLONE_REPLICA,
    Scope.PUBLIC_RELEASE,
)
"""What an export can be for, apart from keeping and reviewing."""


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The wording that people agreed to: an event without it proves nothing.

    `asks_again`: people who agreed to another version are asked before they are recorded again.
    """

    version: str
    sha256: str
    locale: str
    text: str
    asks_again: bool = False


@dataclass(frozen=True, slots=True)
class Consented:
    """What a person consents to on one server: `here` is all that is in force, `everywhere` what is for all servers."""

    here: frozenset[Scope]
    everywhere: frozenset[Scope]


NOTHING = Consented(frozenset(), frozenset())


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
    """One event to be logged; it is about every server if `guild_id` is None.

    A grant that `covers_earlier` brings back what was recorded before the person withdrew.
    """

    scope: Scope
    action: Action
    guild_id: GuildId | None
    covers_earlier: bool = False
    terms: Terms = NO_TERMS


def changes(
    before: Consented,
    wanted: frozenset[Scope],
    guild_id: GuildId,
    *,
    everywhere: bool,
    renewed: frozenset[Scope] = frozenset(),
    terms: Mapping[Scope, Terms] = MappingProxyType({}),
) -> list[ConsentChange]:
    """Return the events that lead from what is in force to what a person wants on a server, in the order of the scopes.

    Consent that was given for every server ends on every server if it is withdrawn on one of them. What is wanted and
    `renewed` is granted once more, even if it is in force: with a new text, or for other recipients. Grants have the
    `terms` of their scope; one whose terms do not suffice is not among them.
    """
    found: list[ConsentChange] = []

    def grant(scope: Scope, guild: GuildId | None) -> None:
        if terms.get(scope, NO_TERMS).suffice(scope):
            found.append(ConsentChange(scope, Action.GRANT, guild, terms=terms.get(scope, NO_TERMS)))

    here = None if everywhere else guild_id
    for scope in Scope:
        if scope in before.everywhere and not (scope in wanted and everywhere):
            found.append(ConsentChange(scope, Action.WITHDRAW, None))
            if scope in wanted:
                grant(scope, guild_id)
        elif scope in wanted and (scope not in before.here or (everywhere and scope not in before.everywhere)):
            grant(scope, here)
        elif scope in before.here and scope not in wanted:
            found.append(ConsentChange(scope, Action.WITHDRAW, guild_id))
        elif scope in wanted & renewed:
            grant(scope, here)
    return found
