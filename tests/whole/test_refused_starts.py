"""Rehearsals that cannot run: the sentence that says what is in the way, and the exit code."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.embedded.guild.world import Permission, World
from bot.rehearsal.processes import embedded_discord, start_bot, stop
from bot.rehearsal.world import default_world

INVITE = "Invite the bot to a server: https://discord.com/oauth2/authorize?client_id="
ROOT = Path(__file__).parents[2]


def rehearse(world: World, folder: Path) -> subprocess.CompletedProcess[str]:
    world.write(folder / "world.json")
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "bot",
            "rehearse",
            "--home",
            str(folder / "home"),
            "--world",
            str(folder / "world.json"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def test_a_missing_permission_is_named(tmp_path: Path):
    world = default_world(3)
    without = world.bot.permissions & ~int(Permission.CHANGE_NICKNAME | Permission.ATTACH_FILES)
    done = rehearse(replace(world, bot=replace(world.bot, permissions=without)), tmp_path)
    assert done.returncode == 1
    assert "The bot lacks permissions in <#" in done.stderr
    assert ": Attach Files, Change Nickname. Ask someone with Manage Server to grant them." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_voice_channel_that_is_full_is_named(tmp_path: Path):
    world = default_world(4)
    full = tuple(replace(channel, user_limit=6) if channel.kind == "voice" else channel for channel in world.channels)
    done = rehearse(replace(world, channels=full), tmp_path)
    assert done.returncode == 1
    assert "> is full" in done.stderr
    assert "raises its user limit by one for the bot" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("is_known", [True, False], ids=["right token", "refused token"])
async def test_a_refused_login_is_named(tmp_path: Path, is_known: bool):
    world = default_world(5)
    world.write(tmp_path / "world.json")
    other = default_world(6).bot.token
    async with embedded_discord(tmp_path / "world.json", tmp_path) as addresses:
        settings = {
            "DISCORD_TOKEN": world.bot.token if is_known else other,
            "PROMPTBOOK_API_URL": addresses.api,
            "PROMPTBOOK_GATEWAY_URL": addresses.gateway,
            "SSL_CERT_FILE": str(addresses.ca_file),
        }
        bot = await start_bot(tmp_path / "home", tmp_path, settings)
        if is_known:
            async with asyncio.timeout(30):
                while INVITE not in (tmp_path / "bot.log").read_text():
                    assert bot.returncode is None
                    await asyncio.sleep(0.1)
        else:
            async with asyncio.timeout(30):
                assert await bot.wait() == 4
        await stop(bot)
    log = (tmp_path / "bot.log").read_text()
    assert ("Discord refused the token. Reset it on the page 'Bot'" in log) == (not is_known)
    assert (INVITE in log) == is_known
    assert "Traceback" not in log
    if is_known:
        assert bot.returncode == 0, "a bot that is asked to end must end with code 0"
