"""One live session: which change a panel must have shown for a press on it to count."""

from __future__ import annotations

import pytest

from bot.domain.errors import SessionChanged
from bot.domain.events.kinds import EventKind
from bot.domain.ids import EventId, GuildId, PersonId, SceneId, SessionId
from bot.live.guild_settings import GuildSettings
from bot.live.session import LiveSession
from bot.store.events import Change
from bot.store.records import Session

NOW = "2026-11-28T20:00:00.000Z"
DEALT, PAUSED, CUT = (
    Change(EventId(1), EventKind.SCENE_DEALT),
    Change(EventId(2), EventKind.SESSION_PAUSED),
    Change(EventId(3), EventKind.TAKE_CUT),
)


@pytest.fixture
def session() -> LiveSession:
    of_an_earlier_version = (None, None, None, None, None, None, None)
    names = ("everyday", "basic", "core")
    record = Session(
        SessionId(1), GuildId(11), 12, PersonId(1), *names, 7, 13, NOW, None, None, None, *of_an_earlier_version
    )
    settings = GuildSettings(None, "Coordinator", "everyday", "basic", 180, "coordinator", 3, "pause", None, 48, "UTC")
    return LiveSession(record, DEALT, settings)


def test_a_press_counts_on_a_panel_that_shows_the_newest_change(session: LiveSession):
    session.require_seen(DEALT.event_id)
    session.has_changed(PAUSED)
    session.require_seen(PAUSED.event_id)
    with pytest.raises(SessionChanged, match=EventKind.SESSION_PAUSED):
        session.require_seen(DEALT.event_id)


def test_no_panel_shows_what_the_store_does_not_have_yet(session: LiveSession):
    session.will_change(EventKind.SESSION_PAUSED)
    with pytest.raises(SessionChanged, match=EventKind.SESSION_PAUSED):
        session.require_seen(DEALT.event_id)
    session.has_changed(PAUSED)
    session.require_seen(PAUSED.event_id)


def test_a_change_that_is_told_late_does_not_put_the_newest_out_of_date(session: LiveSession):
    session.has_changed(CUT)
    session.has_changed(PAUSED)
    session.require_seen(CUT.event_id)


def test_a_change_that_is_told_late_is_not_the_one_that_the_store_does_not_have_yet(session: LiveSession):
    session.has_changed(CUT)
    session.will_change(EventKind.SCENE_STOPPED)
    session.has_changed(PAUSED)
    with pytest.raises(SessionChanged, match=EventKind.SCENE_STOPPED):
        session.require_seen(CUT.event_id)


def test_the_scene_that_is_on_is_the_one_that_was_dealt_last_until_it_is_stopped(session: LiveSession):
    assert session.scene_id is None
    session.scene_is(SceneId(5))
    session.scene_is(SceneId(4))
    assert session.scene_id == 5
    session.stop_scene(SceneId(5))
    assert session.scene_id is None
    session.scene_is(SceneId(5))
    assert session.scene_id is None
    session.scene_is(SceneId(6))
    assert session.scene_id == 6
