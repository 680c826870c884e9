"""Claims about what nobody else may see: cards and cues, and who pressed the X-card."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from bot.domain.ids import UserId
from bot.rehearsal.cast.cards import is_card, read_cue
from bot.rehearsal.checking.claims import Case, Claim
from bot.rehearsal.checking.story import Sight

_STOPPED = re.compile(r"stopp|x-card", re.IGNORECASE)

HUSH_SECONDS = 1.0
"""After pressing the X-card its performer does nothing else for so long: an event that names them then is about it."""


def cards_are_private(case: Case) -> Claim:
    """A card or a cue is on one screen alone, and nothing else that anybody sees has an emotion or a role in it."""
    claim = Claim("Nobody saw another's card, cue, emotion or role.")
    owners = {card.message_id: card.user_id for card in case.story.cards}
    owners |= {cue.message_id: cue.user_id for take in case.story.takes for cue in take.cues.values()}
    saw: defaultdict[int, set[UserId]] = defaultdict(set)
    secrets = _secrets(case)
    for sight in case.story.sights:
        if sight.message_id is not None:
            saw[sight.message_id].add(sight.user_id)
        owner = owners.get(sight.message_id or 0)
        if owner is not None:
            claim.hold(sight.user_id == owner, f"{sight.user_id} saw what was for {owner}: {_start(sight)}")
        elif is_card(sight.text) or read_cue(sight.text):
            claim.hold(False, f"{sight.user_id} saw a card or cue that nobody noted: {_start(sight)}")
        else:
            claim.hold(not secrets.search(sight.text), f"{sight.user_id} saw a secret: {_start(sight)}")
    for message_id, owner in owners.items():
        claim.hold(saw[message_id] == {owner}, f"what was for {owner} was on {len(saw[message_id])} screens")
        claim.hold(case.viewers.get(message_id) == owner, f"Discord sent what was for {owner} to others")
    return claim


def x_card_names_nobody(case: Case) -> Claim:
    """The store knows that the scene was stopped, and neither an event at that time nor any screen names anybody."""
    claim = Claim("The X-card stopped the scene, and neither the store nor a screen says who pressed it.")
    stopped = [one for one in case.left.events if one.kind == "scene_stopped"]
    pressed = case.story.kinds["x_card_pressed"]
    claim.hold(len(stopped) == len(pressed), f"{len(pressed)} X-cards were pressed, {len(stopped)} scenes stopped")
    for event in stopped:
        claim.hold(event.discord_user_id is None, f"event {event.event_id} names {event.discord_user_id}")
    for press in pressed:
        pressed_at = case.story.wall_of(press["t"])
        for event in case.left.events:
            if 0 <= datetime.fromisoformat(event.happened_at).timestamp() - pressed_at <= HUSH_SECONDS:
                names = event.discord_user_id == press["user_id"] or str(press["user_id"]) in event.detail
                claim.hold(not names, f"event {event.event_id} ({event.kind}) names who pressed")
        for sight in case.story.sights:
            told = [line for line in sight.text.splitlines() if _STOPPED.search(line)]
            names = any(str(press["user_id"]) in line for line in told)
            claim.hold(not names, f"{sight.user_id} saw who pressed: {_start(sight)}")
    return claim


def _secrets(case: Case) -> re.Pattern[str]:
    """The emotions as whole words and the roles, as they stand on the evening's cards."""
    emotions = {one.target_emotion for one in case.left.castings}
    emotions |= {one.second_emotion for one in case.left.castings if one.second_emotion}
    emotions |= {card.emotion for card in case.story.cards}
    roles = {card.role for card in case.story.cards}
    words = [rf"\b{re.escape(word)}\b" for word in _longest_first(emotions)]
    return re.compile("|".join([*words, *map(re.escape, _longest_first(roles))]) or r"(?!)", re.IGNORECASE)


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _start(sight: Sight) -> str:
    return repr(sight.text[:120])
