"""The checker: reads the cast's journal and the store, and says which claims are true and which are not.

Of the embedded Discord's journal it reads only who was shown each message.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.domain.ids import SessionId
from bot.embedded.journal import read_journal
from bot.home.places import Home
from bot.rehearsal.checking.around import (
    coaching_is_private,
    ease_off_names_nobody,
    ends_are_signalled,
    suggestions_are_marked,
)
from bot.rehearsal.checking.around_scenes import around_checks
from bot.rehearsal.checking.claims import Case, Check, Claim
from bot.rehearsal.checking.cued import cues_are_when_told, targets_are_in_force, who_pressed_nothing_was_asked
from bot.rehearsal.checking.evidence import read_evidence
from bot.rehearsal.checking.in_sight import x_cards_are_in_sight
from bot.rehearsal.checking.played import (
    cast_kept_pace,
    castings_are_the_cards,
    countdowns_were_heard,
    dropouts_are_holes,
    late_ones_play_later,
    takes_are_those_played,
    takes_have_their_tracks,
)
from bot.rehearsal.checking.private import cards_are_private, x_card_names_nobody
from bot.rehearsal.checking.rated import rating_goes_on
from bot.rehearsal.checking.rough import (
    changes_are_on_the_panel,
    frames_are_kept,
    holes_have_their_causes,
    no_one_was_blamed,
)
from bot.rehearsal.checking.signed_up import answers_are_kept
from bot.rehearsal.checking.story import Story
from bot.rehearsal.checking.told import notes_are_kept, turns_are_what_was_said
from bot.rehearsal.checking.traces import who_eased_is_nowhere

CHECKS: tuple[Check, ...] = (
    cast_kept_pace,
    takes_are_those_played,
    takes_have_their_tracks,
    castings_are_the_cards,
    cues_are_when_told,
    who_pressed_nothing_was_asked,
    targets_are_in_force,
    turns_are_what_was_said,
    notes_are_kept,
    cards_are_private,
    x_card_names_nobody,
    late_ones_play_later,
    dropouts_are_holes,
    countdowns_were_heard,
    x_cards_are_in_sight,
    rating_goes_on,
    answers_are_kept,
    ends_are_signalled,
    ease_off_names_nobody,
    coaching_is_private,
    suggestions_are_marked,
)


FIRST_SESSION = SessionId(1)


ROUGH_CHECKS: tuple[Check, ...] = (
    cast_kept_pace,
    takes_are_those_played,
    takes_have_their_tracks,
    castings_are_the_cards,
    cues_are_when_told,
    who_pressed_nothing_was_asked,
    targets_are_in_force,
    turns_are_what_was_said,
    cards_are_private,
    x_cards_are_in_sight,
    holes_have_their_causes,
    changes_are_on_the_panel,
    no_one_was_blamed,
)
"""The claims about a rough evening; the others are about what it does not play."""


def check_evening(home: Path, logs: Path, session_id: SessionId = FIRST_SESSION) -> list[Claim]:
    """Compare what a rehearsal left in its store with what its cast noted."""
    checks = (*CHECKS, who_eased_is_nowhere(home, logs), *around_checks(home, logs))
    return check(_case(home, logs, session_id), checks)


def check_rough_evening(home: Path, logs: Path) -> list[Claim]:
    """Compare what a rough evening left in its store and in its tracks with what its cast noted."""
    return check(_case(home, logs, FIRST_SESSION), (*ROUGH_CHECKS, frames_are_kept(home, logs)))


def check(case: Case, checks: Iterable[Check] = CHECKS) -> list[Claim]:
    """Return all claims about an evening."""
    return [one(case) for one in checks]


def _case(home: Path, logs: Path, session_id: SessionId) -> Case:
    left = read_evidence(Home(home).database, session_id)
    viewers = {one["message_id"]: one["viewer_id"] for one in read_journal(logs / "discord.jsonl", "message_created")}
    return Case(Story(read_journal(logs / "cast.jsonl")), left, viewers)
