"""What a person permits: one rule for everything that touches their sound, their words or their judgement.

`permits` goes from the log of a person's consent events and the texts that were in force to yes, or to the reason why
not. Everything that opens a frame, lets someone hear a clip, keeps an answer or writes an export asks it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.consent import TO_PERFORM, TO_RATE, Consented, Scope
from bot.domain.ids import GuildId
from bot.domain.standing import NEVER, ConsentEvent, Refusal, Standings, TextInForce, must_ask, standings


class Use(StrEnum):
    """What is done with what comes from a person."""

    RECORD = "record"
    KEEP = "keep"
    LET_RATE = "let_rate"
    LET_ABSENT_RATE = "let_absent_rate"
    RATE = "rate"
    EXPORT = "export"
    VOICEPRINT = "voiceprint"
    PUBLISH_WORDS = "publish_words"
    PUBLISH_DEMOGRAPHICS = "publish_demographics"
    RECONTACT = "recontact"
    CREDIT = "credit"


NEEDED: Final[Mapping[Use, frozenset[Scope]]] = {
    Use.RECORD: TO_PERFORM,
    Use.KEEP: TO_PERFORM,
    Use.LET_RATE: TO_PERFORM,
    Use.LET_ABSENT_RATE: TO_PERFORM | {Scope.PUBLIC_RELEASE},
    Use.RATE: TO_RATE,
    Use.EXPORT: TO_PERFORM,
    Use.VOICEPRINT: TO_PERFORM | {Scope.VOICEPRINT_ANALYSIS},
    Use.PUBLISH_WORDS: TO_PERFORM | {Scope.PUBLISH_TRANSCRIPT},
    Use.PUBLISH_DEMOGRAPHICS: frozenset({Scope.PUBLISH_DEMOGRAPHICS}),
    Use.RECONTACT: frozenset({Scope.RECONTACT}),
    Use.CREDIT: frozenset({Scope.CREDIT_BY_NAME}),
}
"""The scopes that each use needs, all of them. An export needs those of its purpose and its recipient, too.

No scope is about being heard by invited people who were not there: only publication covers people whom the performer
did not meet."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One use, on the server where the material comes from.

    `made_at` is when the sound was recorded or the answer given, as the store writes times; None for what is still to
    be made. An export can have a `purpose` and a `recipient`.
    """

    use: Use
    made_at: str | None = None
    purpose: Scope | None = None
    recipient: str | None = None

    @property
    def needed(self) -> frozenset[Scope]:
        """The scopes that it needs."""
        purpose = {self.purpose} if self.purpose else set[Scope]()
        return NEEDED[self.use] | purpose | ({Scope.SHARE_WITH_CLIENT} if self.recipient else set[Scope]())


TO_RECORD: Final = Wanted(Use.RECORD)
"""To open someone's frames from now on."""

TO_KEEP_ANSWERS: Final = Wanted(Use.RATE)
"""To keep an answer that is given now."""


@dataclass(frozen=True, slots=True)
class Permission:
    """Yes, or why not: the reason, and the scope that it is about. True if the use is permitted."""

    why_not: Refusal | None = None
    scope: Scope | None = None

    def __bool__(self) -> bool:
        return self.why_not is None


YES: Final = Permission()


def permits(
    events: Iterable[ConsentEvent], wanted: Wanted, guild_id: GuildId, texts: Sequence[TextInForce], at: str
) -> Permission:
    """Say whether a person permits a use of what comes from a server, at a time.

    `events` and `texts` are everything that is known at that time, in their order.
    """
    return permitted(standings(events, guild_id), wanted, at, texts)


def permitted(found: Standings, wanted: Wanted, at: str, texts: Sequence[TextInForce] = ()) -> Permission:
    """`permits`, for standings that were found before. Only a new recording depends on the texts."""
    for scope in Scope:
        if scope not in wanted.needed:
            continue
        standing = found.get(scope, NEVER)
        if why := standing.refusal(wanted.made_at, at):
            return Permission(why, scope)
        if scope is Scope.SHARE_WITH_CLIENT and wanted.recipient and not standing.terms.names(wanted.recipient):
            return Permission(Refusal.OTHER_RECIPIENT, scope)
        if wanted.use is Use.RECORD and must_ask(standing, texts):
            return Permission(Refusal.TEXT_IS_NEW, scope)
    return YES


def scopes_in_force(found: Standings, at: str, texts: Sequence[TextInForce] = ()) -> frozenset[Scope]:
    """Return the scopes in force for what is made now. One whose text must be agreed to again is not among them."""
    return frozenset(
        scope
        for scope, standing in found.items()
        if standing.refusal(None, at) is None and not (scope in TO_PERFORM and must_ask(standing, texts))
    )


def consented(
    events: Collection[ConsentEvent], guild_id: GuildId, at: str, texts: Sequence[TextInForce] = ()
) -> Consented:
    """Return what is in force on a server at a time, and which of it was given for every server."""
    return Consented(
        scopes_in_force(standings(events, guild_id), at, texts),
        scopes_in_force(standings((one for one in events if one.guild_id is None), None), at),
    )


def may_record(consents: Consented) -> bool:
    """Whether what is in force lets a person be recorded: the same rule, for the gate that is asked for every frame."""
    return consents.here >= TO_RECORD.needed
