"""The claims about what happens around a take, and what the checker says if one thing is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import CastingId, PersonId, SceneId, SessionId, TakeId, TrialId, TurnId, UserId
from bot.domain.states import CutReason, PromptSource, TakeKind
from bot.home.places import Home
from bot.rehearsal.checking.around import (
    coaching_is_private,
    ease_off_names_nobody,
    ends_are_signalled,
    suggestions_are_marked,
)
from bot.rehearsal.checking.claims import Case, Claim
from bot.rehearsal.checking.evidence import CoachingLeft, EventLeft, Evidence, RatingLeft
from bot.rehearsal.checking.story import Story
from bot.rehearsal.checking.traces import who_eased_is_nowhere
from bot.store.records import Scene
from tests.rehearsal.test_checker import (
    ADA,
    AUDIENCE,
    BEN,
    EVE,
    SECOND,
    Log,
    card,
    changed,
    entry,
    event,
    moment,
    role,
    seen,
    take,
    with_more,
    without,
)

LIGHTER = "## 🪶 Keep it lighter from here\nThe scene goes on."
SOON = "## ⏳ 30 seconds left\nFind your ending."
WORD = "Let them come to you."
TEXT = "A lift has stopped."
TOLD = {"scene": 1, "take": 1}


def around() -> Log:
    """A take of 18 s with a limit of 42 s, so that its signal comes after 12 s. Ada eases off, Ben is side-coached."""
    log = [entry("scene_dealt", 90, scene=1), *card(ADA, 1, "joy", 91, 1), *card(BEN, 1, "anger", 91, 2)]
    log += [entry("suggested", 89, scene=1, text=TEXT), entry("prompt_read", 92, user_id=AUDIENCE, scene=1, text=TEXT)]
    log += [entry("take_called", 100, **TOLD, countdown_seconds=3, limit_seconds=42)]
    log += [entry("bot_heard", at, user_id=ADA) for at in (100.2, 121.5)]
    log += [entry("side_coached", 105, **TOLD, user_id=BEN, text=WORD)]
    log += [seen(BEN, 40, f"## A word from the director\n> {WORD}", 105.3, is_ephemeral=True)]
    log += [entry("eased_off", 110, **TOLD, user_id=ADA)]
    log += [seen(user, 30 + user, LIGHTER, 110.4, is_ephemeral=True) for user in (ADA, BEN)]
    log += [seen(user, 8, "**Keep it lighter from here.** No one needs to say why.", 110.5) for user in (ADA, EVE)]
    log += [seen(user, 20 + user, SOON, 115.3, is_ephemeral=True) for user in (ADA, BEN)]
    return [*log, entry("take_cut", 121, **TOLD)]


def happened(event_id: int, kind: str, at: float, user: UserId | None = None) -> EventLeft:
    return event(event_id, kind, user, at)


def rating(rating_id: int, rater: UserId, *, is_partner: int, knew_prompt: int) -> RatingLeft:
    answers = ("joy", None, 2, 3, 3, None, 3, None, None, None, moment(130))
    ids = (TrialId(rating_id), TurnId(rating_id), PersonId(rater))
    return RatingLeft(*ids, is_partner, *answers, knew_prompt, None, rater, 1)


def left() -> Evidence:
    dealt = ("From a suggestion", TEXT, moment(89), None, None, None, "1/0", None, None, None, None)
    return Evidence(
        takes=[take(1, 1, 1, reason=CutReason.COORDINATOR)],
        tracks=[],
        castings=[],
        cues=[],
        turns=[],
        holes=[],
        notes=[],
        events=[
            happened(1, "side_coached", 105.2, BEN),
            happened(2, "take_eased", 110.0),
            happened(3, "take_neared_end", 115.1),
        ],
        scenes=[
            Scene(
                SceneId(1),
                SessionId(1),
                1,
                "suggestion-1",
                *dealt,
                PromptSource.SUGGESTION,
                TakeKind.SCENE,
                *(None,) * 7,
            )
        ],
        coachings=[CoachingLeft(1, TakeId(1), CastingId(1), 2 * SECOND, WORD, BEN)],
        ratings=[
            rating(1, AUDIENCE, is_partner=0, knew_prompt=1),
            rating(2, EVE, is_partner=0, knew_prompt=0),
            rating(3, BEN, is_partner=1, knew_prompt=1),
        ],
    )


def case(log: Log | None = None, evidence: Evidence | None = None) -> Case:
    return Case(Story(log or around()), evidence or left(), {})


CLAIMED = (ends_are_signalled, ease_off_names_nobody, coaching_is_private, suggestions_are_marked)


@pytest.mark.parametrize("claimed", CLAIMED, ids=lambda one: one.__name__)
def test_a_take_as_it_should_be_has_no_faults(claimed: Callable[[Case], Claim]):
    claim = claimed(case())
    assert claim.faults == []
    assert claim.checked > 1


WRONG_LEFT: list[tuple[Any, Callable[[Evidence], Evidence], str]] = [
    (ends_are_signalled, without("events", 2), "0 events say so"),
    (ends_are_signalled, changed("events", 2, happened_at=moment(117)), "the signal is off by 2000 ms"),
    (ease_off_names_nobody, without("events", 1), "0 events say so"),
    (ease_off_names_nobody, changed("events", 1, person_id=PersonId(ADA)), "event 2 names"),
    (ease_off_names_nobody, with_more("events", happened(4, "card_read", 110.1, ADA)), "names who pressed"),
    (coaching_is_private, without("coachings", 0), "0 are in the store"),
    (coaching_is_private, changed("coachings", 0, position_samples=9 * SECOND), "the side-coaching is off by"),
    (suggestions_are_marked, changed("scenes", 0, prompt_source=PromptSource.DECK), "[] are in the store"),
    (suggestions_are_marked, changed("ratings", 0, knew_prompt=0), "rating 1 has knew_prompt 0"),
    (suggestions_are_marked, changed("ratings", 1, knew_prompt=1), "rating 2 has knew_prompt 1"),
]


@pytest.mark.parametrize(("claimed", "wrong", "fault"), WRONG_LEFT)
def test_what_is_wrong_in_the_store_is_named(
    claimed: Callable[[Case], Claim], wrong: Callable[[Evidence], Evidence], fault: str
):
    faults = claimed(case(evidence=wrong(left()))).faults
    assert any(fault in one for one in faults), faults


WRONG_SEEN: list[tuple[Any, Log, str]] = [
    (ends_are_signalled, [entry("bot_heard", 115.2, user_id=BEN)], "the bot was heard in it"),
    (ends_are_signalled, [seen(EVE, 60, SOON, 115.3, is_ephemeral=True)], "3 of 2 performers"),
    (ease_off_names_nobody, [seen(EVE, 61, LIGHTER, 110.4, is_ephemeral=True)], "not everyone on stage"),
    (ease_off_names_nobody, [seen(EVE, 62, f"<@{ADA}>: Keep it lighter from here", 112)], "saw who pressed"),
    (coaching_is_private, [seen(EVE, 63, f"A word from the director: {WORD}", 106)], "2 people read"),
    (suggestions_are_marked, [entry("prompt_read", 93, user_id=EVE, scene=1, text=role("joy"))], "read a role"),
]


@pytest.mark.parametrize(("claimed", "more", "fault"), WRONG_SEEN)
def test_what_people_should_not_have_seen_or_heard_is_named(claimed: Callable[[Case], Claim], more: Log, fault: str):
    faults = claimed(case([*around(), *more])).faults
    assert any(fault in one for one in faults), faults


def test_a_trace_of_who_eased_off_is_found_in_any_file(tmp_path: Path):
    home, logs = Home(tmp_path / "home"), tmp_path / "logs"
    for folder in (home.exports, logs):
        folder.mkdir(parents=True)
    (logs / "bot.log").write_text("Ready.\n", "utf-8")
    home.journal.write_bytes(bytes(512))
    check = who_eased_is_nowhere(home.folder, logs)
    assert check(case()).is_true
    for path in (logs / "bot.log", home.journal, home.exports / "events.json"):
        before = path.read_bytes() if path.exists() else b""
        path.write_bytes(before + str(int(ADA)).encode())
        assert check(case()).faults == [f"{path.name} names who pressed"]
        path.write_bytes(before)
