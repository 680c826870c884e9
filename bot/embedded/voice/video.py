"""Packets of a camera, of which the voice server reads the SSRC only. The embedded Discord shows no pictures."""

from __future__ import annotations

import struct
from typing import Final

PAYLOAD_TYPE_VIDEO: Final = 103
"""H264 in the payload types that Discord's clients offer (op 1)."""

_HEADER: Final = struct.Struct(">BBHII")


def video_ssrc_of(datagram: bytes) -> int | None:
    """Return the SSRC of a packet of a camera; None for anything else."""
    if len(datagram) < _HEADER.size or datagram[0] >> 6 != 2 or datagram[1] & 0x7F != PAYLOAD_TYPE_VIDEO:
        return None
    ssrc: int = _HEADER.unpack_from(datagram)[4]
    return ssrc
