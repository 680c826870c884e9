"""Claims about what happens around a take: the signal before its limit, Ease off, side-coaching, and suggestions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.domain.signals import LAST_SECONDS, signal_after
from bot.domain.states import HoleCause
from bot.rehearsal.checking.claims import Case, Claim, seconds
from bot.rehearsal.checking.private import HUSH_SECONDS
from bot.rehearsal.checking.story import Entry, TakePlayed

EASED = "Keep it lighter from here"
"""What everyone on stage reads, under their card and on the panel."""

_LIGHTER = re.compile(r"lighter|ease", re.IGNORECASE)
_SIGNALLED = f"{round(LAST_SECONDS)} seconds left"
_COACHED = "A word from the director"

SIGNAL_SECONDS = 1.0
"""How late a signal may be on a busy machine."""

READ_SECONDS = 2.0
"""How long a private message may take to all who are to read it."""

_EDGE_SECONDS = 0.3


def ends_are_signalled(case: Case) -> Claim:
    """Half a minute before its limit, each take's performers are told under their cards, and nothing sounds in it."""
    claim = Claim(
        "Half a minute before the limit, performers and no one else were told, and no take had a sound in it."
    )
    due = [(take, at) for take in case.story.takes if (at := _signal_of(case, take)) is not None]
    events = [one for one in case.left.events if one.kind == "take_neared_end"]
    claim.check(len(events) == len(due), f"{len(due)} takes came near their limit, {len(events)} events say so")
    for (take, at), event in zip(due, events, strict=False):
        happened = datetime.fromisoformat(event.happened_at).timestamp()
        claim.check_time(happened - case.story.wall_of(at), SIGNAL_SECONDS, f"{take}: the signal")
        told = {one["user_id"] for one in _seen(case, _SIGNALLED, at - SIGNAL_SECONDS, take.ended_at)}
        claim.check(told == take.cards.keys(), f"{take}: {len(told)} of {len(take.cards)} performers read the signal")
    for take in case.story.takes:
        heard = [one["t"] for one in case.story.kinds["bot_heard"] if _is_in(one["t"], take)]
        claim.check(not heard, f"{take}: the bot was heard in it")
    return claim


def ease_off_names_nobody(case: Case) -> Claim:
    """Each Ease off is an event of its take without a person; all on stage read the same, and nothing says who."""
    claim = Claim("Ease off reached everyone on stage, and neither the store nor a screen says who pressed it.")
    events = [one for one in case.left.events if one.kind == "take_eased"]
    pressed = case.story.kinds["eased_off"]
    claim.check(len(events) == len(pressed), f"{len(pressed)} pressed Ease off, {len(events)} events say so")
    for event in events:
        claim.check(event.person_id is None, f"event {event.event_id} names {event.discord_user_id}")
    for press in pressed:
        take = next(one for one in case.story.takes if (one.scene, one.number) == (press["scene"], press["take"]))
        told = [one for one in _seen(case, EASED, press["t"], press["t"] + READ_SECONDS) if one["is_ephemeral"]]
        claim.check({one["user_id"] for one in told} == take.cards.keys(), f"{take}: not everyone on stage was told")
        claim.check(len({one["text"] for one in told}) == 1, f"{take}: people on stage read different things")
        _check_unnamed(claim, case, press)
    return claim


def _check_unnamed(claim: Claim, case: Case, press: Entry) -> None:
    presser, pressed_at = str(press["user_id"]), case.story.wall_of(press["t"])
    for event in case.left.events:
        if 0 <= datetime.fromisoformat(event.happened_at).timestamp() - pressed_at <= HUSH_SECONDS:
            names = event.discord_user_id == press["user_id"] or presser in event.detail
            claim.check(not names, f"event {event.event_id} ({event.kind}) names who pressed")
    for sight in case.story.sights:
        names = any(presser in line for line in sight.text.splitlines() if _LIGHTER.search(line))
        claim.check(not names, f"{sight.user_id} saw who pressed: {sight.text[:120]!r}")


def coaching_is_private(case: Case) -> Claim:
    """What a coordinator told one performer is on that screen only, and in the store at its moment."""
    claim = Claim("Side-coaching was read by its performer alone, and is stored with its moment.")
    written, kept = case.story.kinds["side_coached"], case.left.coachings
    claim.check(len(written) == len(kept), f"{len(written)} words were sent, {len(kept)} are in the store")
    for word in written:
        readers = {one["user_id"] for one in _seen(case, word["text"]) if _COACHED in one["text"]}
        claim.check(readers == {word["user_id"]}, f"{len(readers)} people read what was for {word['user_id']}")
        take = next(one for one in case.story.takes if (one.scene, one.number) == (word["scene"], word["take"]))
        found = [one for one in kept if (one.discord_user_id, one.text) == (word["user_id"], word["text"])]
        claim.check(len(found) == 1, f"{take}: what was said to {word['user_id']} is not in the store")
        for one in found:
            off = seconds(one.position_samples) - (word["t"] - take.started_at)
            claim.check_time(off, READ_SECONDS, f"{take}: the side-coaching")
    return claim


def suggestions_are_marked(case: Case) -> Claim:
    """A suggestion is stored as one, and every rating says whether its rater had read the prompt."""
    claim = Claim("Suggestions are stored as such, and each rating says whether its rater knew the prompt.")
    suggested = {one["scene"]: one["text"] for one in case.story.kinds["suggested"]}
    stored = {one.number: one.prompt_text for one in case.left.scenes if one.prompt_source == "suggestion"}
    claim.check(stored == suggested, f"scenes {sorted(suggested)} were suggested, {sorted(stored)} are in the store")
    readers = {(one["user_id"], one["scene"]) for one in case.story.kinds["prompt_read"]}
    for rating in case.left.ratings:
        knew = bool(rating.is_partner) or (rating.discord_user_id, rating.scene) in readers
        claim.check(bool(rating.knew_prompt) == knew, f"rating {rating.rating_id} has knew_prompt {rating.knew_prompt}")
    for user, text in ((one["user_id"], one["text"]) for one in case.story.kinds["prompt_read"]):
        roles = {card.role for card in case.story.cards}
        claim.check(not any(role in text for role in roles), f"{user} read a role with the prompt")
    return claim


def _signal_of(case: Case, take: TakePlayed) -> float | None:
    """Return when a take's performers were to be told that it ends soon; None if it ended before, or has no signal."""
    limits = [
        one for one in case.story.kinds["take_called"] if (one["scene"], one["take"]) == (take.scene, take.number)
    ]
    limit, left = limits[0].get("limit_seconds"), case.take_left(take.scene, take.number)
    after = None if limit is None else signal_after(limit)
    if after is None or left is None:
        return None
    holes = [one for one in case.left.holes if one.take_id == left.take_id and one.cause == HoleCause.PAUSE]
    at = take.started_at + after + sum(seconds(one.end_samples - one.start_samples) for one in holes)
    return at if at < take.ended_at else None


def _seen(case: Case, words: str, since: float = 0.0, until: float = float("inf")) -> Iterator[dict[str, Any]]:
    for one in case.story.kinds["message_seen"]:
        if words in one["text"] and since <= one["t"] <= until:
            yield one


def _is_in(t: float, take: TakePlayed) -> bool:
    return take.started_at + _EDGE_SECONDS < t < take.ended_at
