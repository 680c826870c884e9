"""Packets that no one sent: mutated from valid encrypted ones, nonsense with a valid seal, or plain noise."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from itertools import count

from bot.wire.rtp import build_header
from bot.wire.transport import cipher_for
from tools.bench.call import EXTENSION, KEY, Speaker

NEWEST = 64
SMALLEST_HEADER = struct.Struct(">BBHII")


class Mutator:
    """Draws packets similar to those of some speakers. Everything comes from `seed`."""

    def __init__(self, speakers: list[Speaker], mode: str, seed: int) -> None:
        self.chance = random.Random(seed)
        self._speakers = speakers
        self._cipher = cipher_for(mode, KEY)
        self._counter = count(1 << 30)
        self._valid: list[bytes] = []
        self._known: set[bytes] = set()

    def note(self, datagram: bytes) -> None:
        """Add a valid datagram to the ones that are mutated."""
        self._known.add(datagram)
        self._valid = [*self._valid, datagram][-NEWEST:]

    def mutated(self) -> bytes:
        """Return a valid datagram with something changed: the transport's tag no longer fits."""
        changed = self.chance.choice(self._valid)
        while changed in self._known:
            changed = change(self.chance, changed, self.chance.choice(self._valid))
        return changed

    def resealed(self) -> bytes:
        """Return what only the voice server could send: a valid transport tag around a mutated body."""
        chance, speaker = self.chance, self.chance.choice(self._speakers)
        body = EXTENSION + chance.randbytes(chance.randrange(80)) + b"\x0c\xfa\xfa"
        for _ in range(chance.randrange(3)):
            body = change(chance, body, body)
        clear = build_header(
            sequence=chance.randrange(1 << 16),
            timestamp=chance.randrange(1 << 32),
            ssrc=speaker.ssrc if chance.random() < 0.9 else chance.randrange(1 << 32),
            padded=chance.random() < 0.3,
            extension_words=chance.choice((None, 1, 1, 2, 40)),
        )
        return self._cipher.seal(clear, body, next(self._counter))

    def noise(self) -> bytes:
        """Return anything: random bytes, headers without a body, RTCP."""
        chance, size = self.chance, self.chance.choice((0, 1, 11, 12, 13, 16, 40, 200, 1_500))
        if chance.random() < 0.5:
            return chance.randbytes(size)
        first, second = chance.choice((0x80, 0x90, 0x9F, 0xBF, 0xA0)), chance.choice((0x78, 0xF8, 200, 201))
        head = SMALLEST_HEADER.pack(first, second, chance.randrange(1 << 16), 0, self._speakers[0].ssrc)
        return head + chance.randbytes(size)


def change(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """Change something: bits, the header, an end cut off or added, or the rest of another packet."""
    return chance.choice(_CHANGES)(chance, data, other)


Change = Callable[[random.Random, bytes, bytes], bytes]


def _flip(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _head(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        if changed:
            changed[chance.randrange(min(16, len(changed)))] = chance.randrange(256)
    return bytes(changed)


def _cut(chance: random.Random, data: bytes, _: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _lengthen(chance: random.Random, data: bytes, _: bytes) -> bytes:
    return data + chance.randbytes(chance.randint(1, 40))


def _splice(chance: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


_CHANGES: tuple[Change, ...] = (_flip, _flip, _head, _cut, _lengthen, _splice)
