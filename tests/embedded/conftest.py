"""A house and a voice server for the tests of the embedded Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.embedded.guild.world import World
from bot.rehearsal.world import default_world
from tests.embedded.raw_bot import House, open_house
from tests.embedded.voice_stage import Stage


@pytest.fixture
def world() -> World:
    return default_world(7)


@pytest.fixture
async def house(world: World, tmp_path: Path) -> AsyncIterator[House]:
    """An embedded Discord whose bot is at the gateway and has a command /hello."""
    async with open_house(world, tmp_path) as house:
        assert (await house.bot.register({"name": "hello"})).status == 200
        await house.bot.connect()
        await house.bot.event("GUILD_CREATE")
        yield house


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A voice server that has been started."""
    stage = Stage(tmp_path)
    await stage.server.start()
    yield stage
    await stage.close()
