"""CPU per packet without sockets: the receiving path and the bare floor, alternating on calls of the same kind.

The floor is what every receiver must do: decrypt the transport, skip the extension and padding, decrypt DAVE, put the
packets on Ogg pages of half a second and append them to one file per person. The path does this and everything else:
header checks, permission, duplicates, order, place in time, concealment, spurts, synced files. Both take batches of
20 ms.
"""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import davey

from bot.domain.ids import UserId
from bot.voice.receiving.garbage import look_for_cycles_seldom
from bot.voice.receiving.receiver import Receiver
from bot.voice.recording.track import Track
from bot.voice.recording.trackfile import FolderSync, TrackFile
from bot.wire.ogg_writer import OggOpusWriter
from bot.wire.transport import cipher_for
from tools.bench.call import FIRST_PERSON, FIRST_SSRC, KEY, BotKeys, Speaker, form_group, speakers_of

FRAMES_A_SECOND = 50
BATCH_FRAMES = FRAMES_A_SECOND // 2

Batch = list[tuple[bytes, float]]


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of CPU per packet, as medians over the seconds of a run, and of the ratio second by second."""

    people: int
    mode: str
    path_us: float
    floor_us: float
    ratio: float


class Receiving:
    """The receiving path: Receiver, tracks and files."""

    def __init__(self, folder: Path, bot: davey.DaveSession, mode: str, people: int) -> None:
        self.receiver = Receiver(BotKeys(bot))
        self.receiver.use_transport(cipher_for(mode, KEY))
        self.receiver.record(lambda user_id: user_id >= FIRST_PERSON)
        users = [UserId(FIRST_PERSON + number) for number in range(people)]
        for number, user_id in enumerate(users):
            self.receiver.speaking(FIRST_SSRC + number, user_id, 0.0)
        self.tracks = {user_id: Track(user_id, folder / f"{user_id}.opus", 0.0) for user_id in users}
        self.files = {user_id: TrackFile(folder / f"{user_id}.opus") for user_id in users}
        self.sync = FolderSync()

    def take(self, batch: Batch) -> None:
        """Process what has arrived."""
        for frame in self.receiver.datagrams(batch):
            self.tracks[frame.user_id].frame(frame)

    def flush(self, now: float) -> None:
        """Write files. Called every half second."""
        for user_id, track in self.tracks.items():
            track.tick(now)
            self.files[user_id].append(track.take_pages())
        self.sync.sync(list(self.files.values()))

    def settle(self) -> None:
        """Do nothing: no work is left after the measured time."""


class Floor:
    """The minimum of work with the same packets."""

    def __init__(self, folder: Path, bot: davey.DaveSession, mode: str, people: int) -> None:
        self._open = cipher_for(mode, KEY).open
        self._decrypt = bot.decrypt
        ssrcs = [FIRST_SSRC + number for number in range(people)]
        self._users = {ssrc.to_bytes(4, "big"): FIRST_PERSON + ssrc - FIRST_SSRC for ssrc in ssrcs}
        self._writers = {ssrc.to_bytes(4, "big"): OggOpusWriter(serial=ssrc) for ssrc in ssrcs}
        self._files = {ssrc.to_bytes(4, "big"): TrackFile(folder / f"floor-{ssrc}.opus") for ssrc in ssrcs}
        self._sync = FolderSync()
        for key, writer in self._writers.items():
            self._files[key].append(writer.headers())

    def take(self, batch: Batch) -> None:
        """Decrypt and queue."""
        audio = davey.MediaType.audio
        for data, _ in batch:
            ssrc = data[8:12]
            plain = self._open(data, 16)
            assert plain is not None
            body = plain[4 : -plain[-1]] if data[0] & 0x20 else plain[4:]
            self._writers[ssrc].add(self._decrypt(self._users[ssrc], audio, body), 960)

    def flush(self, _: float) -> None:
        """Write files. Called every half second."""
        for ssrc, writer in self._writers.items():
            self._files[ssrc].append(writer.pages())

    def settle(self) -> None:
        """Sync outside of the measured time, so that the path does not pay for the floor's pages."""
        self._sync.sync(list(self._files.values()))


def half_second(speakers: Iterable[Speaker], began_at: float) -> list[Batch]:
    """Return what everyone sends in half a second, all talking, in batches of 20 ms."""
    people = list(speakers)
    batches: list[Batch] = []
    for number in range(BATCH_FRAMES):
        at = began_at + number * 0.02
        batches.append([(one.datagram(), at + 1e-5 * index) for index, one in enumerate(people)])
    return batches


def spent(side: Receiving | Floor, batches: list[Batch], now: float) -> float:
    """Return the CPU seconds that one side takes for half a second of the call."""
    began = time.process_time()
    for batch in batches:
        side.take(batch)
    side.flush(now)
    took = time.process_time() - began
    side.settle()
    return took


def measure(people: int, mode: str, seconds: float) -> Cost:
    """Measure both sides alternately, each with its own call, so that other load on the machine affects both."""
    look_for_cycles_seldom()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        founder, bot = form_group(people)
        side, speakers = Receiving(Path(folder), bot, mode, people), speakers_of(founder, people, mode)
        founder, bot = form_group(people)
        floor, others = Floor(Path(folder), bot, mode, people), speakers_of(founder, people, mode)
        costs: list[tuple[float, float]] = []
        for number in range(round(seconds * 2)):
            at = number / 2
            packets = people * BATCH_FRAMES / 1e6
            path_batches, floor_batches = half_second(speakers, at), half_second(others, at)
            gc.collect()
            path_us = spent(side, path_batches, at + 0.5) / packets
            costs.append((path_us, spent(floor, floor_batches, at + 0.5) / packets))
        if (lost := side.receiver.held_frames) or side.receiver.counts.not_authentic:
            raise RuntimeError(f"{lost} frames were not decrypted.")
        settled = costs[2:]
        path_us, floor_us = (statistics.median(column) for column in zip(*settled, strict=True))
        return Cost(people, mode, path_us, floor_us, statistics.median(path / floor for path, floor in settled))
