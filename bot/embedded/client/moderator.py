"""What a person with a moderator's permissions does at their client. `Refused` if the client would not offer it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.embedded.client.person import Person


@dataclass(frozen=True, slots=True)
class Moderator:
    """A person as a moderator. Who is muted or deafened for the whole server stays so when they join again."""

    person: Person

    async def mute(self, user_id: int, *, on: bool = True) -> None:
        """Mute someone who is in voice, or end that."""
        await self.person.ask("mute", user_id=str(user_id), on=on)

    async def deafen(self, user_id: int, *, on: bool = True) -> None:
        """Deafen someone who is in voice, or end that."""
        await self.person.ask("deafen", user_id=str(user_id), on=on)

    async def move(self, user_id: int, channel_id: int | None) -> None:
        """Move someone who is in voice to another channel, or disconnect them (None)."""
        await self.person.ask("move", user_id=str(user_id), channel_id=str(channel_id) if channel_id else None)

    async def kick(self, bot_user_id: int) -> None:
        """Kick the bot from the guild."""
        await self.person.ask("kick", user_id=str(bot_user_id))

    async def set_overwrites(self, channel_id: int, overwrites: list[dict[str, Any]]) -> None:
        """Change what a channel grants and denies (fields: `target_id`, `target`, `allow`, `deny`)."""
        await self.person.ask("set_overwrites", channel_id=str(channel_id), overwrites=overwrites)

    async def delete_event(self, event_id: int) -> None:
        """Delete a scheduled event."""
        await self.person.ask("delete_event", event_id=str(event_id))

    async def delete_channel(self, channel_id: int) -> None:
        """Delete a channel."""
        await self.person.ask("delete_channel", channel_id=str(channel_id))
