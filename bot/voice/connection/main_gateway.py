"""The main gateway's part in a voice connection: joining, leaving, and the two events that tell where to go."""

# Private names of discord.py are needed here, and part of discord.py's types are unknown to pyright.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
from typing import Any

from discord import VoiceClient

from bot.voice.connection.link import Credentials


class MainGateway:
    """One voice client's dealings with the main gateway. `session_id`, `token` and `endpoint` are what was told last.

    While it `is_asking`, what is told is the answer; while it `is_leaving`, being in no channel is our own doing.
    """

    def __init__(self, voice_client: VoiceClient) -> None:
        self.session_id: str | None = None
        self.token: str | None = None
        self.endpoint: str | None = None
        self.is_asking = self.is_leaving = False
        self.has_left = asyncio.Event()
        self._voice_client = voice_client
        self._told = asyncio.Event()
        self._main_session: object = None

    @property
    def guild(self) -> Any:
        """The server of the channel we are in."""
        return self._voice_client.channel.guild

    async def ask(self, *, self_deaf: bool, self_mute: bool, leave_first: bool) -> Credentials:
        """Op 4: join the channel, and the credentials that come of it. Leaving first makes Discord send new ones."""
        self.register()
        self.session_id = self.token = self.endpoint = None
        self.is_asking = True
        try:
            if leave_first:
                self.is_leaving = True
                await self.guild.change_voice_state(channel=None)
            channel = self._voice_client.channel
            await self.guild.change_voice_state(channel=channel, self_deaf=self_deaf, self_mute=self_mute)
            credentials = await self.credentials()
        finally:
            self.is_asking = False
        self.has_new_session()
        return credentials

    async def credentials(self) -> Credentials:
        """What to identify with, once all of it has been told: the two events come in any order, or at once."""
        while True:
            if self.session_id and self.token and self.endpoint:
                channel_id = self._voice_client.channel.id
                return Credentials(self.guild.id, channel_id, self.session_id, self.token, self.endpoint)
            self._told.clear()
            await self._told.wait()

    async def leave(self) -> None:
        """Op 4: out of the channel. It is about the whole server, so not if another voice client sits there by now."""
        self.is_leaving = True
        state = self._voice_client._state
        key, _ = self._voice_client.channel._get_voice_client_key()
        if state._get_voice_client(key) in (None, self._voice_client):
            await self.guild.change_voice_state(channel=None)
        else:
            self.has_left.set()

    def state_told(self, data: Any) -> tuple[bool, bool]:
        """VOICE_STATE_UPDATE about ourselves: whether we are in a channel, and whether in another one than before."""
        if data["channel_id"] is None:
            self.has_left.set()
            return False, False
        self.is_leaving = False
        self.session_id = data["session_id"]
        channel_id = int(data["channel_id"])
        is_moved = channel_id != self._voice_client.channel.id
        if is_moved and (channel := self.guild.get_channel(channel_id)) is not None:
            self._voice_client.channel = channel
        self._told.set()
        return True, is_moved

    def server_told(self, data: Any) -> bool:
        """VOICE_SERVER_UPDATE: whether there is a voice server; without one, one is being looked for."""
        endpoint: str | None = data.get("endpoint")
        self.token = data["token"]
        self.endpoint = endpoint.removeprefix("wss://") if endpoint else None
        self._told.set()
        return bool(self.endpoint and self.token)

    def register(self) -> None:
        """discord.py forgets its voice clients when the main gateway begins a new session: events would not come."""
        state = self._voice_client._state
        key, _ = self._voice_client.channel._get_voice_client_key()
        if state._get_voice_client(key) is None:
            state._add_voice_client(key, self._voice_client)

    def has_new_session(self) -> bool:
        """Whether the main gateway has begun a new session since this was asked: our voice state went with the old."""
        websocket: Any = self._voice_client._state._get_websocket(self.guild.id)
        before = self._main_session
        self._main_session = getattr(websocket, "session_id", None) or before
        return self._main_session != before
