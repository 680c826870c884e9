"""Packets of a camera. They hold no picture: only their header matters."""

from __future__ import annotations

import struct
from typing import Final

PAYLOAD_TYPE_H264: Final = 103
"""The payload type that Discord's clients offer for H264 (op 1)."""


def camera_packet(sequence: int, timestamp: int, ssrc: int) -> bytes:
    """Return the clear header of one packet; what follows it is encrypted for the transport."""
    return struct.pack(">BBHII", 0x80, PAYLOAD_TYPE_H264, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc)
