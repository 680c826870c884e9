"""The packet path under attack: no packet may break it, and only what was said may get into a track."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.ids import UserId
from bot.samples import SAMPLE_RATE_HZ
from bot.voice.receiving.receiver import FrameReceived, Receiver
from bot.voice.recording.recovery import close_track
from bot.voice.recording.track import Track
from bot.wire.ogg import read_packets, read_pages, valid_bytes
from bot.wire.transport import cipher_for
from tools.bench.call import FIRST_PERSON, FIRST_SSRC, KEY, BotKeys, form_group, speakers_of
from tools.fuzz.mutations import Mutator, change

PEOPLE = 4
BATCH = 50
STEP_SECONDS = 0.02


@dataclass
class Fire:
    """What was sent and what happened to it. `faults` are sentences; there must be none."""

    packets: Counter[str] = field(default_factory=Counter[str])
    said: int = 0
    heard: int = 0
    faults: list[str] = field(default_factory=list)


def under_fire(mode: str, packets: int, seed: int, folder: Path, *, forged: bool) -> Fire:
    """Send `packets` hostile packets among a few valid ones, then check everything that got into the tracks.

    With `forged`, some have a valid transport tag, which only the voice server could make. Without it, every valid
    packet must also be heard.
    """
    founder, bot = form_group(PEOPLE)
    speakers = speakers_of(founder, PEOPLE, mode, seed)
    receiver = Receiver(BotKeys(bot))
    receiver.use_transport(cipher_for(mode, KEY))
    users = [UserId(FIRST_PERSON + number) for number in range(PEOPLE)]
    receiver.use_roster(lambda: users)
    receiver.record(lambda user_id: user_id in users)
    for number, user_id in enumerate(users[1:], 1):
        receiver.speaking(FIRST_SSRC + number, user_id, 0.0)  # the first one's is found by trial
    tracks = {user_id: Track(user_id, folder / f"{user_id}.opus", 0.0) for user_id in users}
    mutator, fire, said = Mutator(speakers, mode, seed), Fire(), {user_id: set[bytes]() for user_id in users}
    files = {user_id: bytearray() for user_id in users}
    now, chance = 0.0, random.Random(seed + 1)
    while fire.packets.total() < packets:
        now += STEP_SECONDS
        batch: list[bytes] = []
        for speaker in speakers:
            opus = b"\x78" + chance.randbytes(60)
            said[speaker.user_id].add(opus)
            batch.append(speaker.datagram(opus))
            mutator.note(batch[-1])
            fire.said += 1
        for _ in range(BATCH):
            kind = chance.choices(("mutated", "resealed", "noise"), (7, int(forged), 2))[0]
            fire.packets[kind] += 1
            batch.append({"mutated": mutator.mutated, "resealed": mutator.resealed, "noise": mutator.noise}[kind]())
        chance.shuffle(batch)
        for frame in [*receiver.datagrams([(datagram, now) for datagram in batch]), *receiver.tick(now)]:
            if frame.user_id not in tracks or frame.opus not in said[frame.user_id]:
                fire.faults.append(f"a frame that {frame.user_id} never said came out")
            else:
                fire.heard += 1
                tracks[frame.user_id].frame(frame)
        for user_id, track in tracks.items():
            track.tick(now)
            files[user_id] += track.take_pages()
    if receiver.counts.failed:
        fire.faults.append(f"{receiver.counts.failed} packets could not be processed")
    if not forged and fire.heard != fire.said:
        fire.faults.append(f"{fire.said - fire.heard} of {fire.said} valid frames are missing")
    for user_id, track in tracks.items():
        track.limit(now + 1)
        files[user_id] += track.finish(round((now + 1) * SAMPLE_RATE_HZ))
        in_file = [packet.data for packet in read_packets(bytes(files[user_id])) if len(packet.data) > 20]
        strange = [packet for packet in in_file[2:] if packet not in said[user_id]]
        if strange:
            fire.faults.append(f"{len(strange)} packets in the track of {user_id} were never said")
    return fire


def torn_files(count: int, seed: int, folder: Path) -> list[str]:
    """Read damaged Ogg files: readers return what is whole, recovery closes the rest. Returns the faults."""
    chance, faults = random.Random(seed), list[str]()
    whole = _a_file(chance)
    known = [packet.data for packet in read_packets(whole)]
    for number in range(count):
        torn = whole
        for _ in range(chance.randint(1, 3)):
            torn = change(chance, torn, whole)
        found = [packet.data for packet in read_packets(torn)]
        list(read_pages(torn))
        valid = valid_bytes(torn)
        if not 0 <= valid <= len(torn):
            faults.append(f"file {number}: {valid} of {len(torn)} bytes are valid")
        if torn[:valid] == whole[:valid] and found[: len(known)] != known[: len(found)]:
            faults.append(f"file {number}: packets that were never written")
        if number % 10 == 0:
            path = folder / "torn.opus"
            path.write_bytes(torn)
            close_track(path, UserId(1), SAMPLE_RATE_HZ)
    return faults


def _a_file(chance: random.Random) -> bytes:
    track = Track(UserId(1), Path("whole.opus"), 0.0)
    data = b""
    for number in range(60):
        packet = b"\x78" + chance.randbytes(60)
        track.frame(FrameReceived(UserId(1), 2, number, number * 960, number * 0.02, packet))
        if number % 25 == 24:
            track.tick(number * 0.02)
            data += track.take_pages()
    track.limit(2.0)
    return data + track.finish(96_000)
