"""Claims about the scheduled session: everyone's answer is stored, and who was missing was named."""

from __future__ import annotations

import math
import re

from bot.domain.ids import UserId
from bot.domain.states import SignUpAnswer
from bot.rehearsal.checking.claims import Case, Claim

_MISSING = re.compile(r"Signed up, but not in the channel: ([^.]*)\.")
_MENTION = re.compile(r"<@(\d+)>")


def answers_are_kept(case: Case) -> Claim:
    """What people answered is stored for the session that was opened, and its coordinator was told who was missing."""
    claim = Claim("Everyone's sign-up is stored, and the coordinator was told who was missing.")
    answered: dict[UserId, str] = {one["user_id"]: one["answer"] for one in case.story.kinds["signed_up"]}
    stored = {one.discord_user_id: one.answer for one in case.left.sign_ups}
    for user in answered.keys() | stored.keys():
        said, kept = answered.get(user), stored.get(user)
        claim.check(said == kept, f"{user} answered {said}, the store has {kept}")
    started = [one for one in case.story.kinds["commanded"] if one["command"] == "session start"]
    if answered:
        claim.check(bool(started), "no one opened the session")
    for one in started:
        match = _MISSING.search(one["answer"])
        named = {UserId(int(user)) for user in _MENTION.findall(match[1])} if match else set[UserId]()
        missing = _missing(case, answered, one["t"])
        claim.check(named == missing, f"{sorted(missing)} were missing, {sorted(named)} were named")
    return claim


def _missing(case: Case, answered: dict[UserId, str], at: float) -> set[UserId]:
    """Who had signed up and had not joined the channel by a moment."""
    joined: dict[UserId, float] = {}
    for one in case.story.kinds["joined_voice"]:
        joined.setdefault(one["user_id"], one["t"])
    coming = {user for user, answer in answered.items() if answer == SignUpAnswer.COMING}
    return {user for user in coming if joined.get(user, math.inf) > at}
