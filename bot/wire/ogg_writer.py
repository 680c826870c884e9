"""Writing Ogg Opus (RFC 3533, RFC 7845) as bytes, without files. `ogg` reads what is written here."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Final

from bot.samples import SAMPLE_RATE_HZ
from bot.wire import ogg, opus

PRE_SKIP_SAMPLES: Final = 312
"""6.5 ms, the delay of libopus's encoder at 48 kHz. Decoders drop it, so that file positions match the speaker's."""

_SEGMENTS_A_PAGE = 255
_SILENCE_SAMPLES: Final = opus.duration_samples(opus.DISCORD_SILENCE)
_NO_PACKET_ENDS = -1  # granule position of a page on which no packet ends (RFC 3533, section 6)


class OggOpusWriter:
    """Builds one Ogg Opus stream, page by page: mono, 48 kHz.

    Call `headers()` first, then `add()` packets and collect `pages()` whenever the file should grow, and `finish()` at
    the end. Positions are samples since the first packet's start, in the speaker's time. The pre-skip is added here.
    """

    def __init__(
        self,
        *,
        serial: int,
        comments: Mapping[str, str] | None = None,
        vendor: str = "Promptbook",
        pre_skip: int = PRE_SKIP_SAMPLES,
    ) -> None:
        self._serial = serial & 0xFFFF_FFFF
        self._comments = dict(comments or {})
        self._vendor = vendor
        self._pre_skip = pre_skip
        self._number = 0
        self._laced: list[bytes] = []
        self._queued: list[tuple[bytes, int]] = []
        self._added_samples = 0
        self._paged_samples = 0

    @property
    def added_samples(self) -> int:
        """The total duration of all packets added so far."""
        return self._added_samples

    @property
    def paged_samples(self) -> int:
        """The total duration of the packets in whole pages, which are collected or will be by the next `pages()`."""
        return self._paged_samples

    def headers(self) -> bytes:
        """Return OpusHead and OpusTags (RFC 7845, sections 5.1 and 5.2), each on its own pages."""
        # Version 1, one channel, pre-skip, input rate, gain 0, channel mapping family 0.
        head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, self._pre_skip, SAMPLE_RATE_HZ, 0, 0)
        tags = b"OpusTags" + _counted(self._vendor) + struct.pack("<I", len(self._comments))
        tags += b"".join(_counted(f"{name}={value}") for name, value in self._comments.items())
        return self._lace([head], 0, ogg.FIRST) + self._lace([tags], 0)

    def add(self, packet: bytes, samples: int) -> None:
        """Queue one packet of this duration for the next `pages()`."""
        self._queued.append((packet, samples))
        self._added_samples += samples

    def add_all(self, packets: Sequence[tuple[bytes, int]], samples: int) -> None:
        """Queue several packets, each with its duration; their total is `samples`."""
        self._queued += packets
        self._added_samples += samples

    def repeat(self, packet: bytes, samples: int, times: int) -> None:
        """Queue one short packet of this duration several times.

        Many of them are laced immediately, on full pages, so that hours of silence cost only milliseconds. At least one
        stays queued, because `finish()` can only trim what is queued.
        """
        full = (times - 1) // _SEGMENTS_A_PAGE if times else 0
        if full:
            self._lace_queued()
            lacing, body = bytes((len(packet),)) * _SEGMENTS_A_PAGE, packet * _SEGMENTS_A_PAGE
            length = samples * _SEGMENTS_A_PAGE
            first = ogg.OggPage(0, self._paged_samples + length, self._serial, self._number, lacing, body)
            self._laced += ogg.pages_like(first, full, length)
            self._paged_samples += full * length
            self._number += full
        self._queued += [(packet, samples)] * (times - full * _SEGMENTS_A_PAGE)
        self._added_samples += samples * times

    def fill(self, samples: int) -> None:
        """Queue silence, rounded to the nearest 2.5 ms (possibly none)."""
        whole, rest = divmod(opus.on_grid(samples), _SILENCE_SAMPLES)
        self.repeat(opus.DISCORD_SILENCE, _SILENCE_SAMPLES, whole)
        for packet in opus.fill_silence(rest):
            self.add(packet, opus.duration_samples(packet))

    def pages(self) -> bytes:
        """Return everything queued as whole pages, of at most a second unless a packet is repeated; maybe empty."""
        self._lace_queued()
        pages, self._laced = self._laced, []
        return b"".join(pages)

    def finish(self, duration_samples: int | None = None) -> bytes:
        """Return the last pages, marked as the end of the stream. Nothing can be added afterwards.

        With `duration_samples`, a decoder stops there (RFC 7845, section 4.4: end trimming). Every packet is kept.
        Trimming affects only queued packets, never collected pages, and cannot make the stream longer.
        """
        end = self._added_samples
        if duration_samples is not None and duration_samples + self._pre_skip > self._paged_samples:
            end = min(end, duration_samples + self._pre_skip)
        last = self._split_off_last_page(end)
        pages = self.pages()
        return pages + self._lace(last, end if last else self._paged_samples, ogg.LAST)

    def _split_off_last_page(self, end: int) -> list[bytes]:
        """Remove from the queue the packet in which the sound ends and all later ones, because only the page that ends
        the stream can have a position before the end of its packets. Empty if they do not fit on one page.
        """
        position, first = self._added_samples, len(self._queued)
        while first and position >= end:
            first -= 1
            position -= self._queued[first][1]
        last = [packet for packet, _ in self._queued[first:]]
        if sum(len(packet) // 255 + 1 for packet in last) > _SEGMENTS_A_PAGE:
            return []
        del self._queued[first:]
        return last

    def _lace_queued(self) -> None:
        """Put what is queued on pages: each up to a second of sound, and only as many packets as fit unbroken."""
        queued, self._queued = self._queued, []
        batch: list[bytes] = []
        segments = samples = 0
        for packet, length in queued:
            needed = len(packet) // 255 + 1
            if batch and (segments + needed > _SEGMENTS_A_PAGE or samples + length > SAMPLE_RATE_HZ):
                self._lace_batch(batch, samples)
                batch, segments, samples = [], 0, 0
            batch.append(packet)
            segments += needed
            samples += length
        if batch:
            self._lace_batch(batch, samples)

    def _lace_batch(self, batch: list[bytes], samples: int) -> None:
        self._paged_samples += samples
        self._laced.append(self._lace(batch, self._paged_samples))

    def _lace(self, packets: list[bytes], position: int, flags: int = 0) -> bytes:
        """Return one page, or several if one packet is larger than a page (RFC 3533, section 5)."""
        sizes = [len(packet) for packet in packets]
        lacing = bytes(sizes) if max(sizes, default=0) < 255 else b"".join(map(_lacing, sizes))
        body = b"".join(packets)
        pages: list[bytes] = []
        while len(lacing) > _SEGMENTS_A_PAGE:
            # Only a single packet of more than 65,025 bytes gets here, so no packet ends on this page.
            cut = sum(lacing[:_SEGMENTS_A_PAGE])
            first = flags & (ogg.FIRST | ogg.CONTINUED)
            pages.append(self._page(first, _NO_PACKET_ENDS, lacing[:_SEGMENTS_A_PAGE], body[:cut]))
            lacing, body = lacing[_SEGMENTS_A_PAGE:], body[cut:]
            flags = flags & ~ogg.FIRST | ogg.CONTINUED
        pages.append(self._page(flags, position, lacing, body))
        return b"".join(pages)

    def _page(self, flags: int, position: int, lacing: bytes, body: bytes) -> bytes:
        page = ogg.OggPage(flags, position, self._serial, self._number, lacing, body)
        self._number += 1
        return page.to_bytes()


def _lacing(size: int) -> bytes:
    return b"\xff" * (size // 255) + bytes((size % 255,))


def _counted(text: str) -> bytes:
    raw = text.encode()
    return struct.pack("<I", len(raw)) + raw
