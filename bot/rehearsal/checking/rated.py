"""Claims about who rated: people who were in the channel, and nobody else, also after the end of the session."""

from __future__ import annotations

from collections import Counter

from bot.domain.events.kinds import EventKind
from bot.domain.ids import UserId
from bot.rehearsal.checking.claims import Case, Claim

_RATED = (EventKind.TURN_RATED, EventKind.TURN_SELF_RATED)
REFUSED = "You were not in <#"
"""How the answer begins for those who never were in the channel."""


def rating_goes_on(case: Case) -> Claim:
    """What was rated after the end is stored, everyone who rated was there, and who was not there was refused."""
    claim = Claim("Those who were there could rate after the end, and those who were not were refused.")
    ended_at = max((one["t"] for one in case.story.kinds["session_ended"]), default=None)
    ended = max((one.event_id for one in case.left.events if one.kind == EventKind.SESSION_ENDED), default=None)
    if ended_at is None or ended is None:
        claim.check(False, "the session has no end")
        return claim
    rated = Counter(one["user_id"] for one in case.story.kinds["rated"] if one["t"] > ended_at)
    claim.check(bool(rated), "no one rated after the end")
    events = [one for one in case.left.events if one.kind in _RATED]
    stored = Counter(one.discord_user_id for one in events if one.event_id > ended)
    for user in rated.keys() | stored.keys():
        claim.check(rated[user] == stored[user], f"{user} rated {rated[user]} after the end, stored are {stored[user]}")
    there: set[UserId] = {one["user_id"] for one in case.story.kinds["joined_voice"]}
    for user in {one.discord_user_id for one in events}:
        claim.check(user in there, f"{user} rated and was never in the channel")
    refused = case.story.kinds["rating_refused"]
    claim.check(bool(refused), "no one who was not there asked for a clip")
    for one in refused:
        claim.check(one["answer"].startswith(REFUSED), f"{one['user_id']} was told {one['answer']!r}")
    return claim
