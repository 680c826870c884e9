"""RTP in the form that Discord's voice servers use: the outermost layer of a datagram (RFC 3550, RFC 8285).

No I/O. Positions are byte offsets into the datagram. Sequence numbers have 16 bits and timestamps 32 bits, and both
wrap. All wrap-around arithmetic has its names here.
"""

from __future__ import annotations

import itertools
import struct
from typing import Any, Final, NamedTuple, cast

from bot.samples import SAMPLE_RATE_HZ

VERSION = 2
"""RTP version of RFC 3550, section 5.1."""

PAYLOAD_TYPE_OPUS = 0x78
"""The payload type that Discord uses for Opus audio."""

CLOCK_HZ = SAMPLE_RATE_HZ
"""RTP clock of Opus (RFC 7587, section 4.1): timestamps count samples at 48 kHz."""

FIXED_HEADER_BYTES = 12
EXTENSION_PREAMBLE_BYTES = 4

# A NamedTuple's constructor calls this. Calling it directly takes half the time, and it is called for every packet.
_new = cast(Any, tuple.__new__)  # pyright: ignore[reportUnknownMemberType]
_FIXED = struct.Struct(">BBHII")
_PREAMBLE = struct.Struct(">HH")
_FIELDS = struct.Struct(">HHIIHH")


class RtpHeader(NamedTuple):
    """The clear part of one RTP packet.

    `clear_bytes` is how many bytes of the datagram are authenticated but not encrypted: the fixed header, the
    contributing sources and, with the X bit, the extension's 4-byte preamble (the `rtpsize` modes encrypt the
    extension's body). `extension_bytes` is the length of that body, which is at the start of the decrypted text.
    """

    sequence: int
    timestamp: int
    ssrc: int
    marker: bool
    padded: bool
    clear_bytes: int
    extension_bytes: int


def parse_header(datagram: bytes) -> RtpHeader | None:
    """Read the header of an audio packet. Returns None for anything else (RTCP, IP discovery, noise)."""
    # A datagram too short for a preamble has none, or is cut off.
    whole = datagram if len(datagram) >= _FIELDS.size else datagram.ljust(_FIELDS.size, b"\0")
    kind, sequence, timestamp, ssrc, _, words = _FIELDS.unpack_from(whole)
    # RTCP shares the port; its packet types 200-204 read as 0x48-0x4C with the marker bit set (RFC 5761, 4).
    layout = _LAYOUTS.get(kind)
    if layout is None or len(datagram) < layout[2]:
        return None
    marker, padded, clear_bytes, extended = layout
    if not extended:
        words = 0
    elif clear_bytes > _FIELDS.size:
        words = int.from_bytes(datagram[clear_bytes - 2 : clear_bytes], "big")
    return _new(RtpHeader, (sequence, timestamp, ssrc, marker, padded, clear_bytes, 4 * words))


def _layout(marker: bool, padded: bool, extended: bool, sources: int) -> tuple[int, tuple[bool, bool, int, bool]]:
    kind = (VERSION << 6 | padded << 5 | extended << 4 | sources) << 8 | marker << 7 | PAYLOAD_TYPE_OPUS
    return kind, (marker, padded, FIXED_HEADER_BYTES + 4 * sources + EXTENSION_PREAMBLE_BYTES * extended, extended)


_LAYOUTS: Final = dict(
    _layout(marker, padded, extended, sources)
    for marker, padded, extended, sources in itertools.product((False, True), (False, True), (False, True), range(16))
)
"""Return, for the first two bytes of an audio packet: marker, padding, number of clear bytes, extension."""


def build_header(
    *,
    sequence: int,
    timestamp: int,
    ssrc: int,
    marker: bool = False,
    padded: bool = False,
    extension_words: int | None = None,
    profile: int = 0xBEDE,
) -> bytes:
    """Return the clear part of a packet to send, with the extension's preamble if `extension_words` is given.

    The default profile is the one-byte header extension of RFC 8285, section 4.2.
    """
    first = VERSION << 6 | padded << 5 | (extension_words is not None) << 4
    fixed = _FIXED.pack(first, marker << 7 | PAYLOAD_TYPE_OPUS, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc)
    return fixed if extension_words is None else fixed + _PREAMBLE.pack(profile, extension_words)


def strip_body(header: RtpHeader, plain: bytes) -> bytes:
    """Return a decrypted body without extension and padding. It can be empty.

    The last byte counts the padding, including itself (RFC 3550, section 5.1). If the count is zero or larger than the
    body, it is wrong, and the body is returned unchanged.
    """
    body = plain[header.extension_bytes :]
    if header.padded and body and 0 < body[-1] <= len(body):
        return body[: -body[-1]]
    return body


def sequence_delta(newer: int, older: int) -> int:
    """Return the signed distance between two 16-bit sequence numbers, in -32768..32767 (RFC 1982)."""
    return ((newer - older + 0x8000) & 0xFFFF) - 0x8000


def timestamp_delta(newer: int, older: int) -> int:
    """Return the signed distance in samples between two 32-bit timestamps, in -2**31..2**31-1 (RFC 1982)."""
    return ((newer - older + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000
