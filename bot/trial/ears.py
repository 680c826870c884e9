"""The bot's voice connection, which notes what both gateways send."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import discord

from bot.trial.observations import MAIN, VOICE, Observations
from bot.trial.ops import told
from bot.voice.capture import CaptureClient
from bot.voice.connection.events import ConnectionEvent, ConnectionGivenUp, ConnectionLost, ConnectionRestored


class Ears(CaptureClient):
    """A capture client that tells `observations` everything. Make it with `ears_for`."""

    observations: Observations

    def __init__(self, client: discord.Client, channel: discord.abc.Connectable) -> None:
        super().__init__(client, channel)
        self.on_connection = self._connection_told
        self._endpoint: str | None = None

    def observe(self, message: aiohttp.WSMessage) -> None:
        """Note a message of the voice gateway."""
        if message.type is aiohttp.WSMsgType.TEXT:
            content = json.loads(message.data)
            said = told(content["op"], content.get("d"), self.observations.alias)
            if said is not None:
                self.observations.note(VOICE, f"op {content['op']}", **said)
        elif message.type is aiohttp.WSMsgType.BINARY:
            self.observations.note(VOICE, f"op {message.data[2]}", bytes=len(message.data) - 3)
        elif message.type is aiohttp.WSMsgType.CLOSE:
            self.observations.note(VOICE, "close", code=message.data)

    async def on_voice_state_update(self, data: Any) -> None:
        """Note where Discord says that the bot is."""
        self.observations.note(
            MAIN,
            "VOICE_STATE_UPDATE",
            who="the bot",
            is_in_channel=data["channel_id"] is not None,
            is_deafened=bool(data.get("deaf")),
            is_muted=bool(data.get("mute")),
        )
        await super().on_voice_state_update(data)

    async def on_voice_server_update(self, data: Any) -> None:
        """Note that Discord names a voice server, and whether it is another one."""
        endpoint = data.get("endpoint")
        is_other = self._endpoint is not None and endpoint != self._endpoint
        self.observations.note(MAIN, "VOICE_SERVER_UPDATE", has_endpoint=bool(endpoint), is_other_endpoint=is_other)
        self._endpoint = endpoint or self._endpoint
        await super().on_voice_server_update(data)

    def _connection_told(self, event: ConnectionEvent) -> None:
        match event:
            case ConnectionLost(reason=reason):
                self.observations.note(VOICE, "lost", reason=reason)
            case ConnectionRestored(hole_ms=hole_ms):
                self.observations.note(VOICE, "restored", hole_ms=round(hole_ms))
            case ConnectionGivenUp(reason=reason):
                self.observations.note(VOICE, "given up", reason=reason)


def ears_for(observations: Observations) -> type[Ears]:
    """Return the class to connect to a channel with: discord.py makes the voice client itself."""
    return type("Ears", (Ears,), {"observations": observations})
