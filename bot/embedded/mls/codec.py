"""The presentation language of MLS: big-endian integers and vectors with a variable-size length (RFC 9420, 2.1)."""

from __future__ import annotations

import hashlib
import struct

_LENGTHS = (("B", 0x40), ("H", 0x4000), ("I", 0x4000_0000))


class MlsFormatError(ValueError):
    """The bytes are not the expected MLS structure. The text says which part is wrong."""


def vec(content: bytes) -> bytes:
    """Encode a vector: its length as a variable-size integer (RFC 9420, section 2.1.2), then its bytes."""
    for prefix, (code, limit) in enumerate(_LENGTHS):
        if len(content) < limit:
            size = struct.calcsize(code)
            return (len(content) | prefix << 8 * size - 2).to_bytes(size, "big") + content
    raise ValueError(f"A vector holds at most 2**30 - 1 bytes, not {len(content)}.")


def reference_hash(label: str, value: bytes) -> bytes:
    """Return the RefHash of ciphersuite 2 (SHA-256) over a serialised object (RFC 9420, section 5.2)."""
    return hashlib.sha256(vec(label.encode()) + vec(value)).digest()


class Reader:
    """Reads one structure from the front of some bytes. Raises MlsFormatError if there are too few."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.position = 0

    def take(self, count: int) -> bytes:
        """Read the next `count` bytes."""
        end = self.position + count
        if end > len(self._data):
            raise MlsFormatError(f"Byte {self.position}: {count} bytes needed, {len(self._data) - self.position} left.")
        piece = self._data[self.position : end]
        self.position = end
        return piece

    def uint(self, size: int) -> int:
        """Read an unsigned integer of `size` bytes."""
        return int.from_bytes(self.take(size), "big")

    def vec(self) -> bytes:
        """Read a vector's content. Its length must have the shortest encoding (RFC 9420, section 2.1.2)."""
        start = self.position
        first = self.uint(1)
        prefix = first >> 6
        if prefix == 3:
            raise MlsFormatError(f"Byte {start}: 11 does not begin the length of a vector.")
        length = first & 0x3F
        for _ in range((1 << prefix) - 1):
            length = length << 8 | self.uint(1)
        if prefix and length < _LENGTHS[prefix - 1][1]:
            raise MlsFormatError(f"Byte {start}: the length {length} is not in its shortest form.")
        return self.take(length)

    def expect(self, size: int, wanted: int, what: str) -> None:
        """Read an integer that has only one valid value; `what` names it in the error."""
        found = self.uint(size)
        if found != wanted:
            raise MlsFormatError(f"{what} is {found}, not {wanted}.")

    def since(self, start: int) -> bytes:
        """Return all bytes read since `start`."""
        return self._data[start : self.position]

    def rest(self) -> bytes:
        """Read all remaining bytes."""
        return self._data[self.position :]

    def at_end(self) -> bool:
        """Whether everything was read."""
        return self.position == len(self._data)
