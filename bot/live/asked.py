"""The kinds of promises in the journal, with their facts. Nothing in them says who pressed an X-card or Ease off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from bot.domain.consent import Asked, Consented, Scope, after_asking
from bot.domain.ids import GuildId, UserId
from bot.domain.limits import LimitChange, LimitKind

TAKE_CUT: Final = "take_cut"
"""`take`, `duration_samples`, `reason`. Settled when the take is kept, or when the next start closes it."""

PAUSED: Final = "session_paused"
"""`session`, `cause`, `at`; with a running take `take` and `position_samples`, else both null."""

STOPPED: Final = "scene_stopped"
"""`session`, `scene`, `at`; with a running take `take` and `duration_samples`, else both null."""

EASED: Final = "take_eased"
"""`session_id`, `scene_id`, `take_id`, `after_seconds`, and the `at` that fits it: to ten seconds."""

CONSENT: Final = "consent_asked"
"""`user`, `guild`, `everywhere`, `wanted` (scopes, as `written`), `adult`, `at`; if the text could be read, its
`version`, `sha256` and `locale`. `shares` is the digest of the recipients whom the form named; 0 if it named none."""

ERASURE: Final = "erasure_asked"
"""`user`, `keeps_ratings`, `names` (what people call them, until the store has it), `at`."""

WITHDRAWAL: Final = "consent_withdrawn"
"""`user`, `scopes` (separated by blanks), `at`: on every server."""

LIMITS: Final = "limits_changed"
"""`user`, `of` (a LimitKind), `there` and `gone` (keys, separated by blanks), `at`."""


def written(scopes: Collection[Scope]) -> int:
    """Scopes as a number: each has the bit of its place among all scopes, to which new ones are added at the end."""
    return sum(1 << number for number, scope in enumerate(Scope) if scope in scopes)


def _read(wanted: int | str) -> frozenset[Scope]:
    # Earlier versions wrote the names, which the slot of a journal has no room for any more.
    if isinstance(wanted, str):
        return frozenset(Scope(name) for name in wanted.split())
    return frozenset(scope for number, scope in enumerate(Scope) if wanted >> number & 1)


def left_after(facts: Mapping[str, Any], kind: str, before: Consented, guild_id: GuildId) -> Consented:
    """What can be relied on, on a server, while a promise about someone's consents is not stored yet."""
    if kind == CONSENT:
        return after_asking(before, asked_in(facts), guild_id)
    ended = frozenset(Scope) if kind == ERASURE else _read(facts["scopes"])
    return Consented(before.here - ended, before.everywhere - ended)


def asked_in(facts: Mapping[str, Any]) -> Asked:
    """What the facts of a CONSENT promise say."""
    wanted = _read(facts["wanted"])
    return Asked(facts["guild"], wanted, bool(facts["everywhere"]), bool(facts["adult"]) and "sha256" in facts)


def limit_facts(user: UserId, change: LimitChange, at: str) -> dict[str, Any]:
    """The facts of a LIMITS promise."""
    there, gone = " ".join(sorted(change.there)), " ".join(sorted(change.gone))
    return {"user": user, "of": change.kind.value, "there": there, "gone": gone, "at": at}


def limit_change_in(facts: Mapping[str, Any]) -> LimitChange:
    """What the facts of a LIMITS promise say. Of one that an ended process left, only what protects counts.

    A power cut can bring back an entry that was done; it must not allow again what was refused since then.
    """
    there, gone = frozenset(facts["there"].split()), frozenset(facts["gone"].split())
    change = LimitChange(LimitKind(facts["of"]), there, gone)
    return change.only_protecting if facts.get("recalled") else change
