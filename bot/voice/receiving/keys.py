"""What opens a frame: a key of the call's DAVE group, or nothing, where its sender may send in the clear. No I/O.

Nothing else is ever taken for sound. A frame that DAVE has sealed ends with a marker and a supplement of a known form;
if no key opens it, it waits, whatever version the voice gateway named last, and it is never written as it came.
"""

from __future__ import annotations

from typing import Final, Protocol

from bot.domain.ids import UserId
from bot.wire import opus

TRAILER: Final = b"\xfa\xfa"
"""The end of every frame that DAVE has encrypted (DAVE protocol, "Protocol Frame Check")."""

_TAG_BYTES: Final = 8
_LONGEST_NONCE_BYTES: Final = 5
_AROUND_NONCE_BYTES: Final = _TAG_BYTES + 3  # the tag, the byte of the size, and the trailer


class DaveKeys(Protocol):
    """What decryption needs of the call's current DAVE session."""

    @property
    def generation(self) -> object:
        """A value that differs from earlier ones if other keys may be known by now."""
        ...

    def may_be_clear(self, arrival: float) -> bool:
        """Whether the client that sent a frame which arrived then may have sent it in the clear."""
        ...

    def decrypt(self, user_id: UserId, payload: bytes) -> bytes:
        """Return the Opus packet in an encrypted frame. Raises ValueError if it cannot be opened (yet, or ever)."""
        ...


def open_frame(keys: DaveKeys, user_id: UserId, payload: bytes, arrival: float) -> bytes | None:
    """Return the Opus packet in a frame of a user who may be recorded; None if it cannot be opened yet.

    Call it in the sender's order: a key opens no frame from before the first one that it has opened. The voice server's
    own silence is never encrypted.
    """
    if payload[-2:] != TRAILER:
        return payload if payload == opus.DISCORD_SILENCE or keys.may_be_clear(arrival) else None
    packet = decrypted(keys, user_id, payload)
    if packet is not None or is_sealed(payload) or not keys.may_be_clear(arrival):
        return packet
    return payload  # in the clear, it ends like a sealed frame by chance, as one in 65,536 does


def decrypted(keys: DaveKeys, user_id: UserId, payload: bytes) -> bytes | None:
    """Return the Opus packet if this user's key opens the frame. What comes out unchanged was not opened."""
    try:
        packet = keys.decrypt(user_id, payload)
    except ValueError:
        return None
    return packet if len(packet) < len(payload) else None


def is_sealed(payload: bytes) -> bool:
    """Whether a frame ends as DAVE writes it: tag, nonce, size of all this, trailer. No part of Opus stays clear.

    One clear frame in several millions does, too.
    """
    return nonce_of(payload) is not None


def nonce_of(payload: bytes) -> int | None:
    """Return the nonce of a sealed frame (ULEB128), None if it is not sealed. A sender's nonces count its frames."""
    size = payload[-3] if payload[-2:] == TRAILER and len(payload) > _AROUND_NONCE_BYTES else 0
    length = size - _AROUND_NONCE_BYTES
    if not 1 <= length <= _LONGEST_NONCE_BYTES or size >= len(payload):
        return None
    nonce = 0
    for place, byte in enumerate(payload[-3 - length : -3]):
        if bool(byte & 0x80) is (place == length - 1):
            return None
        nonce |= (byte & 0x7F) << 7 * place
    return nonce
