"""A press counts from its arrival, even if the bot is busy and comes to it only later."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any

import discord
import pytest

from bot.ui import buttons
from bot.ui.press import Press
from tests.theatre import Theatre

BUSY_SECONDS = 0.3


@pytest.mark.parametrize("way", ["button", "command"])
async def test_a_press_counts_from_its_arrival(theatre: Theatre, monkeypatch: pytest.MonkeyPatch, way: str):
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    waited: list[float] = []
    of = Press.of

    def followed(*given: Any) -> Press:
        press = of(*given)
        waited.append(monotonic() - press.at)
        return press

    async def let_in_late(*_: object) -> bool:
        await asyncio.sleep(BUSY_SECONDS)
        return True

    monkeypatch.setattr(Press, "of", followed)
    if way == "button":
        monkeypatch.setattr(buttons.PanelButton, "from_custom_id", classmethod(_found_late))
        await theatre.press(theatre.performers[0], "My card")
    else:
        monkeypatch.setattr(type(theatre.bot.tree), "interaction_check", let_in_late)
        await theatre.performers[0].slash(theatre.stage, "card")
    assert waited[-1] >= BUSY_SECONDS


async def _found_late(kind: type[Any], _: discord.Interaction, item: Any, match: Any) -> Any:
    await asyncio.sleep(BUSY_SECONDS)
    return kind(item, match)
