"""When a panel is posted again: because of its age, because of what came after it, and because someone asks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.domain.ids import UserId
from bot.services.panel.ages import POST_AGAIN_SECONDS
from bot.services.panel.chats import Chats
from bot.services.ports.stage import PanelGone, PanelUnreachable
from tests.evening import CHANNEL, Evening, HeldClock, refuse_for_full_disk
from tests.paper import PaperStage

ADA, BEN = UserId(1), UserId(2)
PANEL = 1000


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - nothing signals it
            await asyncio.sleep(0.005)


def a_chat(messages: int, answers: dict[UserId, int]) -> Chats:
    chats = Chats()
    chats.panel_is(CHANNEL, PANEL)
    ids = iter(range(PANEL + 1, PANEL + 100))
    for _ in range(messages):
        chats.came(CHANNEL, next(ids))
    for viewer, number in answers.items():
        for _ in range(number):
            chats.came(CHANNEL, next(ids), viewer)
    return chats


@pytest.mark.parametrize(
    ("messages", "answers", "is_out"),
    [
        (5, {}, False),
        (6, {}, True),
        (0, {ADA: 4, BEN: 4}, False),
        (0, {ADA: 5}, True),
        (4, {ADA: 0, BEN: 1}, True),
        (3, {ADA: 1, BEN: 1}, False),
    ],
)
def test_a_panel_is_out_of_sight_after_six_messages_or_before_someones_own_next_answer(
    messages: int, answers: dict[UserId, int], *, is_out: bool
):
    assert a_chat(messages, answers).is_out_of_sight(CHANNEL) is is_out


def test_what_was_deleted_or_is_older_than_the_panel_does_not_count():
    chats = a_chat(6, {ADA: 5})
    chats.gone(CHANNEL, PANEL + 1)
    chats.gone(CHANNEL, PANEL + 7)
    assert chats.is_out_of_sight(CHANNEL), "five for everyone and four for Ada"
    for message_id in range(PANEL + 8, PANEL + 12):
        chats.gone(CHANNEL, message_id)
    assert not chats.is_out_of_sight(CHANNEL)
    chats.panel_is(CHANNEL, PANEL + 8)
    chats.came(CHANNEL, PANEL + 2)
    assert not chats.is_out_of_sight(CHANNEL)
    assert not chats.is_out_of_sight(CHANNEL + 1)


async def test_a_panel_is_posted_again_before_it_is_an_hour_old_and_the_old_one_deleted(evening: Evening):
    clock = HeldClock()
    evening.clock = clock
    session = await evening.open()
    [first] = evening.stage.posted
    wait = await clock.wait_of(POST_AGAIN_SECONDS)
    evening.stage.panel_age = POST_AGAIN_SECONDS
    evening.services.panels.changed(session.session_id)
    await until(lambda: len(evening.stage.posted) == 2)
    await until(lambda: evening.stage.removed == [first])
    assert await evening.value("SELECT panel_message_id FROM sessions") == evening.stage.posted[-1]
    async with asyncio.timeout(10):
        while await evening.value("SELECT former_panel_message_id FROM sessions") is not None:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    wait.set()


class LaterClock(HeldClock):
    """A held clock that a test can move on."""

    ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead


async def test_a_panel_is_posted_again_after_55_minutes_in_which_nothing_happens(evening: Evening):
    clock = LaterClock()
    evening.clock = clock
    await evening.open()
    [first] = evening.stage.posted
    wait = await clock.wait_of(POST_AGAIN_SECONDS)
    clock.ahead = POST_AGAIN_SECONDS
    wait.set()
    await until(lambda: evening.stage.removed == [first])
    assert len(evening.stage.posted) == 2
    again = await clock.wait_of(POST_AGAIN_SECONDS, 1)
    assert not again.is_set(), "the next one waits for another 55 minutes"


async def test_a_panel_that_cannot_be_posted_is_edited_until_it_can(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.services.panel.panels.RETRY_SECONDS", 0.05)
    session = await evening.open()
    post = PaperStage.post_panel

    async def refuse(*_: object) -> int:
        raise PanelUnreachable

    monkeypatch.setattr(PaperStage, "post_panel", refuse)
    shown = len(evening.stage.panels)
    evening.services.panels.post_again(session.session_id)
    await until(lambda: len(evening.stage.panels) >= shown + 2)
    assert len(evening.stage.posted) == 1
    monkeypatch.setattr(PaperStage, "post_panel", post)
    await until(lambda: len(evening.stage.posted) == 2)


async def test_a_panel_that_someone_deleted_is_posted_again(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    session = await evening.open()

    async def gone(*_: object) -> float:
        raise PanelGone

    with monkeypatch.context() as patch:
        patch.setattr(PaperStage, "show_panel", gone)
        evening.services.panels.changed(session.session_id)
        await until(lambda: len(evening.stage.posted) == 2)


async def test_messages_bring_the_panel_of_their_channel_back_at_once(evening: Evening):
    await evening.open()
    [first] = evening.stage.posted
    for number in range(6):
        evening.services.panels.came(CHANNEL + 1, first + 1 + number)
    await asyncio.sleep(0.05)
    assert len(evening.stage.posted) == 1, "in another channel"
    for number in range(6):
        evening.services.panels.came(CHANNEL, first + 1 + number)
    async with asyncio.timeout(1):
        await until(lambda: len(evening.stage.posted) == 2)


async def test_a_panel_that_the_store_does_not_take_yet_replaces_none(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.services.panel.panels.RETRY_SECONDS", 0.05)
    session = await evening.open()
    [first] = evening.stage.posted
    with monkeypatch.context() as patch:
        patch.setattr("bot.services.panel.panels.set_panel_message", refuse_for_full_disk)
        evening.services.panels.post_again(session.session_id)
        await until(lambda: len(evening.stage.posted) == 2)
        await asyncio.sleep(0.05)
        assert evening.stage.removed == []
    await until(lambda: evening.stage.removed == [first])
    assert await evening.value("SELECT panel_message_id FROM sessions") == evening.stage.posted[-1]


async def test_a_panel_that_cannot_be_deleted_yet_is_deleted_later_and_no_third_is_posted(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.services.panel.panels.RETRY_SECONDS", 0.05)
    session = await evening.open()
    [first] = evening.stage.posted

    async def refuse(*_: object) -> None:
        raise PanelUnreachable

    with monkeypatch.context() as patch:
        patch.setattr(PaperStage, "remove_panel", refuse)
        evening.services.panels.post_again(session.session_id)
        await until(lambda: len(evening.stage.posted) == 2)
        await asyncio.sleep(0.1)
    await until(lambda: evening.stage.removed == [first])
    await asyncio.sleep(0.1)
    assert len(evening.stage.posted) == 2
