"""What a cast member hears: decrypted payloads of known speakers. Payloads that arrive too early wait. No I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from bot.embedded.client.voice.privacy import Privacy

_HELD_PAYLOADS = 500
"""Ten seconds of one speaker."""


class Hearing:
    """Counts decrypted frames per user id; `on_frame` is called with user id and frame.

    If `attended` is set, only those users are listened to, because decrypting takes time.
    Audio travels by UDP and can overtake op 5 (the owner of an SSRC) and ops 29 and 30 (the key), which travel by TLS.
    """

    def __init__(self, privacy: Privacy) -> None:
        self.frames: dict[int, int] = {}
        self.undecryptable: dict[int, int] = {}
        self.on_frame: Callable[[int, bytes], None] | None = None
        self.attended: frozenset[int] | None = None
        self._privacy = privacy
        self._speakers: dict[int, int] = {}
        self._held: dict[int, deque[bytes]] = {}

    def introduce(self, ssrc: int, user_id: int) -> None:
        """Handle op 5, which names the owner of an SSRC."""
        self._speakers[ssrc] = user_id
        self.retry()

    def hear(self, ssrc: int, payload: bytes) -> None:
        """Take a received payload. Packets that consist of padding have none."""
        if payload:
            self._held.setdefault(ssrc, deque(maxlen=_HELD_PAYLOADS)).append(payload)
            self._drain(ssrc)

    def retry(self) -> None:
        """Try the waiting payloads again, after a speaker was introduced or keys have changed."""
        for ssrc in self._held:
            self._drain(ssrc)

    def _drain(self, ssrc: int) -> None:
        user_id = self._speakers.get(ssrc)
        if user_id is None or not self._privacy.can_decrypt(user_id):
            return
        held = self._held[ssrc]
        if self.attended is not None and user_id not in self.attended:
            held.clear()
        while held:
            frame = self._privacy.decrypt(user_id, held.popleft())
            if frame is None:
                self.undecryptable[user_id] = self.undecryptable.get(user_id, 0) + 1
                continue
            self.frames[user_id] = self.frames.get(user_id, 0) + 1
            if self.on_frame:
                self.on_frame(user_id, frame)
