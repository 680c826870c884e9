"""Faults of the embedded voice server, for testing recordings. By default there are none.

Faults concern only bots; the cast hears everything as usual. The journal records what a bot does not get as sent:
- `packet_dropped`, `packet_duplicated`, `packet_held_back` (user_id, ssrc, and sequence and timestamp as sent);
- `speaking_withheld` (op 5 late by `late_s`, null for never), `commit_corrupted` and `commit_withheld` (op 29);
- `frame_spoiled` (the tag of its end-to-end encryption is wrong), `padding_dropped` (packets of nothing but padding);
- `silence_inserted` (the server's own silence frames in the clear), `rtcp_sent`, `discovery_repeated`.
"""

from __future__ import annotations

import asyncio
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from bot.embedded.journal import Journal
from bot.embedded.voice.session import Address, VoiceSession
from bot.embedded.voice.spoiling import is_padding, spoiled
from bot.wire.rtp import RtpHeader

NEVER: Final = math.inf
"""For `speaking_late_s`: op 5 is never sent."""

SILENCE_FRAME: Final = b"\xf8\xff\xfe"
"""The server's own silence, which is never encrypted end to end (DAVE protocol, "Silence packets")."""

_HELD_BACK_S = (0.04, 0.06)
"""Two or three other packets overtake a packet that is held back for this time."""

_FRAME_S, _FRAME_SAMPLES = 0.02, 960
_DISCOVERY_AGAIN_S = 0.3
_RTCP_CLEAR_BYTES = 8  # RFC 3550, 6.4.1: the header and the sender's SSRC are in the clear, as in SRTCP

Send = Callable[[bytes, Address], None]


@dataclass(frozen=True, slots=True)
class VoiceFaults:
    """Shares are of the packets on their way to a bot. Each is drawn separately from `seed` and the speaker's user id.

    `speaking_late_s` delays op 5, or suppresses it if NEVER; `keys_late_s` delays the ops of DAVE (21 to 30). `delay_s`
    delays all packets by the same time, `jitter_s` each by an additional time between 0 and this value. `reordered` is
    the share that is held back until others have overtaken it. `inserted_silence` is the number of silence frames in
    the clear that the server adds after a talk spurt, numbered between the speaker's own. One RTCP packet follows every
    `packets_per_rtcp` packets. A bot cannot process the next `corrupt_commits` ops 29, and does not get the next
    `withheld_commits`. What the users in `spoiled` say cannot be decrypted. `drops_padding` drops packets of nothing
    but padding. `ignores_refusals` leaves op 31 without effect. `ends_sessions_late` tells of the end of someone's old
    session (op 13) only after their new one has been introduced (op 5).
    """

    speaking_late_s: float = 0.0
    keys_late_s: float = 0.0
    loss: float = 0.0
    duplicated: float = 0.0
    reordered: float = 0.0
    jitter_s: float = 0.0
    delay_s: float = 0.0
    inserted_silence: int = 0
    packets_per_rtcp: int = 0
    repeats_discovery: bool = False
    corrupt_commits: int = 0
    withheld_commits: int = 0
    spoiled: frozenset[int] = frozenset()
    drops_padding: bool = False
    ignores_refusals: bool = False
    ends_sessions_late: bool = True
    seed: int = 0


NO_FAULTS: Final = VoiceFaults()


@dataclass(slots=True)
class _Stream:
    """What a bot was sent of one SSRC; `shift` is how many of its sequence numbers the server has used itself."""

    chance: Random
    header: RtpHeader | None = None
    shift: int = 0
    packets: int = 0
    silence: asyncio.TimerHandle | None = None


class RoughPath:
    """The path from the voice server to the bots in its channels. Used from one event loop only."""

    def __init__(self, journal: Journal, faults: VoiceFaults = NO_FAULTS) -> None:
        self._journal = journal
        self._everywhere = faults
        self._faults: dict[int, VoiceFaults] = {}
        self._corrupted: dict[int, int] = {}
        self._streams: dict[int, _Stream] = {}
        self._send: Send = _refuse

    def open(self, send: Send) -> None:
        """Send datagrams by `send` from now on."""
        self._send = send

    def close(self) -> None:
        """Stop sending the server's own silence."""
        for stream in self._streams.values():
            if stream.silence:
                stream.silence.cancel()

    def set_faults(self, faults: VoiceFaults, channel_id: int) -> None:
        """Apply these faults to a channel from now on; NO_FAULTS ends them."""
        self._faults[channel_id] = faults
        self._corrupted[channel_id] = 0

    def of(self, channel_id: int) -> VoiceFaults:
        """Return the faults of a channel."""
        return self._faults.get(channel_id, self._everywhere)

    def introduce(self, listener: VoiceSession, speaker: VoiceSession, tell: Callable[[], None]) -> None:
        """Tell a listener by op 5 who a speaker is: immediately, late or never."""
        late_s = self._of(listener).speaking_late_s if listener.is_bot else 0.0
        if not late_s:
            tell()
            return
        self._note("speaking_withheld", speaker, late_s=None if late_s == NEVER else late_s)
        if late_s != NEVER:
            asyncio.get_running_loop().call_later(late_s, tell)

    def hand_keys(self, listener: VoiceSession, tell: Callable[[], None]) -> None:
        """Send a listener what belongs to DAVE, in order: immediately or late."""
        late_s = self._of(listener).keys_late_s if listener.is_bot else 0.0
        if late_s:
            asyncio.get_running_loop().call_later(late_s, tell)
        else:
            tell()

    def commit_for(self, listener: VoiceSession, announcement: bytes) -> bytes | None:
        """Return the body of op 29 for a listener, None if it gets none. A corrupted one has a wrong signature."""
        channel_id = listener.ticket.channel_id
        faults, done = self._of(listener), self._corrupted.get(channel_id, 0)
        if not listener.is_bot or done >= faults.corrupt_commits + faults.withheld_commits:
            return announcement
        if faults.withheld_commits:
            self._corrupted[channel_id] = done + 1
            self._note("commit_withheld", listener, transition_id=int.from_bytes(announcement[:2], "big"))
            return None
        self._corrupted[channel_id] = done + 1
        self._note("commit_corrupted", listener, transition_id=int.from_bytes(announcement[:2], "big"))
        return announcement[:-8] + bytes([announcement[-8] ^ 0xFF]) + announcement[-7:]

    def carry(
        self, speaker: VoiceSession, listener: VoiceSession, header: RtpHeader, clear: bytes, body: bytes
    ) -> None:
        """Send one packet to a listener, subject to the channel's faults."""
        assert listener.address is not None
        faults = self._of(listener)
        if faults is NO_FAULTS or not listener.is_bot:
            self._send(listener.seal(clear, body), listener.address)
            return
        if faults.drops_padding and is_padding(header, body):
            self._note("padding_dropped", speaker, sequence=header.sequence)
            return
        if speaker.user_id in faults.spoiled:
            self._note("frame_spoiled", speaker, sequence=header.sequence, timestamp=header.timestamp)
            body = spoiled(header, body)
        stream = self._stream_of(speaker, faults)
        self._advance(stream, header)
        shifted = (header.sequence + stream.shift & 0xFFFF).to_bytes(2, "big")
        datagram = listener.seal(clear[:2] + shifted + clear[4:], body)
        for delay_s in self._delays_of(stream, speaker, header, faults):
            self._send_later(delay_s, datagram, listener.address)
        stream.packets += 1
        if faults.packets_per_rtcp and stream.packets % faults.packets_per_rtcp == 0:
            self._send_rtcp(speaker, listener)

    def spurt_ended(self, speaker: VoiceSession, listener: VoiceSession) -> None:
        """Send the server's own silence after a speaker's op 5 has ended a spurt."""
        faults, stream = self._of(listener), self._streams.get(speaker.ssrc)
        if listener.is_bot and stream is not None and faults.inserted_silence:
            self._insert_silence(faults.inserted_silence, stream, speaker, listener)

    def discovered(self, session: VoiceSession, reply: bytes) -> None:
        """Repeat the answer to an IP discovery, if the channel's faults say so."""
        assert session.address is not None
        if session.is_bot and self._of(session).repeats_discovery:
            self._note("discovery_repeated", session)
            self._send_later(_DISCOVERY_AGAIN_S, reply, session.address)

    def _of(self, session: VoiceSession) -> VoiceFaults:
        return self.of(session.ticket.channel_id)

    def _stream_of(self, speaker: VoiceSession, faults: VoiceFaults) -> _Stream:
        stream = self._streams.get(speaker.ssrc)
        if stream is None:
            # By user, not by SSRC, because each run draws new SSRCs.
            stream = self._streams[speaker.ssrc] = _Stream(Random(f"{faults.seed}:{speaker.user_id}"))
        return stream

    def _advance(self, stream: _Stream, header: RtpHeader) -> None:
        stream.header = header
        if stream.silence:
            stream.silence.cancel()

    def _delays_of(self, stream: _Stream, speaker: VoiceSession, header: RtpHeader, faults: VoiceFaults) -> list[float]:
        """Return the delays after which the packet arrives: none, one or two."""
        chance = stream.chance
        # All are drawn in every case, so that one fault's share does not change another's pattern.
        lost, twice, behind = (chance.random() for _ in range(3))
        delays = [faults.delay_s + chance.uniform(0, faults.jitter_s) for _ in range(2)]
        numbers = {"sequence": header.sequence, "timestamp": header.timestamp}
        if lost < faults.loss:
            self._note("packet_dropped", speaker, **numbers)
            return []
        if behind < faults.reordered:
            self._note("packet_held_back", speaker, **numbers)
            delays[0] += chance.uniform(*_HELD_BACK_S)
        if twice < faults.duplicated:
            self._note("packet_duplicated", speaker, **numbers)
            return delays
        return delays[:1]

    def _insert_silence(self, count: int, stream: _Stream, speaker: VoiceSession, listener: VoiceSession) -> None:
        header = stream.header
        if not count or header is None or listener.address is None:
            return
        stream.shift += 1
        timestamp = (header.timestamp + _FRAME_SAMPLES) & 0xFFFFFFFF
        stream.header = RtpHeader(header.sequence, timestamp, header.ssrc, False, False, 12, 0)
        clear = struct.pack(">BBHII", 0x80, 0x78, header.sequence + stream.shift & 0xFFFF, timestamp, header.ssrc)
        self._send(listener.seal(clear, SILENCE_FRAME), listener.address)
        self._note("silence_inserted", speaker, timestamp=timestamp)
        stream.silence = asyncio.get_running_loop().call_later(
            _FRAME_S, self._insert_silence, count - 1, stream, speaker, listener
        )

    def _send_rtcp(self, speaker: VoiceSession, listener: VoiceSession) -> None:
        """Send a sender report (RFC 3550, section 6.4.1) of 28 bytes."""
        assert listener.address is not None
        report = struct.pack(">BBHI5I", 0x80, 200, 6, speaker.ssrc, 0, 0, 0, speaker.packets_received, 0)
        self._send(listener.seal(report[:_RTCP_CLEAR_BYTES], report[_RTCP_CLEAR_BYTES:]), listener.address)
        self._note("rtcp_sent", speaker)

    def _note(self, kind: str, session: VoiceSession, **fields: object) -> None:
        self._journal.write(
            kind, channel_id=session.ticket.channel_id, user_id=session.user_id, ssrc=session.ssrc, **fields
        )

    def _send_later(self, delay_s: float, datagram: bytes, address: Address) -> None:
        if delay_s > 0:
            asyncio.get_running_loop().call_later(delay_s, self._send, datagram, address)
        else:
            self._send(datagram, address)


def _refuse(datagram: bytes, address: Address) -> None:
    raise RuntimeError("The voice server has no socket yet.")
