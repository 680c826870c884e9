"""Objects that a new session of the main gateway replaces, and edits that do not arrive."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from bot.services.panel import panels
from bot.stage.booth import DiscordBooth
from bot.stage.sign import Sign
from bot.stage.stage import DiscordStage
from tests.evening import an_evening

GUILD, CHANNEL, BOT, ANNA, BERT = 111, 222, 999, 1, 2


def member(user_id: int) -> dict[str, Any]:
    user = {"id": str(user_id), "username": f"u{user_id}", "discriminator": "0", "avatar": None, "bot": user_id == BOT}
    return {
        "user": user,
        "roles": [],
        "joined_at": "2024-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


def voice_state(user_id: int) -> dict[str, Any]:
    flags = dict.fromkeys(("deaf", "mute", "self_deaf", "self_mute", "self_video", "suppress"), False)
    return {"user_id": str(user_id), "channel_id": str(CHANNEL), "session_id": "x", **flags}


def guild_with(*users: int) -> dict[str, Any]:
    channel = {"id": str(CHANNEL), "type": 2, "name": "stage", "position": 0, "bitrate": 64000, "user_limit": 0}
    lists = ("emojis", "features", "threads", "stage_instances", "presences", "stickers", "roles")
    numbers = ("premium_tier", "nsfw_level", "verification_level", "default_message_notifications", "mfa_level")
    return {
        **{name: [] for name in lists},
        **dict.fromkeys((*numbers, "explicit_content_filter", "system_channel_flags", "afk_timeout"), 0),
        "id": str(GUILD),
        "name": "troupe",
        "owner_id": "5",
        "member_count": 3,
        "preferred_locale": "en-US",
        "channels": [{**channel, "permission_overwrites": [], "nsfw": False}],
        "members": [member(user) for user in (BOT, ANNA, BERT)],
        "voice_states": [voice_state(user) for user in users],
    }


async def test_who_is_in_the_channel_is_known_after_a_new_session_of_the_main_gateway():
    client = discord.Client(intents=discord.Intents(guilds=True, voice_states=True))
    await client._async_setup_hook()
    state: Any = client._connection

    async def begin_session(*users: int) -> None:
        me = member(BOT)["user"]
        guilds = [{"id": str(GUILD), "unavailable": True}]
        state.parse_ready({"user": me, "guilds": guilds, "application": {"id": "7", "flags": 0}, "session_id": "s"})
        state.parse_guild_create(guild_with(BOT, *users))
        await asyncio.sleep(0.05)

    await begin_session(ANNA)
    channel = client.get_channel(CHANNEL)
    voice: Any = SimpleNamespace(client=client, on_connection=None)
    assert isinstance(channel, discord.VoiceChannel)
    booth = DiscordBooth(voice, channel, Sign())
    assert booth.occupants() == [ANNA]
    await begin_session(BERT)
    assert booth.occupants() == [BERT]
    state.parse_voice_state_update({**voice_state(ANNA), "guild_id": str(GUILD), "member": member(ANNA)})
    assert booth.occupants() == [ANNA, BERT]


class PaperMessage:
    """A panel's message; Discord fails its first edit."""

    def __init__(self, failure: Exception) -> None:
        self.failures = [failure]
        self.edits = 0

    async def edit(self, **_: object) -> None:
        if self.failures:
            raise self.failures.pop()
        self.edits += 1


UNAVAILABLE: Any = SimpleNamespace(status=503, reason="Service Unavailable")


@pytest.mark.parametrize(
    "failure",
    [
        aiohttp.ClientConnectionError("down"),
        OSError(101, "Network is unreachable"),
        TimeoutError(),
        discord.DiscordServerError(UNAVAILABLE, "down"),
    ],
    ids=lambda failure: type(failure).__name__,
)
async def test_an_edit_that_fails_on_the_way_is_made_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception
):
    monkeypatch.setattr(panels, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(panels, "REFRESH_INTERVAL_SECONDS", 0.01)
    message = PaperMessage(failure)
    client: Any = SimpleNamespace()
    stage = DiscordStage(client)
    stage._voice_channel = lambda *_: SimpleNamespace(get_partial_message=lambda _: message)  # type: ignore
    async with an_evening(tmp_path) as evening:
        await evening.everyone_consents()
        session = await evening.open()
        evening.stage.show_panel = stage.show_panel  # type: ignore[method-assign]
        await evening.services.scenes.deal(session, session.change.event_id)
        async with asyncio.timeout(5):
            while not message.edits:  # noqa: ASYNC110 - nothing signals an edit
                await asyncio.sleep(0.01)
