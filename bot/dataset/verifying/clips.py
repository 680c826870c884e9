"""Whether every clip and track sounds as its row says, and belongs to what it names."""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.audio.sound import Decoder, SoundUnreadable
from bot.dataset.model.options import Layout
from bot.dataset.verifying.copies import Copy, Turn
from bot.dataset.verifying.findings import Findings
from bot.samples import SAMPLE_RATE_HZ

_BLOCK_SAMPLES = 10 * SAMPLE_RATE_HZ
_SOUND = frozenset({".flac", ".opus", ".wav"})


@dataclass(slots=True)
class _Seen:
    """What all clips together say."""

    clips: set[str] = field(default_factory=set[str])
    places: set[str] = field(default_factory=set[str])
    sides: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    twice: list[str] = field(default_factory=list[str])
    elsewhere: list[str] = field(default_factory=list[str])
    undecodable: list[str] = field(default_factory=list[str])
    unlike: list[str] = field(default_factory=list[str])
    lost: list[str] = field(default_factory=list[str])

    def add(self, copy: Copy, turn: Turn) -> None:
        row = turn.row
        if row["clip_id"] in self.clips:
            self.twice.append(row["clip_id"])
        self.clips.add(row["clip_id"])
        self.places.add(turn.place)
        self.sides[row["speaker_id"]].add(turn.split)
        if row["split"] != turn.split or copy.manifest["splits"].get(row["speaker_id"]) != turn.split:
            self.elsewhere.append(turn.place)
        if copy.has_sound:
            if copy.present(row["track"]) is None:
                self.lost.append(f"{row['track']} (the track of {row['clip_id']})")
            self._listen(turn)

    def _listen(self, turn: Turn) -> None:
        try:
            data = turn.read()
            length = _length(Decoder(io.BytesIO(data)))
        except (OSError, SoundUnreadable):
            self.undecodable.append(turn.place)
            return
        expected = round(turn.row["duration"] * SAMPLE_RATE_HZ)
        if length != expected or hashlib.sha256(data).hexdigest() != turn.row["sha256"]:
            self.unlike.append(turn.place)


def check_clips(copy: Copy, findings: Findings) -> None:
    """Decode every clip, and compare it with its row, if the copy has sound; compare splits and references."""
    seen = _Seen()
    for turn in copy.turns():
        seen.add(copy, turn)
    if copy.has_sound:
        _check_sound(seen, findings)
    findings.check("Every clip has one row.", "These clips have several rows", seen.twice)
    two = [f"{speaker} ({', '.join(sorted(sides))})" for speaker, sides in seen.sides.items() if len(sides) > 1]
    findings.check("No speaker is in two splits.", "These speakers are in several splits", two)
    findings.check("Every clip is in the split of its speaker.", "These clips are in another split", seen.elsewhere)
    findings.check(
        "Everything that tables name is there.", "Tables name these, which are not there", _dangling(copy, seen.clips)
    )
    findings.check("Every file belongs to a row.", "No row names these files", _orphans(copy, seen.places))


def _check_sound(seen: _Seen, findings: Findings) -> None:
    findings.check(f"All {len(seen.clips)} clips decode.", "These clips cannot be decoded", seen.undecodable)
    findings.check(
        "Every clip has the length and the SHA-256 of its row.", "These clips are not what their rows say", seen.unlike
    )
    findings.check("The tracks of all clips are there.", "These tracks are missing", seen.lost)


def check_tracks(copy: Copy, findings: Findings) -> None:
    """Decode every track, mix and dialogue; those of a take must be equally long. A copy without sound has none."""
    if not copy.has_sound:
        sound = [name for name in copy.files if any(name.endswith(suffix) for suffix in _SOUND)]
        findings.check("There is no sound in it.", "These files have sound", sound)
        return
    names = [name for name in copy.files if name.split("/")[0] in ("tracks", "mixes", "dialogues")]
    lengths: dict[str, int] = {}
    for name in names:
        try:
            with Decoder(copy.root / name) as decoder:
                lengths[name] = _length(decoder)
        except SoundUnreadable:
            continue
    findings.check(
        f"All {len(names)} tracks and mixes decode.", "These files cannot be decoded", set(names) - lengths.keys()
    )
    uneven: list[str] = []
    for row in copy.rows("dialogues"):
        # A mix or dialogue that was revoked is no longer there.
        files = [*(one["track"] for one in row["performers"]), *filter(None, [row["mix"], row["file"]])]
        if len({lengths.get(name) for name in files}) > 1:
            uneven.append(row["mix"] or files[0])
    findings.check("The files of every take are equally long.", "The files of these takes are not equally long", uneven)


def _length(decoder: Decoder) -> int:
    """Decode to the end; return how many samples there are."""
    with decoder:
        length = 0
        while block := len(decoder.read(_BLOCK_SAMPLES)):
            length += block
    return length


def _dangling(copy: Copy, clips: set[str]) -> Iterator[str]:
    for table in ("ratings", "self_ratings", "answers", "consensus", "events"):
        yield from (row["clip_id"] for row in copy.rows(table) if row["clip_id"] and row["clip_id"] not in clips)
    for row in copy.rows("dialogues"):
        yield from (turn["clip_id"] for turn in row["turns"] if turn["clip_id"] and turn["clip_id"] not in clips)
    if copy.has_sound:
        yield from (name for name in _named(copy) if copy.present(name) is None)


def _named(copy: Copy) -> Iterator[str]:
    """Yield the files that tables name."""
    for row in copy.rows("dialogues"):
        yield from filter(None, (row["mix"], row["file"], *(one["track"] for one in row["performers"])))
    yield from (row["file"] for row in copy.rows("tracks"))


def _orphans(copy: Copy, places: set[str]) -> Iterator[str]:
    named = {*_named(copy), *(places if copy.layout is Layout.AUDIOFOLDER else ())}
    sound = (name for name in copy.files if any(name.endswith(suffix) for suffix in _SOUND))
    return (name for name in sound if name not in named)
