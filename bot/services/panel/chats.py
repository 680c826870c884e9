"""What has come after each panel in people's chats: everyone's messages, and answers that only one person sees.

Only ids are kept, and only of what came after a panel: who wrote what is never known here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from bot.domain.ids import UserId

MOST_AFTER = 5
"""A phone shows about six messages: a panel that more than five have come after is out of its owner's sight."""

_MOST_KEPT = 50
"""More than enough to know that a panel is out of sight."""


@dataclass(slots=True)
class _Chat:
    """A channel's panel and the ids of the messages below it. `answers` are by the account that sees them."""

    panel: int
    messages: set[int] = field(default_factory=set[int])
    answers: defaultdict[UserId, set[int]] = field(default_factory=lambda: defaultdict(set[int]))


class Chats:
    """The chats in which a panel is."""

    def __init__(self) -> None:
        self._chats: dict[int, _Chat] = {}

    def panel_is(self, channel_id: int, message_id: int) -> None:
        """This message is the channel's panel: only what is newer is below it."""
        before = self._chats.get(channel_id)
        after = _Chat(message_id)
        if before:
            after.messages = {one for one in before.messages if one > message_id}
            for viewer, answers in before.answers.items():
                after.answers[viewer] = {one for one in answers if one > message_id}
        self._chats[channel_id] = after

    def came(self, channel_id: int, message_id: int, viewer: UserId | None = None) -> None:
        """A message appeared, for everyone or only for `viewer`."""
        chat = self._chats.get(channel_id)
        if chat is None or message_id <= chat.panel:
            return
        below = chat.messages if viewer is None else chat.answers[viewer]
        if len(below) < _MOST_KEPT:
            below.add(message_id)

    def gone(self, channel_id: int, message_id: int) -> None:
        """A message was deleted."""
        if chat := self._chats.get(channel_id):
            for below in (chat.messages, *chat.answers.values()):
                below.discard(message_id)

    def is_out_of_sight(self, channel_id: int) -> bool:
        """Whether someone at a phone no longer sees the panel, or would not after their own next press."""
        chat = self._chats.get(channel_id)
        if chat is None:
            return False
        everyones = len(chat.messages)
        most = max((everyones + len(own) for own in chat.answers.values() if own), default=0)
        return everyones > MOST_AFTER or most >= MOST_AFTER
