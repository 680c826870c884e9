"""One client's place in a voice channel. It outlives its websocket until it is resumed or given up."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.embedded.voice.protocol import Op
from bot.wire.transport import TransportCipher, cipher_for

Frame = str | bytes
Address = tuple[str, int]

_HISTORY_FRAMES = 512
_UNNUMBERED = frozenset({Op.HELLO, Op.HEARTBEAT_ACK, Op.RESUMED})


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the main gateway told a client to identify with."""

    guild_id: int
    channel_id: int
    user_id: int
    session_id: str
    token: str


def encode_text(op: Op, data: Any, seq: int | None = None) -> str:
    """Encode a text message of the voice gateway. The number is left out where Discord leaves it out."""
    message: dict[str, Any] = {"op": int(op), "d": data}
    if seq is not None:
        message["seq"] = seq
    return json.dumps(message, separators=(",", ":"))


class Outbox:
    """Numbers what is sent to one client and remembers it, so that a resuming client gets what it missed.

    `deliver` sends to the current websocket. If there is none, messages are only remembered.
    """

    def __init__(self) -> None:
        self.deliver: Callable[[Frame], None] | None = None
        self._seq = 0
        self._history: deque[tuple[int, Frame]] = deque(maxlen=_HISTORY_FRAMES)

    def text(self, op: Op, data: Any) -> None:
        """Send a JSON message."""
        if op in _UNNUMBERED:
            self._hand_over(encode_text(op, data))
        else:
            self._seq += 1
            self._remember(encode_text(op, data, self._seq))

    def binary(self, op: Op, body: bytes) -> None:
        """Send a binary message: 16-bit number, operation, body."""
        self._seq += 1
        self._remember((self._seq & 0xFFFF).to_bytes(2, "big") + bytes([op]) + body)

    def missed_since(self, seq_ack: int) -> list[Frame] | None:
        """Return everything numbered after `seq_ack`, or None if that is no longer remembered."""
        first = self._history[0][0] if self._history else 1
        if max(seq_ack, 0) + 1 < first or seq_ack > self._seq:
            return None
        return [frame for seq, frame in self._history if seq > seq_ack]

    def _remember(self, frame: Frame) -> None:
        self._history.append((self._seq, frame))
        self._hand_over(frame)

    def _hand_over(self, frame: Frame) -> None:
        if self.deliver:
            self.deliver(frame)


@dataclass(slots=True, eq=False)
class VoiceSession:
    """A client that has identified. `cipher` exists from op 1 on, `address` from its IP discovery on.

    A session that `is_deaf` gets nothing over UDP until it is resumed. One that `is_kept` can be resumed after any
    close code. `wants` is what op 15 said: a quality per SSRC, of sound or video; 0 means that nothing is to be sent.
    """

    ticket: Ticket
    ssrc: int
    is_bot: bool
    outbox: Outbox = field(default_factory=Outbox)
    close: Callable[[int, str], None] | None = None
    abort: Callable[[], None] | None = None
    mode: str | None = None
    secret_key: bytes = b""
    cipher: TransportCipher | None = None
    address: Address | None = None
    is_deaf: bool = False
    is_kept: bool = False
    speaking: int | None = None
    video_ssrc: int = 0
    wants: dict[str, int] = field(default_factory=dict[str, int])
    first_packet_at: float | None = None
    sent_counter: int = 0
    packets_received: int = 0
    packets_forwarded: int = 0
    packets_to_bot: int = 0
    video_packets_to_bot: int = 0
    packets_refused: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def user_id(self) -> int:
        """The user id of the session's client."""
        return self.ticket.user_id

    def is_wanted(self, ssrc: int) -> bool:
        """Whether the client wants what comes on this SSRC."""
        return self.wants.get(str(ssrc), self.wants.get("any", 100)) > 0

    def choose(self, mode: str) -> None:
        """Agree on a transport mode and draw the secret key, which only this client gets."""
        self.mode = mode
        self.secret_key = os.urandom(32)
        self.cipher = cipher_for(mode, self.secret_key)

    def seal(self, clear: bytes, body: bytes) -> bytes:
        """Return a datagram for this client. Op 1 must have come before."""
        assert self.cipher is not None
        self.sent_counter += 1
        return self.cipher.seal(clear, body, self.sent_counter & 0xFFFFFFFF)
