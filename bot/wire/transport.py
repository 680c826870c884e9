"""Transport encryption between a client and Discord's voice server: the two `rtpsize` modes.

No I/O. A datagram is `clear header | ciphertext | 16-byte tag | 4-byte nonce`. The clear header is the associated data,
and the nonce is padded with zeros to the cipher's length. Source: Discord's voice documentation, "Transport encryption
modes", and measurements against a loopback server.
"""

from __future__ import annotations

from typing import Any, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl import bindings
from nacl.bindings import crypto_aead as _nacl_aead

AES256_GCM: Final = "aead_aes256_gcm_rtpsize"
XCHACHA20_POLY1305: Final = "aead_xchacha20_poly1305_rtpsize"

MODES: Final = (AES256_GCM, XCHACHA20_POLY1305)
"""Supported modes, the preferred one first. With AES instructions, AES takes a fifth of XChaCha's time."""

TAG_BYTES = 16
NONCE_SUFFIX_BYTES = 4
_OVERHEAD = TAG_BYTES + NONCE_SUFFIX_BYTES
_LARGEST_DATAGRAM_BYTES: Final = 65_535
_ZEROS_TO_12: Final = bytes(8)
_ZEROS_TO_24: Final = bytes(20)


class TransportCipher(Protocol):
    """One AEAD cipher over the bodies of RTP packets, for both directions."""

    def open(self, datagram: bytes, clear_bytes: int) -> bytes | None:
        """Return the decrypted body, or None if the datagram is too short or not authentic under this key."""
        ...

    def seal(self, clear: bytes, body: bytes, counter: int) -> bytes:
        """Return the datagram for a clear header and a body; `counter` (32 bits) must never repeat under one key."""
        ...


class _AesGcm:
    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def open(self, datagram: bytes, clear_bytes: int) -> bytes | None:
        if len(datagram) < clear_bytes + _OVERHEAD:
            return None
        nonce = datagram[-NONCE_SUFFIX_BYTES:] + _ZEROS_TO_12
        sealed = datagram[clear_bytes:-NONCE_SUFFIX_BYTES]
        try:
            return self._aead.decrypt(nonce, sealed, datagram[:clear_bytes])
        except InvalidTag:
            return None

    def seal(self, clear: bytes, body: bytes, counter: int) -> bytes:
        suffix = counter.to_bytes(NONCE_SUFFIX_BYTES, "big")
        return clear + self._aead.encrypt(suffix + bytes(8), body, clear) + suffix


class _XChaCha:
    """libsodium's cipher by PyNaCl's own binding. PyNaCl's function around the binding takes three times as long as the
    cipher, for checks and formatting. Each instance has one buffer, so only one thread at a time can open with it.
    """

    _ffi: Any = getattr(_nacl_aead, "ffi")  # noqa: B009 - PyNaCl has no types for its binding
    _decrypt: Any = staticmethod(getattr(_nacl_aead, "lib").crypto_aead_xchacha20poly1305_ietf_decrypt)  # noqa: B009

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._plain = self._ffi.new("unsigned char[]", _LARGEST_DATAGRAM_BYTES)
        self._view = self._ffi.buffer(self._plain)

    def open(self, datagram: bytes, clear_bytes: int) -> bytes | None:
        if not clear_bytes + _OVERHEAD <= len(datagram) <= _LARGEST_DATAGRAM_BYTES:
            return None
        sealed = datagram[clear_bytes:-NONCE_SUFFIX_BYTES]
        nonce = datagram[-NONCE_SUFFIX_BYTES:] + _ZEROS_TO_24
        null = self._ffi.NULL
        if self._decrypt(
            self._plain, null, null, sealed, len(sealed), datagram[:clear_bytes], clear_bytes, nonce, self._key
        ):
            return None
        return self._view[: len(sealed) - TAG_BYTES]

    def seal(self, clear: bytes, body: bytes, counter: int) -> bytes:
        suffix = counter.to_bytes(NONCE_SUFFIX_BYTES, "big")
        sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(body, clear, suffix + bytes(20), self._key)
        return clear + sealed + suffix


def cipher_for(mode: str, key: bytes) -> TransportCipher:
    """Return the cipher of a mode of the voice gateway; `key` has 32 bytes. Raises ValueError for an unknown mode."""
    if len(key) != 32:
        raise ValueError(f"A transport key has 32 bytes, this one has {len(key)}.")
    if mode == AES256_GCM:
        return _AesGcm(key)
    if mode == XCHACHA20_POLY1305:
        return _XChaCha(key)
    raise ValueError(f"Discord's voice server chose an unknown encryption mode: {mode!r}.")
