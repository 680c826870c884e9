"""Answers that take longer than the 15 minutes for which Discord takes them, and files by the limit that it names."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.embedded.client.person import Person
from bot.embedded.guild.world import World
from bot.rehearsal.world import default_world
from bot.services.exports import Exports, PackedLog
from bot.ui import late_answers
from tests.real_bot import RealBot, open_real_bot

QUARTER = 15 * 60


def a_world(**changes: Any) -> World:
    return dataclasses.replace(default_world(7, performers=3), **changes)


def without_direct_messages() -> World:
    people = tuple(dataclasses.replace(one, accepts_dms=False) for one in a_world().people)
    return a_world(people=people)


def let_exports_take(real: RealBot, seconds: float, patch: pytest.MonkeyPatch) -> None:
    """Let this time pass by Discord's clock while a log is packed."""
    packed = Exports.packed_log

    @asynccontextmanager
    async def slowly(*of: Any) -> AsyncGenerator[PackedLog]:
        async with packed(*of) as log:
            real.house.clock.advance(seconds)
            yield log

    patch.setattr(Exports, "packed_log", slowly)


async def export_log(real: RealBot) -> Person:
    """Let the coordinator export a log without waiting for the answer."""
    await real.open_session()
    await real.command("session end")
    await real.coordinator.ask(
        "slash", channel_id=str(real.channel_id), command="export", options={"session": 1, "log": True}
    )
    return real.coordinator


async def test_an_export_of_over_15_minutes_arrives_as_a_direct_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with open_real_bot(tmp_path, monkeypatch) as real:
        let_exports_take(real, QUARTER + 1, monkeypatch)
        coordinator = await export_log(real)
        told = await coordinator.wait_for_message(lambda one: one.is_direct, 30)
        assert told.text.startswith("**Log ready:**")
        [archive] = told.attachments
        assert (await coordinator.download(archive)).startswith(b"PK")


async def test_who_takes_no_direct_messages_is_told_in_the_channel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async with open_real_bot(tmp_path, monkeypatch, without_direct_messages()) as real:
        let_exports_take(real, QUARTER + 1, monkeypatch)
        coordinator = await export_log(real)
        told = await coordinator.wait_for_message(lambda one: "Allow direct messages" in one.text, 30)
        assert told.text.startswith(f"<@{coordinator.user_id}>")
        assert not told.is_ephemeral
        assert not told.attachments, "what is private stays so"


async def test_a_late_file_that_direct_messages_do_not_take_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(late_answers, "DIRECT_UPLOAD_BYTES", 100)
    async with open_real_bot(tmp_path, monkeypatch) as real:
        let_exports_take(real, QUARTER + 1, monkeypatch)
        coordinator = await export_log(real)
        told = await coordinator.wait_for_message(lambda one: one.is_direct, 30)
        assert "On the bot's machine, it is in" in told.text
        assert not told.attachments


@pytest.mark.parametrize(("limit", "files"), [(25 * 1024 * 1024, 1), (1000, 0)])
async def test_the_interaction_says_how_much_may_be_uploaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, files: int
):
    async with open_real_bot(tmp_path, monkeypatch, a_world(interaction_upload_bytes=limit)) as real:
        coordinator = await export_log(real)
        told = await coordinator.wait_for_message(lambda one: "Log ready" in one.text, 30)
        assert len(told.attachments) == files
        assert ("larger than" in told.text) == (not files)


async def test_who_has_left_the_server_withdraws_in_direct_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async with open_real_bot(tmp_path, monkeypatch) as real:
        await real.open_session()
        performer = real.people["performer"][0]
        direct = await performer.open_dm()
        await performer.leave_guild()
        shown = await performer.slash(direct, "consent")
        assert shown.message is not None
        [choose] = shown.message.buttons
        assert choose.label == f"Choose for {real.house.world.guild_name}"
        form = await performer.click(shown.message, choose.label)
        told = await performer.submit(form.modal, {"taking_part": [], "uses": [], "adult": True})
        assert told.text.count("Withdrawn: ") == 3
        lines = await performer.slash(direct, "lines")
        assert (await performer.submit(lines.modal, {"topics": ["death"]})).text.startswith("Saved: 1 line")


async def test_a_newcomer_is_asked_about_the_servers_on_which_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async with open_real_bot(tmp_path, monkeypatch) as real:
        newcomer, stranger = real.people["bystander"][0], real.people["audience"][0]
        shown = await newcomer.slash(await newcomer.open_dm(), "consent")
        assert shown.message is not None
        assert [one.label for one in shown.message.buttons] == [f"Choose for {real.house.world.guild_name}"]
        direct = await stranger.open_dm()
        await stranger.leave_guild()
        assert "knows of no server" in (await stranger.slash(direct, "consent")).text
