"""The limit of edits to messages that are more than an hour old, which no header announces.

Source: Discord's documentation, "JSON Error Codes" (30046), and discord-userdoccers, which gives three edits in six
seconds per channel; others observed fewer. The caller passes the time.
"""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Final

OLD_AFTER_S: Final = 3_600.0
EDITS: Final = 3
WINDOW_S: Final = 6.0


class OldEdits:
    """The latest edits of old messages, by channel."""

    def __init__(self) -> None:
        self._edits: defaultdict[int, deque[float]] = defaultdict(deque)

    def take(self, channel_id: int, age_s: float, now: float) -> float | None:
        """Count an edit at `now` (seconds) of a message of this age.

        Returns None if it passes, otherwise the number of seconds after which the next one does; that edit counts not.
        """
        if age_s <= OLD_AFTER_S:
            return None
        edits = self._edits[channel_id]
        while edits and now - edits[0] >= WINDOW_S:
            edits.popleft()
        if len(edits) >= EDITS:
            return edits[0] + WINDOW_S - now
        edits.append(now)
        return None
