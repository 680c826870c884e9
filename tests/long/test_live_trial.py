"""`promptbook doctor --live` in an embedded Discord, with one person who does what the trial asks for."""

from __future__ import annotations

import asyncio
import contextlib
import os
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import discord
import pytest

from bot.embedded.client.person import Person
from bot.embedded.client.voice.participant import VoiceParticipant
from bot.embedded.guild.world import World, invented_world
from bot.embedded.journal import Journal
from bot.embedded.server import EmbeddedDiscord, embedded_discord
from bot.trial.rights import rights_in

WAIT_SECONDS = 6
SPEECH = [b"\x78" + bytes([number]) * 60 for number in range(150)]


@pytest.fixture
def world() -> World:
    return invented_world(3, ["Robin"])


@asynccontextmanager
async def a_discord(world: World, folder: Path) -> AsyncIterator[tuple[EmbeddedDiscord, Person, ssl.SSLContext]]:
    async with embedded_discord(world, folder) as embedded:
        at, tls = embedded.addresses, ssl.create_default_context(cafile=embedded.addresses.ca_file)
        async with Person.connect(at.cast, at.cast_key, world.people[0].user_id, tls) as person:
            yield embedded, person, tls


async def trial(embedded: EmbeddedDiscord, channel_id: int, folder: Path) -> asyncio.subprocess.Process:
    at = embedded.addresses
    words = ["-m", "bot", "doctor", "--home", str(folder / "home"), "--live", str(channel_id)]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *(*words, "--wait", str(WAIT_SECONDS), "--out", str(folder / "report.md")),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "DISCORD_TOKEN": at.token,
            "PROMPTBOOK_API_URL": at.api,
            "PROMPTBOOK_GATEWAY_URL": at.gateway,
            "SSL_CERT_FILE": str(at.ca_file),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


def answers_in(report: str) -> dict[str, str]:
    table = report.split("\n## ")[0].splitlines()
    cells = [line.strip("| ").split(" | ") for line in table if line.startswith("| ") and "---" not in line]
    return {question: seen for question, seen in cells[1:]}  # noqa: C416 - names the two columns


async def take_part(embedded: EmbeddedDiscord, person: Person, tls: ssl.SSLContext, world: World, folder: Path) -> None:
    """Do what the trial's messages in the channel ask for."""
    channel = world.of_kind("voice")[0].channel_id

    async def asked(what: str) -> None:
        await person.wait_for_message(lambda message: message.text.startswith(what), 60)

    with Journal(folder / "cast.jsonl") as journal:
        for step in ("2 of 4", "3 of 4"):
            await asked(step)
            place = await person.join_voice(channel)
            async with VoiceParticipant(place, ssl_context=tls, journal=journal) as voice:
                await voice.speak(SPEECH)
            await person.leave_voice()
        await asked("4 of 4")
        bot = world.bot.user_id
        await embedded.voice.leave(guild_id=world.guild_id, user_id=bot, close_code=4015)
        for name, label in (("clip.mp3", "iOS: plays"), ("clip.ogg", "iOS: no")):
            shown = await person.wait_for_message(lambda message, name=name: message.text == name, 60)
            assert [file.filename for file in shown.attachments] == [name]
            await person.click(shown, label)
            await person.click(shown, label)
        await asked("That was all")


@pytest.mark.slow
async def test_a_trial_answers_its_questions_and_names_no_one(world: World, tmp_path: Path) -> None:
    async with a_discord(world, tmp_path) as (embedded, person, tls):
        process = await trial(embedded, world.of_kind("voice")[0].channel_id, tmp_path)
        async with asyncio.timeout(100):
            part = asyncio.create_task(take_part(embedded, person, tls, world, tmp_path))
            output, _ = await process.communicate()
            if process.returncode:
                part.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await part
    assert process.returncode == 0, output.decode()
    report = (tmp_path / "report.md").read_text("utf-8")
    answers = answers_in(report)
    assert answers["Which DAVE version does op 4 name if the bot is alone?"] == "version 1"
    assert answers["Does op 11 list the bot itself if others are there?"] == "yes", "the embedded Discord lists it"
    assert answers["May everyone join, type commands and see earlier panels?"] == "yes"
    assert answers["Is the bot deafened or muted on this server?"] == "no"
    assert "op 5 (person 1)" in answers["In which order do ops 11, 5 and 13 come if someone changes the device?"]
    assert answers["Which close code comes if the region changes?"].startswith("4015")
    assert "restored" in answers["Does the bot's connection come back?"]
    assert answers["Where does .mp3 play in place?"] == "iOS: plays (1)"
    assert answers["Where does .ogg play in place?"] == "iOS: no (1)"
    for secret in ("Robin", str(world.people[0].user_id), str(world.bot.user_id), embedded.addresses.token):
        assert secret not in report


async def test_a_channel_that_the_bot_does_not_see_is_told(world: World, tmp_path: Path) -> None:
    async with a_discord(world, tmp_path) as (embedded, _, _):
        process = await trial(embedded, 1, tmp_path)
        output, _ = await process.communicate()
    assert process.returncode == 1
    assert "sees no voice channel with the ID 1" in " ".join(output.decode().split())
    assert not (tmp_path / "report.md").exists()


def test_what_people_may_not_do_and_what_was_done_to_the_bot_is_named() -> None:
    everyone, me = SimpleNamespace(), SimpleNamespace(voice=SimpleNamespace(deaf=True, mute=False))
    allowed = discord.Permissions(connect=True, read_message_history=True)
    guild = SimpleNamespace(default_role=everyone, me=me)
    channel = SimpleNamespace(
        guild=guild, permissions_for=lambda who: allowed if who is everyone else discord.Permissions.none()
    )
    people, own = rights_in(cast("discord.VoiceChannel", channel))
    assert people.found is not None
    assert "lacks View Channel, Send Messages, Use Application Commands:" in people.found
    assert own.found is not None
    assert own.found.startswith("deafened: ")
