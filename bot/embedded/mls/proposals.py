"""The voice server as external sender of a DAVE group: it can propose, but never commit (RFC 9420, section 12.1.8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.embedded.mls.codec import reference_hash, vec
from bot.embedded.mls.messages import CREDENTIAL_BASIC, MLS_VERSION, KeyPackage

_PUBLIC_MESSAGE = MLS_VERSION.to_bytes(2, "big") + (1).to_bytes(2, "big")
_EXTERNAL_SENDER_0 = b"\x02" + (0).to_bytes(4, "big")
_CONTENT_PROPOSAL = b"\x02"
_ADD = (1).to_bytes(2, "big")
_REMOVE = (3).to_bytes(2, "big")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal: the MLSMessage, the reference that a commit uses for it, and the user it is about.

    `added` is the key package of an Add and None for a Remove.
    """

    message: bytes
    reference: bytes
    user_id: int
    added: KeyPackage | None


class ExternalSender:
    """A P-256 signature key and the proposals signed with it."""

    def __init__(self, identity: bytes = b"embedded voice server") -> None:
        self._identity = identity
        self._key = ec.generate_private_key(ec.SECP256R1())

    def package(self) -> bytes:
        """Return the body of op 25: signature key and basic credential (RFC 9420, section 12.1.8.1)."""
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return vec(point) + CREDENTIAL_BASIC.to_bytes(2, "big") + vec(self._identity)

    def add(self, group_id: bytes, epoch: int, package: KeyPackage) -> Proposal:
        """Propose to add the owner of a key package in the given epoch."""
        return self._propose(group_id, epoch, _ADD + package.data, package.user_id, package)

    def remove(self, group_id: bytes, epoch: int, leaf: int, user_id: int) -> Proposal:
        """Propose to remove the member at a leaf in the given epoch."""
        return self._propose(group_id, epoch, _REMOVE + leaf.to_bytes(4, "big"), user_id, None)

    def _propose(
        self, group_id: bytes, epoch: int, proposal: bytes, user_id: int, added: KeyPackage | None
    ) -> Proposal:
        framed = vec(group_id) + epoch.to_bytes(8, "big") + _EXTERNAL_SENDER_0 + vec(b"")
        message = _PUBLIC_MESSAGE + framed + _CONTENT_PROPOSAL + proposal
        # SignWithLabel (RFC 9420, 5.1.2). An external sender's signature omits the GroupContext (6.1).
        signed = vec(b"MLS 1.0 FramedContentTBS") + vec(message)
        message += vec(self._key.sign(signed, ec.ECDSA(SHA256())))
        # The reference hashes the AuthenticatedContent (5.2), which has no protocol version in front.
        reference = reference_hash("MLS 1.0 Proposal Reference", message[2:])
        return Proposal(message, reference, user_id, added)


def append_proposals(proposals: Iterable[Proposal]) -> bytes:
    """Return the body of op 27 that adds proposals to those a member holds."""
    return b"\x00" + vec(b"".join(proposal.message for proposal in proposals))


def revoke_proposals(proposals: Iterable[Proposal]) -> bytes:
    """Return the body of op 27 that revokes proposals."""
    return b"\x01" + vec(b"".join(vec(proposal.reference) for proposal in proposals))
