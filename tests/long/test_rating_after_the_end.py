"""Rating goes on after the end of a session, for the server's time, by those who were there."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.domain import errors
from bot.domain.consent import TO_RATE
from bot.domain.ids import GuildId, SessionId, UserId
from bot.live.coordinators import Standing
from bot.live.ports import SystemClock
from bot.services.rating.offers import Offer
from bot.store.exporting import read_snapshot
from bot.ui.texts.held import held_text
from bot.ui.texts.panel import panel_texts
from tests.evening import AUDIENCE, CHANNEL, GOOD_ANSWERS, GUILD, PERFORMERS, Evening, an_evening

STRANGER = UserId(777_777_777_777_777_777)
RATERS_ROLE = 888_888_888_888_888_888
FIRST = SessionId(1)


class LaterClock(SystemClock):
    """The machine's clock, moved ahead. Nothing that waits for a later time goes on by itself."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def wall(self) -> datetime:
        return super().wall() + self._ahead

    async def sleep_until(self, moment: float) -> None:
        if moment > self.monotonic():
            await asyncio.Event().wait()


def standing(*roles: int) -> Standing:
    return Standing(False, dict.fromkeys(roles, "A role"), frozenset({RATERS_ROLE}))


async def offered(
    evening: Evening, user: UserId, session: SessionId | None = FIRST, roles: Collection[int] = ()
) -> Offer:
    offer = await evening.services.offers.next_trial(GUILD, user, standing(*roles), session)
    assert isinstance(offer, Offer)
    return offer


async def refused(
    evening: Evening, error: type[errors.PromptbookError], user: UserId, roles: Collection[int] = ()
) -> None:
    with pytest.raises(error):
        await offered(evening, user, roles=roles)


async def ended(evening: Evening, takes: int = 1) -> None:
    """A session with some takes has ended; no clip of it has been rated."""
    session = await evening.open()
    for _ in range(takes):
        await evening.play(session)
    await evening.services.turns.settled()
    await evening.services.sessions.end(session)


async def rate(evening: Evening, offer: Offer, user: UserId) -> None:
    ratings = evening.services.ratings
    await (ratings.record_self if offer.clip.is_own else ratings.record)(
        offer.session, offer.clip.token, user, GOOD_ANSWERS
    )


async def test_those_who_were_there_rate_everything_after_the_end(evening: Evening):
    await ended(evening)
    for user in (*PERFORMERS, AUDIENCE):
        for left in range(len(PERFORMERS), 0, -1):
            offer = await offered(evening, user)
            assert offer.clip.remaining == left
            await rate(evening, offer, user)
        await refused(evening, errors.NothingLeftToRate, user)
    assert await evening.value("SELECT count(*) FROM ratings") == 9
    assert await evening.value("SELECT count(*) FROM self_ratings") == 3


async def test_a_command_brings_clips_of_the_open_session_first_and_then_of_ended_ones(evening: Evening):
    await ended(evening)
    session = await evening.open()
    assert (await offered(evening, AUDIENCE, None)).session.session_id == FIRST
    await evening.play(session)
    await evening.services.turns.settled()
    assert (await offered(evening, AUDIENCE, None)).session.session_id == session.session_id


async def test_it_goes_on_in_the_next_process_until_the_time_is_over(tmp_path: Path):
    async with an_evening(tmp_path) as before:
        await before.everyone_consents()
        await ended(before)
    async with an_evening(tmp_path) as evening:
        await evening.services.rating_times.take_up()
        async with asyncio.timeout(10):
            while not evening.stage.panels:  # noqa: ASYNC110 - nothing signals it
                await asyncio.sleep(0.005)
        assert evening.stage.panels[-1].can_be_rated, "the process that ended the session may not have shown it"
        evening.clock = LaterClock(timedelta(hours=47, minutes=59))
        await rate(evening, await offered(evening, AUDIENCE), AUDIENCE)
        evening.clock = LaterClock(timedelta(hours=48, minutes=1))
        await refused(evening, errors.RatingOver, AUDIENCE)
        with pytest.raises(errors.RatingOver):
            await offered(evening, AUDIENCE, None)
        assert await evening.value("SELECT count(*) FROM ratings") == 1


async def test_without_any_session_a_command_says_so(evening: Evening):
    with pytest.raises(errors.NoOpenSession):
        await offered(evening, AUDIENCE, None)


@pytest.mark.parametrize("hours", [0, 48])
async def test_a_form_that_was_open_when_the_time_ended_is_kept_ten_minutes_later(evening: Evening, hours: int):
    await evening.services.guilds.change(GUILD, "rating_hours", hours)
    session = await evening.open()
    await evening.play(session)
    clip = await evening.services.ratings.next_clip(session, AUDIENCE)
    await evening.services.sessions.end(session)
    sessions = evening.services.rated_sessions
    evening.clock = LaterClock(timedelta(hours=hours, minutes=10))
    await refused(evening, errors.RatingOver, AUDIENCE)
    rated = await sessions.of(FIRST, GUILD, is_form=True)
    await evening.services.ratings.record(rated, clip.token, AUDIENCE, GOOD_ANSWERS)
    assert await evening.value("SELECT count(*) FROM ratings") == 1
    evening.clock = LaterClock(timedelta(hours=hours, minutes=70))
    with pytest.raises(errors.RatingOver):
        await sessions.of(FIRST, GUILD, is_form=True)


async def test_who_has_seen_the_targets_is_told_so_until_no_form_can_be_sent_any_more(evening: Evening):
    session = await evening.open()
    await evening.play(session)
    await evening.services.sessions.end(session)
    await evening.services.rating_status.of(GUILD, STRANGER, FIRST, wants_targets=True)
    held = await evening.services.held.about(STRANGER)
    assert held is not None
    assert "that you have seen what was dealt in 1 session that can be rated." in held_text(held, str)
    for minutes, seen in ((48 * 60 - 1, 1), (48 * 60 + 59, 1), (49 * 60 + 1, 0)):
        evening.clock = LaterClock(timedelta(minutes=minutes))
        await evening.services.rating_times.take_up()  # as at a start
        assert await evening.value("SELECT count(*) FROM targets_seen") == seen, minutes
    assert await evening.services.held.about(STRANGER) is None


async def test_who_never_was_in_the_channel_gets_no_clip_without_the_servers_role(evening: Evening):
    await evening.consent(STRANGER, TO_RATE)
    session = await evening.open()
    await evening.play(session)
    await refused(evening, errors.NotARater, STRANGER)
    await refused(evening, errors.NotARater, STRANGER, [RATERS_ROLE])
    await evening.services.guilds.change(GUILD, "rater_role_id", RATERS_ROLE)
    assert await offered(evening, STRANGER, roles=[RATERS_ROLE])
    await evening.services.sessions.end(session)
    assert await offered(evening, STRANGER, roles=[RATERS_ROLE])
    await refused(evening, errors.NotARater, STRANGER)


async def test_who_came_and_left_was_there_and_may_rate_in_the_next_process(tmp_path: Path):
    async with an_evening(tmp_path) as before:
        await before.everyone_consents()
        await before.consent(STRANGER, TO_RATE)
        await before.play(await before.open())
        await before.services.presence.channel_changed(GUILD, STRANGER, None, CHANNEL)
        await before.services.presence.channel_changed(GUILD, STRANGER, CHANNEL, None)
        await before.services.turns.settled()
        await before.services.sessions.end(before.live)
        assert STRANGER in read_snapshot(before.database.path, [FIRST]).private_ids
    async with an_evening(tmp_path) as evening:
        assert await offered(evening, STRANGER)
        assert await evening.value("SELECT count(*) FROM attendance") == len(PERFORMERS) + 3


async def test_another_servers_sessions_are_not_offered(evening: Evening):
    await ended(evening)
    with pytest.raises(errors.SessionUnknown):
        await evening.services.rated_sessions.of(FIRST, GuildId(GUILD + 1))


async def test_what_someone_said_who_withdraws_after_the_end_is_not_served(evening: Evening):
    await ended(evening)
    gone, *others = PERFORMERS
    await evening.consent(gone, TO_RATE)
    spoken_by = "SELECT discord_user_id FROM turns JOIN tracks USING (track_id) JOIN people USING (person_id) "
    heard: set[int] = set()
    for _ in others:
        offer = await offered(evening, AUDIENCE)
        heard.add(await evening.value(f"{spoken_by} WHERE turn_id = {offer.clip.turn_id}"))
        await rate(evening, offer, AUDIENCE)
    assert heard == set(others)
    await refused(evening, errors.NothingToRate, AUDIENCE)


async def test_who_withdraws_from_rating_gets_no_clip_after_the_end(evening: Evening):
    await ended(evening)
    await evening.consent(AUDIENCE, frozenset())
    await refused(evening, errors.ConsentMissing, AUDIENCE)


async def test_when_the_time_is_over_the_panel_says_so_and_who_was_there_is_forgotten(evening: Evening):
    await ended(evening)
    panel = await evening.services.panels.read(FIRST)
    assert panel.can_be_rated
    assert "you can still rate" in "\n".join(panel_texts(panel))
    assert await evening.value("SELECT count(*) FROM attendance") == len(PERFORMERS) + 2
    evening.clock = LaterClock(timedelta(hours=49))
    services = evening.services
    times = type(services.rating_times)(
        evening.database, evening.clock, services.errands, services.panels, services.invitations
    )
    await times.take_up()
    async with asyncio.timeout(10):
        while await evening.value("SELECT count(*) FROM attendance"):  # noqa: ASYNC110 - nothing signals it
            await asyncio.sleep(0.005)
    panel = await evening.services.panels.read(FIRST)
    assert not panel.can_be_rated
    assert panel_texts(panel)[0].endswith("The time for rating is over.")
    await times.take_up()
    assert await evening.value("SELECT count(*) FROM sessions WHERE rating_closed_at IS NULL") == 0


async def test_a_session_without_a_track_promises_no_rating(evening: Evening):
    await evening.services.sessions.end(await evening.on_stage())
    panel = await evening.services.panels.read(FIRST)
    assert not panel.can_be_rated
    assert "rat" not in "\n".join(panel_texts(panel)).replace("0 ratings", "")


async def test_what_waits_for_whom_is_known_before_the_end(evening: Evening):
    session = await evening.open()
    waiting = evening.services.waiting_clips
    assert (await waiting.of(session)).clips == 0
    await evening.play(session)
    await evening.services.turns.settled()
    found = await waiting.of(session)
    assert (found.clips, found.raters, found.is_complete) == (3, 4, True)
    for _ in PERFORMERS:
        await rate(evening, await offered(evening, AUDIENCE), AUDIENCE)
    assert ((await waiting.of(session)).clips, (await waiting.of(session)).raters) == (3, 3)
    await evening.services.guilds.change(GUILD, "ratings_wanted", 1)
    # Each clip has the one rating that is wanted, but its own performer has not said what they felt.
    assert ((await waiting.of(session)).clips, (await waiting.of(session)).raters) == (3, 3)
    await rate(evening, await offered(evening, PERFORMERS[0]), PERFORMERS[0])
    assert ((await waiting.of(session)).clips, (await waiting.of(session)).raters) == (2, 2)
    await evening.consent(PERFORMERS[1], TO_RATE)
    assert ((await waiting.of(session)).clips, (await waiting.of(session)).raters) == (1, 1)
