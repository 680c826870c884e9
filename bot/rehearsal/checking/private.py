"""Claims about what no one else may see: cards and cues, and who pressed the X-card."""

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
"""For this time after the X-card its performer does nothing else: an event that names them then is about it."""


def cards_are_private(case: Case) -> Claim:
    """A card or cue is on one screen only, and no other message or form contains an emotion or a role."""
    claim = Claim("No one saw another performer's card, cue, emotion or role.")
    owners = {card.message_id: card.user_id for card in case.story.cards}
    cues = [cue for take in case.story.takes for cue in take.cues.values()]
    owners |= {message_id: cue.user_id for cue in cues for message_id in cue.message_ids}
    saw: defaultdict[int, set[UserId]] = defaultdict(set)
    secrets = _secrets(case)
    for sight in case.story.sights:
        if sight.message_id is not None:
            saw[sight.message_id].add(sight.user_id)
        owner = owners.get(sight.message_id or 0)
        if owner is not None:
            claim.check(sight.user_id == owner, f"{sight.user_id} saw what was for {owner}: {_start(sight)}")
        elif is_card(sight.text) or read_cue(sight.text):
            claim.check(False, f"{sight.user_id} saw a card or cue that no one noted: {_start(sight)}")
        else:
            claim.check(not secrets.search(sight.text), f"{sight.user_id} saw a secret: {_start(sight)}")
    for message_id, owner in owners.items():
        claim.check(saw[message_id] == {owner}, f"what was for {owner} was on {len(saw[message_id])} screens")
        claim.check(case.viewers.get(message_id) == owner, f"Discord sent what was for {owner} to others")
    return claim


def x_card_names_nobody(case: Case) -> Claim:
    """The store has the scene as stopped, and neither an event at that time nor any screen names a person."""
    claim = Claim("The X-card stopped the scene, and neither the store nor a screen says who pressed it.")
    stopped = [one for one in case.left.events if one.kind == "scene_stopped"]
    pressed = case.story.kinds["x_card_pressed"]
    claim.check(len(stopped) == len(pressed), f"{len(pressed)} X-cards were pressed, {len(stopped)} scenes stopped")
    for event in stopped:
        claim.check(event.discord_user_id is None, f"event {event.event_id} names {event.discord_user_id}")
    for press in pressed:
        pressed_at = case.story.wall_of(press["t"])
        for event in case.left.events:
            if 0 <= datetime.fromisoformat(event.happened_at).timestamp() - pressed_at <= HUSH_SECONDS:
                names = event.discord_user_id == press["user_id"] or str(press["user_id"]) in event.detail
                claim.check(not names, f"event {event.event_id} ({event.kind}) names who pressed")
        for sight in case.story.sights:
            told = [line for line in sight.text.splitlines() if _STOPPED.search(line)]
            names = any(str(press["user_id"]) in line for line in told)
            claim.check(not names, f"{sight.user_id} saw who pressed: {_start(sight)}")
    return claim


def _secrets(case: Case) -> re.Pattern[str]:
    """Match the emotions as whole words and the roles, as they are on the evening's cards."""
    emotions = {one.target_emotion for one in case.left.castings if one.target_emotion}
    emotions |= {one.second_emotion for one in case.left.castings if one.second_emotion}
    emotions |= {card.emotion for card in case.story.cards if card.emotion}
    roles = {card.role for card in case.story.cards if card.emotion}
    words = [rf"\b{re.escape(word)}\b" for word in _longest_first(emotions)]
    return re.compile("|".join([*words, *map(re.escape, _longest_first(roles))]) or r"(?!)", re.IGNORECASE)


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _start(sight: Sight) -> str:
    return repr(sight.text[:120])
