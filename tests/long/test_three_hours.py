"""An evening of three hours by Discord's clock, whose limits of old messages are in force; its waits are shortened.

People are at phones and chat. The panel must be true soon after every change, no edit may stay refused, and there are
two panels only for a moment.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.embedded.client.person import Person
from bot.ui.panel import build_panel
from tests.real_bot import RealBot, open_real_bot, sees_x_card, until

_log = logging.getLogger(__name__)

MINUTE = 60
TRUE_WITHIN_SECONDS = 6.0
TWO_PANELS_SECONDS = 2.0
X_CARD_BACK_SECONDS = 2.0
EDIT, POST = ("PATCH", "/channels/{channel_id}/messages/{message_id}"), ("POST", "/channels/{channel_id}/messages")
_MOVING = re.compile(r"<t:\d+:\w>|(🎙️|⚠️ *)<@\d+>.*")
"""What a panel says of the time and of the sound: it changes without a change of the session."""


@dataclass
class Spans:
    """For how long something was so: the longest time, and since when it is so now."""

    longest: float = 0.0
    since: float | None = None

    def note(self, is_so: bool) -> None:
        now = time.monotonic()
        if not is_so:
            self.since = None
            return
        self.since = now if self.since is None else self.since
        self.longest = max(self.longest, now - self.since)


@dataclass
class Truth:
    """How long each state of the session took to be on the panel: it counts as shown once it or a later one is."""

    longest: float = 0.0
    waiting: list[tuple[list[str], float]] = field(default_factory=list[tuple[list[str], float]])
    _newest: list[str] | None = None

    def note(self, wanted: list[str], shown: list[str] | None) -> None:
        now = time.monotonic()
        if wanted != self._newest:
            self._newest = wanted
            self.waiting.append((wanted, now))
        for place, (state, _) in reversed(list(enumerate(self.waiting))):
            if state == shown:
                del self.waiting[: place + 1]
                break
        if self.waiting:
            self.longest = max(self.longest, now - self.waiting[0][1])


@dataclass
class Watch:
    """What an observer finds who looks at everything all the time."""

    truth: Truth = field(default_factory=Truth)
    two_panels: Spans = field(default_factory=Spans)
    no_panel: Spans = field(default_factory=Spans)
    without_x_card: defaultdict[int, Spans] = field(default_factory=lambda: defaultdict(Spans))
    looks: int = 0


def said(components: list[dict[str, Any]]) -> list[str]:
    """What a message's components say and do, without what moves by itself."""
    return list(_said(components))


def _said(components: list[dict[str, Any]]) -> Iterator[str]:
    for component in components:
        yield _MOVING.sub("", str(component.get("content", "")))
        yield f"{component.get('label')} {component.get('custom_id')}"
        yield from _said(component.get("components") or [])


async def look(real: RealBot, watch: Watch) -> None:
    """Compare what people see with what the session is, once."""
    session = next(iter(real.bot.services.live), None)
    if session is None:
        return
    state = await real.bot.services.panels.read(session.session_id)
    wanted, panels = said(build_panel(state).to_components()), real.panels()
    watch.looks += 1
    watch.no_panel.note(not panels)
    watch.two_panels.note(len(panels) > 1)
    watch.truth.note(wanted, said(panels[-1].components) if panels else None)
    for person in real.everyone:
        is_missed = session.take is not None and not sees_x_card(person)
        watch.without_x_card[person.user_id].note(is_missed)


@asynccontextmanager
async def watching(real: RealBot) -> AsyncIterator[Watch]:
    watch = Watch()

    async def keep_looking() -> None:
        while True:
            await look(real, watch)
            await asyncio.sleep(0.05)

    looking = asyncio.create_task(keep_looking())
    try:
        yield watch
    finally:
        looking.cancel()
        await asyncio.wait({looking})


class Evening:
    """What people do in a quarter of an hour, in some seconds."""

    def __init__(self, real: RealBot) -> None:
        self.real = real
        self.audience: Person = real.people["audience"][0]
        self.passed_minutes = 0.0

    def pass_time(self, minutes: float) -> None:
        self.real.house.clock.advance(minutes * MINUTE)
        self.passed_minutes += minutes

    async def chat(self, messages: int, every: float) -> None:
        for number in range(messages):
            await self.audience.say(self.real.channel_id, f"line {number}")
            await asyncio.sleep(every)

    async def scene(self, number: int) -> None:
        """Deal, read, play with chat and a pause, cut, and strike by mistake every other time."""
        real = self.real
        assert "was dealt to" in (await real.press("Deal scene", "Next scene")).text
        for performer in real.people["performer"]:
            await real.press("My card", person=performer)
        self.pass_time(4)
        assert "starts" in (await real.press("Start take")).text
        chatting = asyncio.create_task(self.chat(9, 0.35))
        await asyncio.sleep(1.5)
        if number % 3 == 0:
            await real.press("Pause")
            self.pass_time(2)
            await real.press("Resume")
        await chatting
        if number % 4 == 3:
            await real.press("Stop (X-card)", person=real.people["performer"][-1])
        else:
            assert "Cut. Take" in (await real.press("Cut")).text
            await real.press("Discard")
            self.pass_time(1)
            await real.press("Restore")
        self.pass_time(8)


async def test_a_panel_is_true_and_in_sight_for_three_hours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async with open_real_bot(tmp_path, monkeypatch) as real:
        await real.open_session()
        evening, hub = Evening(real), real.house.discord.hub
        begun = hub.clock.wall()
        async with watching(real) as watch:
            for number in range(1, 10):
                await evening.scene(number)
                if number == 4:
                    # A break in which no one presses anything; the answer to the first post after it gets lost.
                    evening.pass_time(65)
                    await real.order(fault="lose_answer", method=POST[0], route=POST[1])
            await until(lambda: not watch.truth.waiting)
        assert hub.clock.wall() - begun >= 3 * 3600
        assert "is over" in (await real.command("session end")).text
        await until(lambda: not real.panels())
        worst = max(spans.longest for spans in watch.without_x_card.values())
        _log.info(
            "untrue %.2f s, two panels %.2f s, no X-card %.2f s; %d posts, %d edits, %d looks",
            *(watch.truth.longest, watch.two_panels.longest, worst),
            *(len(real.requests(*POST)), len(real.requests(*EDIT)), watch.looks),
        )
        assert watch.looks > 200
        assert watch.truth.longest <= TRUE_WITHIN_SECONDS, watch.truth.longest
        assert watch.two_panels.longest <= TWO_PANELS_SECONDS, watch.two_panels.longest
        assert watch.no_panel.longest == 0
        assert worst <= X_CARD_BACK_SECONDS, worst
        refused = [one for one in (*real.requests(*EDIT), *real.requests(*POST)) if one["status"] == 429]
        assert refused == [], "Discord's limits are kept, not met"
