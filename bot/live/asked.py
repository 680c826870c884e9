"""The kinds of promises in the journal, with their facts. Nothing in them says who pressed an X-card or Ease off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.consent import Asked, Scope

TAKE_CUT: Final = "take_cut"
"""`take`, `duration_samples`, `reason`. Settled when the take is kept, or when the next start closes it."""

PAUSED: Final = "session_paused"
"""`session`, `cause`, `at`; with a running take `take` and `position_samples`, else both null."""

STOPPED: Final = "scene_stopped"
"""`session`, `scene`, `at`; with a running take `take` and `duration_samples`, else both null."""

EASED: Final = "take_eased"
"""`session_id`, `scene_id`, `take_id`, `after_seconds`, and the `at` that fits it: to ten seconds."""

CONSENT: Final = "consent_asked"
"""`user`, `guild`, `everywhere`, `wanted` (scopes, separated by blanks), `adult`, `at`; if the text could be read, its
`version`, `sha256` and `locale`."""


def asked_in(facts: Mapping[str, Any]) -> Asked:
    """What the facts of a CONSENT promise say."""
    wanted = frozenset(Scope(name) for name in facts["wanted"].split())
    return Asked(facts["guild"], wanted, bool(facts["everywhere"]), bool(facts["adult"]) and "sha256" in facts)
