"""From a datagram to the Opus frame of a named user: transport, RTP and DAVE in one place.

No I/O and no clock: `now` is passed in, monotonic seconds. What cannot be said yet (whose SSRC, which key) waits;
what comes out is in order per SSRC.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.voice import opus
from bot.voice.dave import DaveKeys, DecryptionCounts, Opened, SealedFrame, WaitingDecryption
from bot.voice.rtp import parse_header, strip_body
from bot.voice.transport import TransportCipher

RETRY_SECONDS: Final = 0.5
"""How often held frames are tried again when no change of keys was noticed."""


@dataclass(frozen=True, slots=True)
class FrameReceived:
    """One Opus packet of a user who may be recorded. `arrival` is monotonic seconds."""

    user_id: int
    ssrc: int
    sequence: int
    timestamp: int
    arrival: float
    opus: bytes


@dataclass(slots=True)
class DatagramCounts:
    """What became of datagrams that are no frames."""

    received: int = 0
    not_audio: int = 0
    not_authentic: int = 0
    empty: int = 0
    malformed: int = 0


class Receiver:
    """The receiving end of one voice connection; it survives reconnects.

    Until `record()` names who may be recorded, nothing is decrypted or held: only users' SSRCs are learnt.
    """

    def __init__(self, keys: DaveKeys) -> None:
        self._may_record: Callable[[int], bool] | None = None
        self._decryption = WaitingDecryption(keys, self._permits)
        self._ciphers: list[TransportCipher] = []
        self._unrecorded: set[int] = set()
        self._next_retry = 0.0
        self.counts = DatagramCounts()

    @property
    def has_transport(self) -> bool:
        """Whether the key of the transport is known; datagrams before that cannot be read."""
        return bool(self._ciphers)

    @property
    def held_frames(self) -> int:
        """How many frames wait for their user or key."""
        return self._decryption.held_frames

    @property
    def decryption_counts(self) -> DecryptionCounts:
        """What became of frames that were not opened."""
        return self._decryption.counts

    @property
    def unrecorded_users(self) -> frozenset[int]:
        """Who was heard since `record()` without permission to record them."""
        return frozenset(self._unrecorded)

    def use_transport(self, cipher: TransportCipher) -> None:
        """A session description came. The cipher before it stays for datagrams that are still under way."""
        self._ciphers = [cipher, *self._ciphers[:1]]

    def record(self, may_record: Callable[[int], bool]) -> None:
        """From now on open the frames of users for whom this is true; asked for every frame."""
        self._may_record = may_record
        self._unrecorded.clear()

    def stop_recording(self) -> None:
        """From now on open nobody's frames; what waits is dropped."""
        self._may_record = None
        self._decryption.forget_held()

    def speaking(self, ssrc: int, user_id: int, now: float) -> list[FrameReceived]:
        """The voice gateway named the user of an SSRC (op 5); returns the frames that had waited for it."""
        return self._frames(self._decryption.name_user(ssrc, user_id, now))

    def user_left(self, user_id: int, now: float) -> None:
        """The voice gateway told that a user left (op 13)."""
        self._decryption.user_left(user_id, now)

    def key_changed(self, now: float) -> list[FrameReceived]:
        """Other keys may be known; returns the held frames that they open."""
        return self._frames(self._decryption.retry(now, force=True))

    def tick(self, now: float) -> list[FrameReceived]:
        """Time passed: call this several times a second. Expires what waited too long, tries the rest again."""
        force = now >= self._next_retry
        if force:
            self._next_retry = now + RETRY_SECONDS
        return self._frames(self._decryption.retry(now, force=force))

    def datagram(self, data: bytes, now: float) -> list[FrameReceived]:
        """Take what came over UDP at `now`; never raises, whatever the bytes are."""
        self.counts.received += 1
        header = parse_header(data)
        if header is None:
            self.counts.not_audio += 1
            return []
        user_id = self._decryption.user_of(header.ssrc, now)
        if self._may_record is None:
            return []
        if user_id is not None and not self._may_record(user_id):
            self._unrecorded.add(user_id)
            self._decryption.counts.not_permitted += 1
            return []
        plain = self._open_transport(data, header.clear_bytes)
        if plain is None:
            self.counts.not_authentic += 1
            return []
        payload = strip_body(header, plain)
        if not payload:
            self.counts.empty += 1
            return []
        frame = SealedFrame(header.ssrc, header.sequence, header.timestamp, now, payload)
        return self._frames(self._decryption.push(frame))

    def _permits(self, user_id: int) -> bool:
        permitted = self._may_record is not None and self._may_record(user_id)
        if not permitted and self._may_record is not None:
            self._unrecorded.add(user_id)
        return permitted

    def _open_transport(self, data: bytes, clear_bytes: int) -> bytes | None:
        for cipher in self._ciphers:
            if (plain := cipher.open(data, clear_bytes)) is not None:
                return plain
        return None

    def _frames(self, opened: list[Opened]) -> list[FrameReceived]:
        frames: list[FrameReceived] = []
        for user_id, sealed, packet in opened:
            try:
                opus.duration_samples(packet)
            except opus.MalformedPacket:
                self.counts.malformed += 1
                continue
            frames.append(
                FrameReceived(user_id, sealed.ssrc, sealed.sequence, sealed.timestamp, sealed.arrival, packet)
            )
        return frames
