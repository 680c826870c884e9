"""Messages about scheduled sessions fit, whatever the title and however many people answer."""

from __future__ import annotations

import pytest

from bot.domain.ids import GuildId, ScheduledId, UserId
from bot.domain.sign_ups import Roster
from bot.services.ports.board import Notice, SignUpState
from bot.services.schedule.rosters import Arrivals, OnStage, Shown
from bot.store.records import ScheduledSession
from bot.ui.texts.schedule import (
    arrivals_text,
    event_text,
    length_text,
    mention_text,
    notice_text,
    roster_text,
    sign_up_text,
)
from bot.ui.texts.words import MOST_MENTIONS

BIGGEST = 2**63 - 1
CROWD = [UserId(BIGGEST - number) for number in range(50)]
FULL = Roster(50, CROWD, CROWD, CROWD)
SCHEDULED = ScheduledSession(
    ScheduledId(BIGGEST),
    GuildId(BIGGEST),
    BIGGEST,
    UserId(BIGGEST),
    "*" * 100,
    starts_at="2027-03-09T18:30:00.000Z",
    minutes=700,
    performers=50,
    time_zone="UTC",
    timed_at="2027-03-01T00:00:00.000Z",
    chat_channel_id=BIGGEST,
)


def test_the_longest_messages_fit():
    played = [OnStage(user, 9_999, 99_999) for user in CROWD]
    assert 1000 < len(sign_up_text(SignUpState(SCHEDULED, FULL))) <= 2000
    assert 1000 < len(roster_text(Shown(SCHEDULED, FULL, played))) <= 2000
    assert len(arrivals_text(Arrivals(CROWD, CROWD))) <= 1200, "what /session start says comes before it"
    assert len(event_text(SCHEDULED)) <= 1000


@pytest.mark.parametrize("notice", Notice)
def test_what_people_are_told_fits_and_shows_the_title_as_it_was_typed(notice: Notice):
    told = notice_text(notice, SCHEDULED, "#" * 100)
    assert r"\*" * 100 in told
    assert told.endswith(".")
    assert len(mention_text(CROWD[:MOST_MENTIONS], told)) <= 2000


def test_lengths_are_said_as_people_say_them():
    assert [length_text(minutes) for minutes in (60, 120, 90, 45)] == ["1 hour", "2 hours", "90 minutes", "45 minutes"]
