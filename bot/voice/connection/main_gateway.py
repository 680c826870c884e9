"""The main gateway's part in a voice connection: joining, leaving, and the two events that name the voice server."""

# Private names of discord.py are needed here, and some of discord.py's types are unknown to pyright.
# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import asyncio
from typing import Any, Final

from discord import VoiceClient

from bot.voice.connection.link import Credentials

STATE_SECONDS: Final = 0.3
"""How long after VOICE_SERVER_UPDATE a VOICE_STATE_UPDATE is awaited; the two come about 20 ms apart."""


class MainGateway:
    """What one voice client sends to the main gateway and hears from it.

    `session_id`, `token` and `endpoint` are the newest values. While it `is_asking`, events are the answer; while it
    `is_leaving`, an event that puts us in no channel is one we asked for.
    """

    def __init__(self, voice_client: VoiceClient) -> None:
        self.session_id: str | None = None
        self.token: str | None = None
        self.endpoint: str | None = None
        self.is_asking = self.is_leaving = False
        self.has_left = asyncio.Event()
        self._voice_client = voice_client
        self._told = asyncio.Event()
        self._knew_channel = False
        self._main_session: object = None

    @property
    def guild(self) -> Any:
        """The server of the channel that we are in."""
        return self._voice_client.channel.guild

    async def ask(self, *, self_deaf: bool, self_mute: bool, leave_first: bool) -> Credentials:
        """Join the channel (op 4) and return the credentials. Leaving first makes Discord send new ones."""
        self.register()
        former, self.session_id = self.session_id, None
        self.token = self.endpoint = None
        self.is_asking = True
        try:
            if leave_first:
                self.is_leaving = True
                await self.guild.change_voice_state(channel=None)
            channel = self._voice_client.channel
            await self.guild.change_voice_state(channel=channel, self_deaf=self_deaf, self_mute=self_mute)
            credentials = await self.credentials(former)
        finally:
            self.is_asking = False
        self.has_new_session()
        return credentials

    async def credentials(self, former_session_id: str | None = None) -> Credentials:
        """Return the credentials once they are complete: the two events arrive in any order.

        If only VOICE_SERVER_UPDATE comes, as it does when a voice server changes, `former_session_id` still holds.
        """
        while not (self.session_id and self.token and self.endpoint):
            self._told.clear()
            try:
                async with asyncio.timeout(STATE_SECONDS if self.token and self.endpoint else None):
                    await self._told.wait()
            except TimeoutError:
                self.session_id = self.session_id or former_session_id
        channel_id = self._voice_client.channel.id
        self._knew_channel = self._is_channel_known()
        return Credentials(self.guild.id, channel_id, self.session_id, self.token, self.endpoint)

    async def leave(self) -> None:
        """Leave the channel (op 4), unless another voice client is there by now: op 4 is about the whole server."""
        self.is_leaving = True
        state = self._voice_client._state
        key, _ = self._voice_client.channel._get_voice_client_key()
        if state._get_voice_client(key) in (None, self._voice_client):
            await self.guild.change_voice_state(channel=None)
        else:
            self.has_left.set()

    def state_told(self, data: Any) -> tuple[bool, bool]:
        """Take a VOICE_STATE_UPDATE about ourselves; return whether we are in a channel and whether we were moved."""
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
        """Take a VOICE_SERVER_UPDATE; return whether it names a voice server. If not, Discord is looking for one."""
        endpoint: str | None = data.get("endpoint")
        self.token = data["token"]
        self.endpoint = endpoint.removeprefix("wss://") if endpoint else None
        self._told.set()
        return bool(self.endpoint and self.token)

    def is_channel_deleted(self) -> bool:
        """Whether the channel that we were in no longer exists, as far as discord.py's cache knew it before."""
        is_known = self._is_channel_known()
        return self._knew_channel and not is_known

    def _is_channel_known(self) -> bool:
        find = getattr(self.guild, "get_channel", None)
        return find is not None and find(self._voice_client.channel.id) is not None

    def register(self) -> None:
        """Register the voice client again if discord.py dropped it with the main gateway's session.

        An unregistered client gets no events.
        """
        state = self._voice_client._state
        key, _ = self._voice_client.channel._get_voice_client_key()
        if state._get_voice_client(key) is None:
            state._add_voice_client(key, self._voice_client)

    def has_new_session(self) -> bool:
        """Whether the main gateway began a new session since the last call; our voice state ended with the old one."""
        websocket: Any = self._voice_client._state._get_websocket(self.guild.id)
        before = self._main_session
        self._main_session = getattr(websocket, "session_id", None) or before
        return self._main_session != before
