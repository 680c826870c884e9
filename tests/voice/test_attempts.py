"""Attempts that are stopped: any link that they were about to open is closed."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest

from bot.voice.connection import attempts as attempts_module
from bot.voice.connection.attempts import Attempts
from bot.voice.connection.link import Credentials
from bot.voice.connection.reconnection import Step
from tools.home_channel import until


class PaperLink:
    """A link that opens when a test tells it to."""

    def __init__(self, _client: Any, _credentials: Credentials, _callbacks: Any, *, says_wants: bool) -> None:
        assert says_wants
        self.is_closed = False
        self.is_opening = asyncio.Event()
        self.may_open = asyncio.Event()
        links.append(self)

    async def open(self) -> None:
        self.is_opening.set()
        await self.may_open.wait()

    def close(self) -> None:
        self.is_closed = True


links: list[PaperLink] = []


class PaperGateway:
    async def credentials(self) -> Credentials:
        return Credentials(1, 2, "session", "token", "nowhere")


@pytest.fixture
def ended() -> list[Any]:
    return []


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch, ended: list[Any]) -> Attempts:
    links.clear()
    monkeypatch.setattr(attempts_module, "Link", PaperLink)
    gateway: Any = PaperGateway()
    client: Any = SimpleNamespace()
    callbacks: Any = SimpleNamespace()
    return Attempts(client, gateway, callbacks, lambda *told: ended.append(told))


async def test_a_link_that_opens_at_the_moment_at_which_it_is_no_longer_wanted_is_closed(
    attempts: Attempts, ended: list[Any]
) -> None:
    attempts.begin(Step.IDENTIFY, time.monotonic(), None)
    await until(lambda: links)
    await links[0].is_opening.wait()
    task = attempts._attempt
    assert task is not None
    links[0].may_open.set()
    while not task.done():  # noqa: ASYNC110
        # In the same round of the event loop, before the callback of the finished attempt.
        await asyncio.sleep(0)
    attempts.stop()
    assert not task.cancelled(), "the attempt had succeeded"
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert links[0].is_closed
    assert ended == []


async def test_a_link_that_is_still_opening_when_it_is_no_longer_wanted_is_closed(
    attempts: Attempts, ended: list[Any]
) -> None:
    attempts.begin(Step.IDENTIFY, time.monotonic(), None)
    await until(lambda: links)
    await links[0].is_opening.wait()
    attempts.stop()
    await asyncio.sleep(0.01)
    assert links[0].is_closed
    assert ended == []


async def test_a_link_that_is_wanted_stays_open(attempts: Attempts, ended: list[Any]) -> None:
    attempts.begin(Step.IDENTIFY, time.monotonic(), None)
    await until(lambda: links)
    links[0].may_open.set()
    await until(lambda: ended)
    assert [(step, link is links[0], error) for step, link, error in ended] == [(Step.IDENTIFY, True, None)]
    assert not links[0].is_closed
