"""How each consent of a person stands on a server after a log of events that only grows.

**A withdrawal covers what was made before it**, and a later grant does not bring that back, unless the grant says so
(`covers_earlier`). An expiry is the end of a term and takes nothing back: a new grant covers what the old one did. A
suspension holds everything up until it is resumed. A withdrawal and a grant of the same moment are one request, which
only narrows consent from every server to one: it takes nothing back on that server.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from bot.domain.consent import Action, Scope
from bot.domain.consent_terms import NO_TERMS, Terms
from bot.domain.ids import GuildId

_NEVER_ENDS: Final = "~"
"""Later than every time as a text."""


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """An event of a person's log, in the order of the log; it is about every server if `guild_id` is None.

    `at` is a time as the store writes it: in UTC, always in the same format, so that times compare as texts.
    """

    guild_id: GuildId | None
    scope: Scope
    action: Action
    at: str
    version: str = ""
    locale: str = ""
    covers_earlier: bool = False
    terms: Terms = NO_TERMS


@dataclass(frozen=True, slots=True)
class TextInForce:
    """A consent text and since when people found it; `asks_again`: who agreed to another version is asked again."""

    locale: str
    version: str
    sha256: str
    asks_again: bool
    since: str


class Refusal(StrEnum):
    """Why a use is not permitted."""

    NEVER_GIVEN = "never_given"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    TERMS_MISSING = "terms_missing"
    MADE_BEFORE_WITHDRAWAL = "made_before_withdrawal"
    OTHER_RECIPIENT = "other_recipient"
    TEXT_IS_NEW = "text_is_new"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one consent stands on one server.

    `ended` says why it is not in force; None if it is. What was made up to `withdrawn_until` was withdrawn and stays
    so. `given_at`, `version`, `locale` and `terms` are those of the newest grant.
    """

    ended: Refusal | None = Refusal.NEVER_GIVEN
    withdrawn_until: str | None = None
    given_at: str = ""
    version: str = ""
    locale: str = ""
    terms: Terms = NO_TERMS

    def refusal(self, made_at: str | None, at: str) -> Refusal | None:
        """Why this consent does not cover at a time what was made then; None if it does. `made_at` is None for new."""
        if self.ended:
            return self.ended
        if self.terms.ends_at is not None and self.terms.ends_at <= at:
            return Refusal.EXPIRED
        if made_at is not None and self.withdrawn_until is not None and made_at <= self.withdrawn_until:
            return Refusal.MADE_BEFORE_WITHDRAWAL
        return None

    def is_less_than(self, earlier: Standing) -> bool:
        """Whether something that the earlier standing permitted is not permitted any more."""
        return earlier.ended is None and (
            self.ended is not None
            or (self.withdrawn_until or "") > (earlier.withdrawn_until or "")
            or not all(map(self.terms.names, earlier.terms.recipients))
            or (self.terms.ends_at or _NEVER_ENDS) < (earlier.terms.ends_at or _NEVER_ENDS)
        )


Standings = Mapping[Scope, Standing]
"""How each consent of a person stands on one server. A scope that is absent was never given."""

NEVER: Final = Standing()
"""That of a consent of which nothing is known."""


def standings(events: Iterable[ConsentEvent], guild_id: GuildId | None) -> dict[Scope, Standing]:
    """Return how each consent stands on a server after a log; with None, what was given for every server."""
    logs: defaultdict[Scope, list[ConsentEvent]] = defaultdict(list)
    for event in events:
        if event.guild_id in (None, guild_id):
            logs[event.scope].append(event)
    return {scope: _standing(log) for scope, log in logs.items()}


def suspended(events: Collection[ConsentEvent], guild_id: GuildId) -> dict[Scope, GuildId | None]:
    """Return the consents that are suspended on a server, each with the server that it was given on, None for all."""
    found = standings(events, guild_id)
    return {
        event.scope: event.guild_id
        for event in events
        if event.guild_id in (None, guild_id)
        and event.action is Action.GRANT
        and found[event.scope].ended is Refusal.SUSPENDED
    }


def _standing(log: Sequence[ConsentEvent]) -> Standing:
    """Return how a consent stands after its own log, oldest event first."""
    standing, is_suspended = NEVER, False
    for event in log:
        match event.action:
            case Action.GRANT:
                given = (event.at, event.version, event.locale, event.terms)
                lacks = not event.terms.suffice(event.scope)
                standing, is_suspended = Standing(Refusal.TERMS_MISSING if lacks else None, None, *given), False
            case Action.WITHDRAW:
                standing = replace(standing, ended=Refusal.WITHDRAWN)
            case Action.EXPIRE:
                standing = replace(standing, ended=standing.ended or Refusal.EXPIRED)
            case Action.SUSPEND:
                is_suspended = True
            case Action.RESUME:
                is_suspended = False
    ended = standing.ended or (Refusal.SUSPENDED if is_suspended else None)
    return replace(standing, ended=ended, withdrawn_until=_withdrawn_until(log))


def _withdrawn_until(log: Sequence[ConsentEvent]) -> str | None:
    """Return up to when what was made is withdrawn: to the last withdrawal that no grant took back in so many words."""
    latest: str | None = None
    granted: set[str] = set()
    for event in reversed(log):
        if event.action is Action.GRANT:
            granted.add(event.at)
            if event.covers_earlier:
                break
        elif event.action is Action.WITHDRAW and event.at not in granted:
            latest = max(latest or "", event.at)
    return latest


def must_ask(standing: Standing, texts: Sequence[TextInForce]) -> bool:
    """Whether a new text must be agreed to: since the consent was given, a text came that asks again.

    Texts of the language count in which the person agreed. Nothing is asked while its text is of the version that they
    agreed to: an operator who corrects a word and keeps the version asks no one.
    """
    own = [text for text in texts if text.locale == standing.locale]
    if not own or own[-1].version == standing.version:
        return False
    return any(text.asks_again for text in own if text.since > standing.given_at and text.version != standing.version)


def narrowed(found: Standings, in_force: Collection[Scope]) -> dict[Scope, Standing]:
    """Return the standings in which only these scopes are still in force: what waits to be stored ended the others."""
    return {
        scope: standing if scope in in_force or standing.ended else replace(standing, ended=Refusal.WITHDRAWN)
        for scope, standing in found.items()
    }
