"""From a datagram to the Opus frame of a named user: transport, RTP and DAVE in one place.

No I/O and no clock: `now` is passed in, in monotonic seconds. Frames wait while their user or key is unknown; what
comes out is in order per SSRC.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar, cast

from bot.domain.ids import UserId
from bot.voice.receiving.dave import DecryptionCounts, Opened, WaitingDecryption
from bot.voice.receiving.keys import DaveKeys, open_frame
from bot.voice.receiving.ssrc_stream import SHORT_NONCE, SealedFrame
from bot.voice.receiving.undecryptable import Failing, GivenUp
from bot.wire import opus
from bot.wire.opus import ONE_FRAME_SAMPLES
from bot.wire.rtp import parse_header, strip_body
from bot.wire.transport import TransportCipher

_BLANKS_AT_MOST: Final = 256  # bounds the memory for an SSRC that sends nothing but padding
# A NamedTuple's constructor calls this, and takes twice as long; it runs once per packet.
_new = cast(Any, tuple.__new__)  # pyright: ignore[reportUnknownMemberType]

_log = logging.getLogger(__name__)
_Item = TypeVar("_Item")
_Taken = TypeVar("_Taken")

RETRY_SECONDS: Final = 0.5
"""How often held frames are tried again if no change of keys was noticed."""


_Payload = tuple[UserId | None, int, int, int, float, bytes]
"""User (None while unknown), SSRC, sequence number, timestamp, arrival, and the payload without the transport."""


class FrameReceived(NamedTuple):
    """One Opus packet of a user who may be recorded. `arrival` is monotonic seconds."""

    user_id: UserId
    ssrc: int
    sequence: int
    timestamp: int
    arrival: float
    opus: bytes
    blanks: tuple[int, ...] = ()
    """Sequence numbers of packets without a frame that came since the previous frame: nothing is missing there."""
    payload: bytes = b""
    """The frame as it came, with the nonce that DAVE gave it."""


@dataclass(slots=True)
class DatagramCounts:
    """How many datagrams came, and how many of them brought no frame, by cause."""

    received: int = 0
    not_audio: int = 0
    not_authentic: int = 0
    empty: int = 0
    malformed: int = 0
    failed: int = 0
    """Our own code raised an exception; this must stay 0."""


class Receiver:
    """The receiving end of one voice connection; it survives reconnects.

    Until `record()` says who may be recorded, nothing is decrypted or held; only the users of SSRCs are learnt.
    """

    def __init__(self, keys: DaveKeys) -> None:
        self._may_record: Callable[[UserId], bool] | None = None
        self._since = math.inf  # what arrived earlier is never opened; until `record()`, nothing is
        self._users_in_call: Callable[[], Iterable[UserId]] = tuple
        self._permitted: dict[UserId, bool] = {}
        self._keys = keys
        self._decryption = WaitingDecryption(keys, self._permits, self._candidates)
        self._streams = self._decryption.streams
        self._cipher: TransportCipher | None = None
        self._cipher_before: TransportCipher | None = None
        self._unrecorded: set[UserId] = set()
        self._blanks: dict[int, tuple[int, ...]] = {}
        self._next_retry = 0.0
        self.counts = DatagramCounts()

    @property
    def held_frames(self) -> int:
        """How many frames are waiting for their user or key."""
        return self._decryption.held_frames

    @property
    def decryption_counts(self) -> DecryptionCounts:
        """How many frames were not opened, by cause."""
        return self._decryption.counts

    @property
    def unrecorded_users(self) -> frozenset[UserId]:
        """Users who were heard since `record()` without permission to record them."""
        return frozenset(self._unrecorded)

    @property
    def given_up(self) -> GivenUp:
        """What arrived since `record()` and could not be decrypted."""
        return self._decryption.given_up

    def failing(self) -> list[Failing]:
        """Return whose newest frames do not open."""
        self._permitted.clear()
        return self._decryption.failing()

    def use_transport(self, cipher: TransportCipher) -> None:
        """Use the cipher of a new session description. The previous one stays for datagrams that are under way."""
        self._cipher, self._cipher_before = cipher, self._cipher

    def use_roster(self, users_in_call: Callable[[], Iterable[UserId]]) -> None:
        """Set who is in the call: on SSRCs that the voice gateway has not named, their keys are tried.

        Only the keys of people who may be recorded are. Until this is called, no one's are.
        """
        self._users_in_call = users_in_call

    def record(self, may_record: Callable[[UserId], bool], since: float = -math.inf) -> None:
        """Open the frames of users whom `may_record` permits from now on, unless they arrived before `since`.

        `may_record` is asked again for every batch of datagrams, so permission can end at any moment. It must not begin
        again without `leave_out`: frames that arrived in between may be waiting, and their user may become known later.
        """
        self._may_record, self._since = may_record, since
        self._permitted.clear()
        self._unrecorded.clear()
        self._decryption.given_up.forget()

    def leave_out(self, until: float) -> None:
        """End a time in which no one was to be recorded: what arrived before `until` is never opened."""
        self._since = max(self._since, until)
        waiting = self.held_frames
        self._decryption.forget_held(until)
        self._decryption.counts.not_permitted += waiting - self.held_frames

    def stop_recording(self) -> None:
        """Open no one's frames from now on, and drop what waits: it is `given_up`."""
        self._permitted.clear()
        self._decryption.give_up_held()
        self._may_record, self._since = None, math.inf
        self._decryption.forget_held()
        self._blanks.clear()

    def speaking(self, ssrc: int, user_id: UserId, now: float) -> list[FrameReceived]:
        """Take the user that the voice gateway named for an SSRC (op 5); return the frames that were waiting for it."""
        self._permitted.clear()
        return self._frames(self._decryption.name_user(ssrc, user_id, now))

    def user_left(self, user_id: UserId, now: float, ssrcs: Collection[int] | None = None) -> None:
        """Note that a user left, or a session of theirs with these SSRCs, as the voice gateway reported (op 13)."""
        self._decryption.user_left(user_id, now, ssrcs)

    def key_changed(self, now: float) -> list[FrameReceived]:
        """Try the held frames with keys that may have changed; return those that open."""
        self._permitted.clear()
        return self._frames(self._decryption.retry(now, force=True))

    def tick(self, now: float) -> list[FrameReceived]:
        """Drop what has waited too long and try the rest again. Call this several times per second."""
        force = now >= self._next_retry
        if force:
            self._next_retry = now + RETRY_SECONDS
        self._permitted.clear()
        return self._frames(self._decryption.retry(now, force=force))

    def datagram(self, data: bytes, now: float) -> list[FrameReceived]:
        """Take a datagram that arrived at `now`. Never raises, whatever the bytes are."""
        return self.datagrams(((data, now),))

    def datagrams(self, arrived: Sequence[tuple[bytes, float]]) -> list[FrameReceived]:
        """Take datagrams with their arrivals, in order of arrival. Never raises, whatever the bytes are.

        This is two long loops: a call in a loop costs time for every packet, and the processor's caches do not hold the
        code of both ciphers at once. The rules are in rtp, transport and dave; only their order is here.
        """
        self._permitted.clear()
        self.counts.received += len(arrived)
        payloads: list[_Payload] = []
        frames: list[FrameReceived] = []
        self._take_each(self._open_transport, iter(arrived), payloads)
        self._take_each(self._open_payloads, iter(payloads), frames)
        return frames

    def _take_each(
        self, take: Callable[[Iterator[_Item], list[_Taken]], None], coming: Iterator[_Item], taken: list[_Taken]
    ) -> None:
        """Let one of the loops take everything in `coming`, even if it raises in between."""
        while True:
            try:
                take(coming, taken)
                return
            except Exception:
                # Fuzzing finds no such error. If one happens nevertheless, it costs one packet and not its neighbours.
                if not self.counts.failed:
                    _log.exception("A packet could not be processed. Further ones are only counted.")
                self.counts.failed += 1

    def _open_transport(self, arrived: Iterator[tuple[bytes, float]], payloads: list[_Payload]) -> None:
        """Put into `payloads` what comes from people who may be recorded, or from SSRCs whose user is unknown yet.

        Permission comes before decryption: of a person who must not be recorded, not even the transport is opened.
        """
        counts, streams, permitted, since = self.counts, self._streams, self._permitted, self._since
        open_transport = _opens_nothing if self._cipher is None else self._cipher.open
        for data, arrival in arrived:
            header = parse_header(data)
            if header is None:
                counts.not_audio += 1
                continue
            if arrival < since:
                continue
            sequence, timestamp, ssrc, _, _, clear_bytes, _ = header
            stream = streams.get(ssrc)
            user_id = None
            if stream is not None:
                user_id = stream.user_id if stream.left_at is None else stream.sender_of(sequence, timestamp, arrival)
                if user_id is not None and not (permitted.get(user_id) or self._permits(user_id)):
                    # Only the numbers are noted: they show when the SSRC is someone else's.
                    stream.is_new(sequence, timestamp)
                    self._decryption.counts.not_permitted += 1
                    continue
            plain = open_transport(data, clear_bytes)
            if plain is None and self._cipher_before is not None:
                plain = self._cipher_before.open(data, clear_bytes)
            if plain is None:
                counts.not_authentic += 1
                continue
            payloads.append((user_id, ssrc, sequence, timestamp, arrival, strip_body(header, plain)))

    def _open_payloads(self, payloads: Iterator[_Payload], frames: list[FrameReceived]) -> None:
        """Put the frames of the payloads into `frames`, each together with those that were waiting for it."""
        counts, decryption, streams, keys = self.counts, self._decryption, self._streams, self._keys
        for user_id, ssrc, sequence, timestamp, arrival, payload in payloads:
            if not payload:
                counts.empty += 1
                self._note_blank(ssrc, sequence)
                continue
            stream = streams.get(ssrc) or decryption.stream(ssrc)
            if not stream.is_new(sequence, timestamp):
                decryption.counts.duplicates += 1
                continue
            blanks = self._blanks.pop(ssrc, ()) if self._blanks else ()
            # Nearly always, nothing waits before this frame, its key is known, and the packet holds one Opus frame.
            if (
                user_id is not None
                and not stream.held
                and (payload[-3:-2] != SHORT_NONCE or stream.is_in_order(payload, sequence, arrival, len(blanks)))
                and (packet := open_frame(keys, user_id, payload, arrival))
            ):
                if ONE_FRAME_SAMPLES[packet[0]] or opus.is_packet(packet):
                    received = user_id, ssrc, sequence, timestamp, arrival, packet, blanks, payload
                    frames.append(_new(FrameReceived, received))
                else:
                    counts.malformed += 1
                continue
            sealed = SealedFrame(ssrc, sequence, timestamp, arrival, payload, blanks)
            self._add(decryption.wait_or_open(stream, sealed), frames)

    def _note_blank(self, ssrc: int, sequence: int) -> None:
        self._blanks[ssrc] = (*self._blanks.get(ssrc, ()), sequence)[-_BLANKS_AT_MOST:]

    def _permits(self, user_id: UserId) -> bool:
        """Whether this user may be recorded, asked once per batch: nothing can change while a batch is processed."""
        permitted = self._permitted.get(user_id)
        if permitted is None:
            permitted = self._permitted[user_id] = self._may_record is not None and self._may_record(user_id)
            if not permitted and self._may_record is not None:
                self._unrecorded.add(user_id)
        return permitted

    def _candidates(self) -> tuple[UserId, ...]:
        may_record = self._may_record
        return () if may_record is None else tuple(user for user in self._users_in_call() if may_record(user))

    def _frames(self, opened: Iterable[Opened]) -> list[FrameReceived]:
        frames: list[FrameReceived] = []
        self._add(opened, frames)
        return frames

    def _add(self, opened: Iterable[Opened], frames: list[FrameReceived]) -> None:
        for user_id, sealed, packet in opened:
            if opus.is_packet(packet):
                numbers = sealed.ssrc, sealed.sequence, sealed.timestamp
                frames.append(FrameReceived(user_id, *numbers, sealed.arrival, packet, sealed.blanks, sealed.payload))
            else:
                self.counts.malformed += 1


def _opens_nothing(_datagram: bytes, _clear_bytes: int) -> bytes | None:
    """Stand in for a cipher whose key is unknown."""
    return None
