"""What moderators do to people in voice, to the bot and to channels, as far as their permissions go.

Verbs and their fields: `mute` and `deafen` (user_id, on), `move` (user_id, channel_id; without one, the user is
disconnected), `kick` (user_id, the bot's), `set_overwrites` (channel_id, overwrites), `delete_channel` (channel_id),
`delete_event` (event_id).
Discord mutes, deafens and moves only people who are in voice (code 40032), but a mute or a deafening stays with them
when they leave and join again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.embedded.guild.permissions import base_permissions, may
from bot.embedded.guild.records import VoiceState
from bot.embedded.guild.state import State
from bot.embedded.guild.world import Overwrite, Permission
from bot.embedded.people.clients import ActionRefused, Client
from bot.embedded.voice.entry import VoiceEntry

Asked = dict[str, Any]
Verb = Callable[[Client, Asked], dict[str, Any]]


class Moderation:
    """Carries out what a moderator asks for. Raises ActionRefused if a client would not offer it."""

    def __init__(self, state: State, voice: VoiceEntry) -> None:
        self._state = state
        self._voice = voice

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """What can be asked for, by its verb."""
        return {
            "mute": self._mute,
            "deafen": self._deafen,
            "move": self._move,
            "kick": self._kick,
            "set_overwrites": self._set_overwrites,
            "delete_channel": self._delete_channel,
            "delete_event": self._delete_event,
        }

    def _mute(self, client: Client, asked: Asked) -> dict[str, Any]:
        present = self._in_voice(client, asked, Permission.MUTE_MEMBERS)
        self._state.moderate(present.user_id, mute=bool(asked["on"]))
        return {}

    def _deafen(self, client: Client, asked: Asked) -> dict[str, Any]:
        present = self._in_voice(client, asked, Permission.DEAFEN_MEMBERS)
        self._state.moderate(present.user_id, deaf=bool(asked["on"]))
        return {}

    def _move(self, client: Client, asked: Asked) -> dict[str, Any]:
        present = self._in_voice(client, asked, Permission.MOVE_MEMBERS)
        if asked.get("channel_id") is None:
            self._voice.leave(present.user_id)
            return {}
        channel = self._state.channels.get(int(asked["channel_id"]))
        if channel is None or channel.kind == "text":
            raise ActionRefused("There is no such voice channel.")
        self._require_in(client, channel.channel_id, Permission.CONNECT)
        self._voice.move(present.user_id, channel.channel_id)
        return {}

    def _kick(self, client: Client, asked: Asked) -> dict[str, Any]:
        bot_id = self._state.world.bot.user_id
        if int(asked["user_id"]) != bot_id or not self._state.has_bot:
            raise ActionRefused("Only the bot can be kicked here, and only once.")
        if not base_permissions(self._state.world, client.user_id) & Permission.KICK_MEMBERS:
            raise ActionRefused("This person lacks KICK_MEMBERS.")
        self._state.remove_bot()
        self._voice.leave(bot_id)
        return {}

    def _set_overwrites(self, client: Client, asked: Asked) -> dict[str, Any]:
        channel_id = int(asked["channel_id"])
        self._require_in(client, channel_id, Permission.MANAGE_ROLES)
        self._state.set_overwrites(channel_id, tuple(Overwrite(**each) for each in asked["overwrites"]))
        return {}

    def _delete_channel(self, client: Client, asked: Asked) -> dict[str, Any]:
        channel_id = int(asked["channel_id"])
        self._require_in(client, channel_id, Permission.MANAGE_CHANNELS)
        self._voice.delete_channel(channel_id)
        return {}

    def _delete_event(self, client: Client, asked: Asked) -> dict[str, Any]:
        event = self._state.scheduled_events.get(int(asked["event_id"]))
        if event is None:
            raise ActionRefused("There is no such event.")
        self._require_in(client, event.channel_id, Permission.MANAGE_EVENTS)
        self._state.delete_scheduled_event(event.event_id)
        return {}

    def _in_voice(self, client: Client, asked: Asked, needed: Permission) -> VoiceState:
        present = self._state.voice_states.get(int(asked["user_id"]))
        if present is None:
            raise ActionRefused("That member is not in voice.")
        self._require_in(client, present.channel_id, needed)
        return present

    def _require_in(self, client: Client, channel_id: int, needed: Permission) -> None:
        channel = self._state.channels.get(channel_id)
        if channel is None:
            raise ActionRefused(f"There is no channel {channel_id}.")
        if not may(self._state.world, channel, client.user_id, needed):
            raise ActionRefused(f"This person lacks {needed.name} there.")
