"""A person's phone: it shows the last few messages of a chat, and makes a sound only for direct messages.

What the call itself sounds like is the business of `VoiceParticipant`. Source: the observations in "Where the real
Discord differs" on which the embedded Discord is based; a phone in portrait shows about six short messages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.embedded.client.screen import Message

MESSAGES = 6
SUPPRESS_NOTIFICATIONS = 1 << 12


@dataclass(slots=True)
class Phone:
    """A phone in a call. `is_chat_open` is False while the call's own screen covers the channel's chat.

    Ephemeral messages count among the `messages` that fit, until they are deleted or dismissed.
    """

    messages: int = MESSAGES
    is_chat_open: bool = True

    def on_screen(self, messages: Iterable[Message]) -> list[Message]:
        """Return the messages that its owner can see and press without scrolling, the oldest first."""
        chats: defaultdict[int, list[Message]] = defaultdict(list)
        for message in messages:
            if message.is_direct or self.is_chat_open:
                chats[message.channel_id].append(message)
        shown = [one for chat in chats.values() for one in sorted(chat, key=_by_id)[-self.messages :]]
        return sorted(shown, key=_by_id)

    def rings(self, message: Message, owner_id: int) -> bool:
        """Whether a new message makes a sound: only a direct one from someone else, unless it was sent silently."""
        is_silent = bool(message.raw["flags"] & SUPPRESS_NOTIFICATIONS)
        return message.is_direct and message.author_id != owner_id and not is_silent


def _by_id(message: Message) -> int:
    return message.message_id
