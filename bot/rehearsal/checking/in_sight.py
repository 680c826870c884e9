"""Claims about what is on people's phones: the X-card, at every moment of a take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot.domain.ids import UserId
from bot.rehearsal.checking.claims import Case, Claim

OUT_OF_SIGHT_SECONDS = 2.0
"""For how long others' messages may push the panel off a phone's screen."""

ANSWER_SECONDS = 0.5
"""The same for an answer of the bot to the phone's owner, after others' messages: the bot knows of it immediately."""


def x_cards_are_in_sight(case: Case) -> Claim:
    """Each phone shows an X-card that works throughout every take, but for a moment after others' messages."""
    claim = Claim("An X-card was on each phone's screen in every take, 2 s after others' messages at the latest.")
    noted = case.story.kinds["x_card_seen"]
    for user in sorted({one["user_id"] for one in noted}):
        for since, until, is_own in _out_of_sight(user, noted):
            for take in case.story.takes:
                seconds = min(until, take.ended_at) - max(since, take.started_at)
                if seconds > 0:
                    claim.check_time(seconds, OUT_OF_SIGHT_SECONDS, f"{take}: the X-card of {user}")
                    is_brief = not is_own or seconds <= ANSWER_SECONDS
                    claim.check(is_brief, f"{take}: an answer took the X-card of {user} away for {seconds:.1f} s")
        for take in case.story.takes:
            seen = any(one["user_id"] == user and one["t"] <= take.ended_at for one in noted)
            claim.check(seen, f"{take}: {user} had not seen an X-card before its end")
    return claim


def _out_of_sight(user: UserId, noted: Iterable[dict[str, Any]]) -> Iterator[tuple[float, float, bool]]:
    """Yield when an account's phone showed no X-card, and whether a private answer had pushed it away."""
    since: float | None = None
    is_own = False
    for one in noted:
        if one["user_id"] != user:
            continue
        if one["is_in_sight"] and since is not None:
            yield since, one["t"], is_own
            since = None
        elif not one["is_in_sight"] and since is None:
            since, is_own = one["t"], one["is_own"]
    if since is not None:
        yield since, float("inf"), is_own
