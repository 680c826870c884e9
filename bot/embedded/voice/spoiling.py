"""What faults do to the inside of a packet. No I/O."""

from __future__ import annotations

from typing import Final

from bot.wire.rtp import RtpHeader, strip_body

_TRAILER: Final = b"\xfa\xfa"  # ends every frame that DAVE has encrypted (DAVE protocol, "Protocol Frame Check")


def is_padding(header: RtpHeader, body: bytes) -> bool:
    """Whether a packet has nothing in it but padding."""
    return header.padded and not strip_body(header, body)


def spoiled(header: RtpHeader, body: bytes) -> bytes:
    """Return the packet's body with a wrong tag of its end-to-end encryption. Frames in the clear stay as they are."""
    payload = strip_body(header, body)
    if payload[-2:] != _TRAILER:
        return body
    # The supplement begins with the tag; the byte before the trailer says how long the supplement is.
    at = header.extension_bytes + len(payload) - payload[-3]
    return body[:at] + bytes([body[at] ^ 0xFF]) + body[at + 1 :]
