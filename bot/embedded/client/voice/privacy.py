"""A cast member's side of DAVE, on libdave, which is Discord's own implementation. The bot uses another one.

No I/O. It follows Discord's published client sample: the ratchets of other members are replaced as soon as a commit
or Welcome is processed, the ratchet for sending when the transition is executed.
"""

from __future__ import annotations

from typing import cast

import dave

IMMEDIATE = 0
SILENCE_FRAME = bytes.fromhex("f8fffe")


class CommitRejected(Exception):
    """libdave could not process a commit or Welcome; the client must report this with op 31."""


class Privacy:
    """The keys of one participant in one call."""

    def __init__(self, user_id: int, channel_id: int) -> None:
        self._user_id = user_id
        self._channel_id = channel_id
        self._others: set[int] = set()
        self._keys = dave.SignatureKeyPair.generate(dave.get_max_supported_protocol_version())
        self._session = dave.Session(self._note_failure)
        self._encryptor = dave.Encryptor()
        self._decryptors: dict[int, dave.Decryptor] = {}
        # What each prepared transition leads to: a key to send with, or None for frames in the clear.
        self._prepared: dict[int, dave.IKeyRatchet | None] = {}
        self._sending_since: int | None = None
        self._failures: list[str] = []

    @property
    def can_send(self) -> bool:
        """Whether there is a key ratchet to encrypt with, or the call is in the clear."""
        return self._encryptor.has_key_ratchet() or self._encryptor.is_passthrough_mode()

    @property
    def sending_since(self) -> int | None:
        """The transition whose key is used for sending; None in the clear."""
        return None if self._encryptor.is_passthrough_mode() else self._sending_since

    @property
    def alone(self) -> bool:
        """Whether no one else is known to be in the channel."""
        return not self._others

    def begin(self, version: int) -> bytes:
        """Create an own group, for op 4 and for op 24 with epoch 1. Returns the key package for op 26."""
        # If the call is in the clear, frames stay in the clear until the new group's first transition.
        # No one has keys of a group that was left: no one could decrypt what they encrypt.
        self._encryptor.set_key_ratchet(None)
        self._decryptors.clear()
        self._prepared.clear()
        self._session.init(version, self._channel_id, str(self._user_id), self._keys)
        package = self._session.get_marshalled_key_package()
        if package is None:
            raise RuntimeError("libdave made no key package.")
        return package

    def assign_ssrc(self, ssrc: int) -> None:
        """Set the SSRC that carries this participant's Opus."""
        self._encryptor.assign_ssrc_to_codec(ssrc, dave.Codec.opus)

    def trust(self, external_sender: bytes) -> None:
        """Handle op 25."""
        self._session.set_external_sender(external_sender)

    def meet(self, user_id: int) -> None:
        """Note that a user is in the channel, so that they can be in the group. Op 11 may list this client itself."""
        if user_id != self._user_id:
            self._others.add(user_id)

    def part(self, user_id: int) -> None:
        """Note that a user left the channel."""
        self._others.discard(user_id)
        self._decryptors.pop(user_id, None)

    def answer_proposals(self, body: bytes) -> bytes | None:
        """Handle op 27. Returns the body of op 28, if there is anything to commit."""
        return self._session.process_proposals(body, self._recognised())

    def process_commit(self, transition_id: int, commit: bytes) -> None:
        """Handle op 29. Raises CommitRejected if libdave refuses it."""
        result = self._session.process_commit(commit)
        if result is dave.RejectType.failed:
            raise CommitRejected(self._failure())
        if result is not dave.RejectType.ignored:
            self._prepare(transition_id, cast(dict[int, list[int]], result))

    def process_welcome(self, transition_id: int, welcome: bytes) -> None:
        """Handle op 30. Raises CommitRejected if libdave refuses it."""
        roster = self._session.process_welcome(welcome, self._recognised())
        if roster is None:
            raise CommitRejected(self._failure())
        self._prepare(transition_id, roster)

    def prepare_downgrade(self, transition_id: int) -> None:
        """Handle op 21 with version 0: others may send in the clear from now on, this client from op 22 on."""
        self._prepared[transition_id] = None
        self._accept_clear_frames(True)

    def execute(self, transition_id: int) -> None:
        """Handle op 22: from now on, send with the new epoch's key, or in the clear."""
        if transition_id not in self._prepared:
            return
        ratchet = self._prepared.pop(transition_id)
        self._sending_since = transition_id
        self._encryptor.set_key_ratchet(ratchet)
        self._encryptor.set_passthrough_mode(ratchet is None)
        if ratchet is not None:
            self._accept_clear_frames(False)

    def encrypt(self, ssrc: int, frame: bytes) -> bytes | None:
        """Return the frame for the wire, or None if there is no key."""
        return self._encryptor.encrypt(dave.MediaType.audio, ssrc, frame) if self.can_send else None

    def can_decrypt(self, user_id: int) -> bool:
        """Whether a user's frames can be decrypted, at least those of the current epoch."""
        return user_id in self._decryptors

    def decrypt(self, user_id: int, frame: bytes) -> bytes | None:
        """Return a user's frame, or None if it cannot be decrypted."""
        decryptor = self._decryptors.get(user_id)
        return decryptor.decrypt(dave.MediaType.audio, frame) if decryptor else None

    def _prepare(self, transition_id: int, changed: dict[int, list[int]]) -> None:
        for user_id in self._others | changed.keys():
            ratchet = self._session.get_key_ratchet(str(user_id))
            if user_id == self._user_id or ratchet is None:
                continue
            decryptor = self._decryptors.setdefault(user_id, dave.Decryptor())
            decryptor.transition_to_key_ratchet(ratchet)
            if self._encryptor.is_passthrough_mode():
                decryptor.transition_to_passthrough_mode(True)
        own = self._session.get_key_ratchet(str(self._user_id))
        if own is not None:
            self._prepared[transition_id] = own
        if transition_id == IMMEDIATE:
            self.execute(transition_id)

    def _accept_clear_frames(self, accept: bool) -> None:
        for decryptor in self._decryptors.values():
            decryptor.transition_to_passthrough_mode(accept)

    def _recognised(self) -> set[str]:
        return {str(user_id) for user_id in self._others | {self._user_id}}

    def _note_failure(self, source: str, reason: str) -> None:
        self._failures.append(f"{source}: {reason}")

    def _failure(self) -> str:
        return self._failures[-1] if self._failures else "no reason given"
