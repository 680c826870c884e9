"""Joining and leaving voice: from op 4 or a person's click to the two voice events and the ticket for the voice server.

A join that is not allowed gets no answer at all, as on Discord. What moderators do to people in voice happens here,
too: a move is a voice state with another channel and a new ticket; who is muted or deafened stays so everywhere.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from bot.embedded.guild.permissions import may
from bot.embedded.guild.records import Event, VoiceState, VoiceStateChanged
from bot.embedded.guild.state import State
from bot.embedded.guild.world import Permission
from bot.embedded.journal import Journal

CALL_ENDED: Final = 4022
"""The close code for everyone in a channel that is deleted (documentation, "Voice close event codes")."""

ANSWER_DELAY_S: Final = 0.02
"""The delay before VOICE_STATE_UPDATE, and again before VOICE_SERVER_UPDATE: the two never arrive together."""


class VoiceDoor(Protocol):
    """What joining and leaving needs of the voice server."""

    endpoint: str

    def expect(self, *, guild_id: int, channel_id: int, user_id: int, session_id: str, token: str) -> None:
        """Admit the client that identifies with these."""
        ...

    async def leave(self, *, guild_id: int, user_id: int, close_code: int | None = 4014) -> None:
        """Close the connection of a user who left."""
        ...

    def hush(self, user_id: int, *, is_mute: bool, is_deaf: bool) -> None:
        """From now on, send no one what a user says (`is_mute`), and send the user nothing (`is_deaf`)."""
        ...


@dataclass(frozen=True, slots=True)
class VoiceWish:
    """What a client asks for: a channel or none, muted or not; `session_id` is that of the asking connection."""

    user_id: int
    session_id: str
    channel_id: int | None
    self_mute: bool = False
    self_deaf: bool = False


TellServer = Callable[[dict[str, Any]], None]


class VoiceEntry:
    """Turns requests into voice states and tickets for the voice server."""

    def __init__(self, state: State, door: VoiceDoor, journal: Journal) -> None:
        self._state = state
        self._door = door
        self._journal = journal
        self._tell_server: dict[int, TellServer] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        state.listen(self._on_event)

    def request(self, wish: VoiceWish, tell_server: TellServer) -> bool:
        """Handle a request. Returns False if the person may not connect there; then there will be no answer.

        `tell_server` gets the data of VOICE_SERVER_UPDATE.
        """
        self._journal.write(
            "voice_requested", user_id=wish.user_id, channel_id=wish.channel_id, self_mute=wish.self_mute
        )
        if wish.channel_id is not None and not self._may_join(wish):
            self._journal.write("voice_ignored", user_id=wish.user_id, channel_id=wish.channel_id)
            return False
        self._start(self._grant(wish, tell_server))
        return True

    def leave(self, user_id: int) -> None:
        """Remove a user from voice immediately: their connection was lost or they were removed."""
        if user_id in self._state.voice_states:
            self._state.set_voice(user_id, None)
            self._start(self._door.leave(guild_id=self._state.world.guild_id, user_id=user_id))

    def move(self, user_id: int, channel_id: int) -> None:
        """Move a user who is in voice to another channel, even one that they could not join."""
        before = self._state.voice_states[user_id]
        self._journal.write("voice_moved", user_id=user_id, channel_id=channel_id)
        if before.channel_id != channel_id:
            self._start(self._admit(replace(before, channel_id=channel_id), self._tell_server[user_id]))

    def delete_channel(self, channel_id: int) -> None:
        """Delete a channel and end the call in it."""
        present = [each.user_id for each in self._state.voice_states.values() if each.channel_id == channel_id]
        self._journal.write("channel_deleted", channel_id=channel_id)
        self._state.delete_channel(channel_id)
        guild_id = self._state.world.guild_id
        for user_id in present:
            self._start(self._door.leave(guild_id=guild_id, user_id=user_id, close_code=CALL_ENDED))

    def channel_of_bot(self) -> int | None:
        """Return the bot's voice channel."""
        state = self._state.voice_states.get(self._state.world.bot.user_id)
        return None if state is None else state.channel_id

    def tell_server(self, user_id: int, data: dict[str, Any]) -> None:
        """Send VOICE_SERVER_UPDATE to a user who is in voice."""
        self._tell_server[user_id](data)

    async def close(self) -> None:
        """Wait until everything in progress has ended."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _may_join(self, wish: VoiceWish) -> bool:
        channel = self._state.channels.get(wish.channel_id or 0)
        if channel is None or channel.kind == "text":
            return False
        others = [state for state in self._state.voice_states.values() if state.user_id != wish.user_id]
        is_full = 0 < channel.user_limit <= sum(state.channel_id == channel.channel_id for state in others)
        if is_full and not may(self._state.world, channel, wish.user_id, Permission.MOVE_MEMBERS):
            return False
        return may(self._state.world, channel, wish.user_id, Permission.VIEW_CHANNEL | Permission.CONNECT)

    def _on_event(self, event: Event) -> None:
        """Let the voice server know who may not speak or hear, before anyone is told."""
        if isinstance(event, VoiceStateChanged) and event.after is not None:
            after = event.after
            self._door.hush(event.user_id, is_mute=after.mute or after.suppress, is_deaf=after.deaf)

    async def _grant(self, wish: VoiceWish, tell_server: TellServer) -> None:
        guild_id, user_id = self._state.world.guild_id, wish.user_id
        await asyncio.sleep(ANSWER_DELAY_S)
        before = self._state.voice_states.get(user_id)
        if wish.channel_id is None:
            self._state.set_voice(user_id, None)
            if before is not None:
                await self._door.leave(guild_id=guild_id, user_id=user_id)
            return
        after = VoiceState(user_id, wish.channel_id, wish.session_id, wish.self_mute, wish.self_deaf)
        await self._admit(after, tell_server)

    async def _admit(self, after: VoiceState, tell_server: TellServer) -> None:
        guild_id, user_id = self._state.world.guild_id, after.user_id
        before = self._state.voice_states.get(user_id)
        is_new = before is None or (before.channel_id, before.session_id) != (after.channel_id, after.session_id)
        self._tell_server[user_id] = tell_server
        if is_new and before is not None:
            await self._door.leave(guild_id=guild_id, user_id=user_id)
        self._state.set_voice(user_id, after)
        if not is_new:
            return
        await asyncio.sleep(ANSWER_DELAY_S)
        token = secrets.token_hex(8)
        self._door.expect(
            guild_id=guild_id,
            channel_id=after.channel_id,
            user_id=user_id,
            session_id=after.session_id,
            token=token,
        )
        self._journal.write("voice_server_told", user_id=user_id, channel_id=after.channel_id)
        tell_server({"token": token, "guild_id": str(guild_id), "endpoint": self._door.endpoint})
