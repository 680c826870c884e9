"""Invitations outlive the process, end with the time for rating, and mark who came by them in what is exported."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.dataset.model.index import Index
from bot.domain import errors
from bot.domain.consent import TO_PERFORM, TO_RATE, Scope
from bot.domain.ids import InvitationId
from bot.store.exporting import read_snapshot
from tests.evening import AUDIENCE, GUILD, PERFORMERS, Evening, an_evening
from tests.long.test_rating_after_the_end import (
    FIRST,
    RATERS_ROLE,
    STRANGER,
    LaterClock,
    ended,
    offered,
    rate,
    refused,
    standing,
)

LOBBY = 999_999_999_999_999_999
OPEN_TO_ALL = TO_PERFORM | TO_RATE | {Scope.PUBLIC_RELEASE}


async def accept(evening: Evening, number: int = 1) -> None:
    await evening.services.invitations.accept(GUILD, STRANGER, standing(), InvitationId(number))


async def test_an_invitation_holds_in_the_next_process_and_ends_with_the_time_for_rating(tmp_path: Path):
    async with an_evening(tmp_path) as before:
        await before.everyone_consents()
        await before.consent(PERFORMERS[0], OPEN_TO_ALL)
        await before.consent(STRANGER, TO_RATE)
        await ended(before)
        await before.services.invitations.post(GUILD, None, LOBBY)
        await refused(before, errors.NotARater, STRANGER)
    async with an_evening(tmp_path) as evening:
        await accept(evening)
        await rate(evening, await offered(evening, STRANGER), STRANGER)
        await refused(evening, errors.NothingToRate, STRANGER)
        evening.clock = LaterClock(timedelta(hours=49))
        await evening.services.rating_times.take_up()
        async with asyncio.timeout(10):
            while not evening.stage.board.invitations:  # noqa: ASYNC110 - nothing signals it
                await asyncio.sleep(0.005)
        (shown,) = evening.stage.board.invitations
        assert shown.invitation.channel_id == LOBBY
        assert shown.invitation.closed_at is not None
        with pytest.raises(errors.RatingOver):
            await accept(evening)
        assert await evening.value("SELECT is_invited FROM absent_raters") == 1, "it stays with the answers"


async def test_a_message_that_discord_refuses_leaves_no_invitation(evening: Evening):
    await ended(evening)
    evening.stage.board.refuses_messages = True
    with pytest.raises(errors.BoardUnreachable):
        await evening.services.invitations.post(GUILD, FIRST, None)
    assert await evening.value("SELECT count(*) FROM invitations") == 0


async def test_data_tell_absent_raters_apart_and_name_no_chat(evening: Evening):
    await ended(evening)
    await evening.consent(STRANGER, TO_RATE)
    await evening.services.guilds.change(GUILD, "rater_role_id", RATERS_ROLE)
    await rate(evening, await offered(evening, STRANGER, roles=[RATERS_ROLE]), STRANGER)
    await rate(evening, await offered(evening, AUDIENCE), AUDIENCE)
    posted = await evening.services.invitations.post(GUILD, FIRST, LOBBY)
    snapshot = read_snapshot(evening.database.path, [FIRST])
    index = Index(snapshot)
    strangers = await evening.value(f"SELECT person_id FROM people WHERE discord_user_id = {STRANGER}")
    assert {one.rater_id: index.was_absent(one.rater_id, one.turn_id) for one in snapshot.ratings} == {
        one.rater_id: one.rater_id == strangers for one in snapshot.ratings
    }
    assert len(snapshot.ratings) == 2
    assert {LOBBY, await evening.value("SELECT message_id FROM invitations")} <= snapshot.private_ids
    assert posted.session_id == FIRST


async def test_an_invitation_of_another_server_is_refused(evening: Evening):
    await ended(evening)
    await evening.services.invitations.post(GUILD, FIRST, None)
    await evening.consent(STRANGER, TO_RATE)
    with pytest.raises(errors.InvitationClosed):
        await accept(evening, number=2)
    await accept(evening)
    assert await evening.services.invitations.close(GUILD, FIRST) == 1
    with pytest.raises(errors.InvitationClosed):
        await accept(evening)
