"""Builds the takes of an evening: a rehearsal in real time, with the journal of its cast as the truth.

No two packets of a cast are alike. Where a packet lies in a track is where its sound is on the take's clock, so that an
error of the recorder's clock does not count as one of the turn finder.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.embedded.journal import read_journal
from bot.wire import opus
from bot.wire.ogg import read_packets
from tools.turns.truth import WORD, Sound, TakeTruth, TrackTruth

FRAME = 960
PERFORMERS, SCENES = 5, 2

_TRACKS = """
    SELECT take_id, path, duration_samples, discord_user_id
    FROM tracks JOIN people USING (person_id) ORDER BY take_id, track_id
"""


@dataclass(slots=True)
class Spurt:
    """One line as its speaker noted it, and its packets in order, sent or withheld."""

    kind: str = "speech"
    text: str = ""
    words: list[tuple[str, int, int]] = field(default_factory=list[tuple[str, int, int]])
    packets: list[bytes] = field(default_factory=list[bytes])


def build(folder: Path, seed: int) -> None:
    """Play the rehearsal and write its takes. It lasts as long as it lasts: about two minutes."""
    home = folder / "home"
    asked = ["--home", str(home), "--seed", str(seed), "--performers", str(PERFORMERS), "--scenes", str(SCENES)]
    subprocess.run([sys.executable, "-m", "bot", "rehearse", *asked], check=True, stdout=subprocess.DEVNULL)
    convert(home, folder)


def convert(home: Path, folder: Path) -> None:
    """Write the takes of a rehearsal's home folder, each into a folder with copies of its tracks."""
    spurts = read_spurts(home.with_name(f"{home.name}-logs") / "cast.jsonl")
    with closing(sqlite3.connect(f"file:{home / 'promptbook.sqlite3'}?mode=ro", uri=True)) as database:
        rows = database.execute(_TRACKS).fetchall()
    takes: dict[int, list[TrackTruth]] = defaultdict(list)
    durations: dict[int, int] = {}
    for take_id, path, duration, user_id in rows:
        if not (home / path).exists():
            continue
        take = folder / f"take-{take_id}"
        take.mkdir(parents=True, exist_ok=True)
        copied = Path(shutil.copy(home / path, take))
        sounds = sounds_in(copied, spurts.get(user_id, ()), duration)
        takes[take_id].append(TrackTruth(copied.name, copied.stem, sounds))
        durations[take_id] = duration
    for take_id, tracks in takes.items():
        TakeTruth(f"evening, take {take_id}", durations[take_id], tuple(tracks)).write(folder / f"take-{take_id}")


def read_spurts(journal: Path) -> Mapping[int, Sequence[Spurt]]:
    """Return every talk spurt by its speaker's user id, in order. Numbers begin again when someone joins again."""
    spurts: defaultdict[int, list[Spurt]] = defaultdict(list)
    for entry in read_journal(journal, "spurt_started", "line_spoken", "frame_sent", "frame_withheld"):
        theirs = spurts[entry["user_id"]]
        if entry["kind"] == "spurt_started":
            theirs.append(Spurt())
        elif entry["kind"] == "line_spoken":
            _note_line(theirs[-1], entry)
        elif not entry["silence"]:
            theirs[-1].packets.append(bytes.fromhex(entry["opus"]))
    return spurts


def sounds_in(file: Path, spurts: Iterable[Spurt], duration: int) -> tuple[Sound, ...]:
    """Return what of these spurts is in a track, in order. A whispered line is one sound, spoken ones are words."""
    places = _places(file)
    sounds = [sound for spurt in spurts for sound in _sounds_of(spurt, places)]
    clipped = (Sound(sound.start, min(sound.end, duration), sound.kind, sound.text) for sound in sounds)
    return tuple(sorted((sound for sound in clipped if sound.end > sound.start), key=lambda sound: sound.start))


def _note_line(spurt: Spurt, entry: Mapping[str, Any]) -> None:
    spurt.kind, spurt.text = entry["line_kind"], entry["text"]
    spurt.words = [(word, start, end) for word, start, end in entry["words"]]


def _places(file: Path) -> dict[bytes, int]:
    places: dict[bytes, int] = {}
    position = 0
    for packet in read_packets(file.read_bytes()):
        if not packet.is_header:
            places[packet.data] = position
            position += opus.duration_samples(packet.data)
    return places


def _sounds_of(spurt: Spurt, places: Mapping[bytes, int]) -> Iterator[Sound]:
    events = [(WORD, *word) for word in spurt.words]
    if spurt.kind != "speech" and spurt.words:
        events = [(spurt.kind, spurt.text, spurt.words[0][1], spurt.words[-1][2])]
    for kind, text, start, end in events:
        frames = range(start // FRAME, min(-(-end // FRAME), len(spurt.packets)))
        kept = [(number, places[spurt.packets[number]]) for number in frames if spurt.packets[number] in places]
        if kept:
            (first, begins), (last, ends) = kept[0], kept[-1]
            yield Sound(begins + max(start - first * FRAME, 0), ends + min(end - last * FRAME, FRAME), kind, text)
