"""The MLS messages that pass through a voice server, parsed only as far as a delivery service needs.

Ciphersuite 2 (P-256, AES-128-GCM, SHA-256), which DAVE protocol version 1 prescribes. Layouts: RFC 9420, sections 6
(framing), 7.2 (leaf nodes), 10 (key packages), 12.4 (commits, welcomes).
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.embedded.mls.codec import MlsFormatError, Reader, reference_hash, vec

MLS_VERSION = 1
CIPHERSUITE = 2
CREDENTIAL_BASIC = 1

_WIRE_FORMAT_PUBLIC = 1
_SENDER_MEMBER = 1
_CONTENT_COMMIT = 3
_PROPOSAL_BY_REFERENCE = 2
_SOURCE_KEY_PACKAGE = 1
_SOURCE_COMMIT = 3


@dataclass(frozen=True, slots=True)
class KeyPackage:
    """One client's offer to be added: the serialised package, its reference, the user id in its credential."""

    data: bytes
    reference: bytes
    user_id: int


@dataclass(frozen=True, slots=True)
class Commit:
    """A member's commit: the MLSMessage as received, and what it claims."""

    data: bytes
    group_id: bytes
    epoch: int
    sender_leaf: int
    proposal_references: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Welcome:
    """A Welcome, with each secret keyed by the reference of the key package that it is for."""

    secrets: dict[bytes, bytes]
    group_info: bytes

    def for_member(self, reference: bytes) -> bytes:
        """Return the Welcome with one member's secret only. Raises MlsFormatError if it has no secret for them."""
        if reference not in self.secrets:
            raise MlsFormatError("The Welcome has no secret for a member whom the commit adds.")
        return CIPHERSUITE.to_bytes(2, "big") + vec(self.secrets[reference]) + vec(self.group_info)


def read_key_package(data: bytes) -> KeyPackage:
    """Read op 26: a bare KeyPackage, whose credential is the user id as 8 bytes (DAVE, "MLS credential")."""
    reader = Reader(data)
    reader.expect(2, MLS_VERSION, "The key package's protocol version")
    reader.expect(2, CIPHERSUITE, "The key package's ciphersuite")
    reader.vec()
    source, identity = _read_leaf_node(reader)
    if source != _SOURCE_KEY_PACKAGE:
        raise MlsFormatError(f"The key package's leaf node has the source {source}.")
    reader.vec()
    reader.vec()
    if not reader.at_end():
        raise MlsFormatError("There are extra bytes after the key package.")
    if len(identity) != 8:
        raise MlsFormatError(f"The key package's identity has {len(identity)} bytes, not 8.")
    reference = reference_hash("MLS 1.0 KeyPackage Reference", data)
    return KeyPackage(data, reference, int.from_bytes(identity, "big"))


def read_commit_and_welcome(data: bytes) -> tuple[Commit, Welcome | None]:
    """Split op 28: the commit as an MLSMessage, followed by a bare Welcome if a user was added."""
    reader = Reader(data)
    commit = _read_commit(reader)
    return commit, None if reader.at_end() else _read_welcome(reader)


def _read_commit(reader: Reader) -> Commit:
    reader.expect(2, MLS_VERSION, "The commit's protocol version")
    reader.expect(2, _WIRE_FORMAT_PUBLIC, "The commit's wire format")
    group_id = reader.vec()
    epoch = reader.uint(8)
    reader.expect(1, _SENDER_MEMBER, "The commit's sender type")
    sender_leaf = reader.uint(4)
    reader.vec()
    reader.expect(1, _CONTENT_COMMIT, "The content type")
    references = _read_proposal_references(Reader(reader.vec()))
    if reader.uint(1):
        _read_leaf_node(reader)
        reader.vec()
    for _ in ("signature", "confirmation tag", "membership tag"):
        reader.vec()
    return Commit(reader.since(0), group_id, epoch, sender_leaf, references)


def _read_proposal_references(reader: Reader) -> tuple[bytes, ...]:
    references: list[bytes] = []
    while not reader.at_end():
        # DAVE members make no proposals, so a proposal by value is the client's fault.
        reader.expect(1, _PROPOSAL_BY_REFERENCE, "The kind of a committed proposal")
        references.append(reader.vec())
    return tuple(references)


def _read_welcome(reader: Reader) -> Welcome:
    reader.expect(2, CIPHERSUITE, "The Welcome's ciphersuite")
    secrets = Reader(reader.vec())
    by_reference: dict[bytes, bytes] = {}
    while not secrets.at_end():
        start = secrets.position
        reference = secrets.vec()
        secrets.vec()
        secrets.vec()
        by_reference[reference] = secrets.since(start)
    welcome = Welcome(by_reference, reader.vec())
    if not reader.at_end():
        raise MlsFormatError("There are extra bytes after the Welcome.")
    return welcome


def _read_leaf_node(reader: Reader) -> tuple[int, bytes]:
    """Read the source of a leaf node and the identity in its credential."""
    for _ in ("encryption key", "signature key"):
        reader.vec()
    reader.expect(2, CREDENTIAL_BASIC, "The credential type")
    identity = reader.vec()
    for _ in ("versions", "ciphersuites", "extensions", "proposals", "credentials"):
        reader.vec()
    source = reader.uint(1)
    if source == _SOURCE_KEY_PACKAGE:
        reader.take(16)
    elif source == _SOURCE_COMMIT:
        reader.vec()
    for _ in ("extensions", "signature"):
        reader.vec()
    return source, identity
