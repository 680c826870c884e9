"""The embedded Discord as a process of its own."""

from __future__ import annotations

import asyncio
import json
import signal
import ssl
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.embedded.client.person import Person
from bot.embedded.guild.world import World
from bot.embedded.journal import read_journal

Started = tuple[Process, dict[str, Any]]


@pytest.fixture
async def started(world: World, tmp_path: Path) -> AsyncIterator[Started]:
    """The process, and what it printed when it was ready."""
    world.write(tmp_path / "world.json")
    arguments = ("--world", str(tmp_path / "world.json"), "--logs", str(tmp_path / "logs"))
    words = ("-W", "always::ResourceWarning", "-m", "bot.embedded", *arguments)
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    async with asyncio.timeout(20):
        row = await process.stdout.readline()
    yield process, json.loads(row)
    if process.returncode is None:
        process.kill()
    await process.communicate()


async def test_it_prints_one_row_when_it_is_ready_and_serves_people(started: Started, world: World) -> None:
    _, told = started
    assert told["token"] == world.bot.token
    tls = ssl.create_default_context(cafile=told["ca_file"])
    user_id = world.people[0].user_id
    async with Person.connect(told["cast"], told["cast_key"], user_id, tls) as person:
        credentials = await person.join_voice(world.of_kind("voice")[0].channel_id)
    assert credentials.endpoint == told["voice"]
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        async with Person.connect(told["cast"], "wrong", user_id, tls):
            pass
    with pytest.raises(aiohttp.WSServerHandshakeError, match="404"):
        async with Person.connect(told["cast"], told["cast_key"], 1, tls):
            pass


async def test_it_stops_on_sigterm_and_leaves_nothing_open(started: Started) -> None:
    process, told = started
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(5):
        assert await process.communicate() == (b"", b"")
    assert process.returncode == 0
    assert [entry["kind"] for entry in read_journal(Path(told["journal"]))][-1] == "discord_stopped"


async def test_it_stops_when_its_stdin_closes(started: Started) -> None:
    process, _ = started
    assert process.stdin is not None
    process.stdin.close()
    async with asyncio.timeout(5):
        assert await process.communicate() == (b"", b"")
    assert process.returncode == 0
