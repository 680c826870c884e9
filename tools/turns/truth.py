"""What was really said in a take: `truth.json`, beside the files of its tracks.

A take is a folder with one Ogg Opus file per performer and

    {"take": "long", "duration_samples": 345600000,
     "tracks": [{"file": "a.opus", "speaker": "a",
                 "sounds": [{"start": 48000, "end": 57600, "kind": "word", "text": "hello"}]}],
     "leaks": [{"speaker": "b", "heard_by": "a", "delay_samples": 5760, "level_db": -20.0}]}

Positions are samples at 48 kHz on the take's clock, which is the position in the decoded file. `kind` is "word" for a
word of plain speech, otherwise "whisper", "laugh", "sob", "scream" or another kind of sound. Sounds are in order. A
leak says that the microphone of `heard_by` picks up everything that `speaker` says, so much later and so much quieter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from bot.samples import SAMPLE_RATE_HZ, Span

PAUSE_SAMPLES: Final = SAMPLE_RATE_HZ // 2
"""A shorter pause belongs to the speech around it : the phrases of one thought are closer together."""

WORD: Final = "word"
FILE: Final = "truth.json"


@dataclass(frozen=True, slots=True)
class Sound:
    """A word, or something else that a performer does with their voice."""

    start: int
    end: int
    kind: str = WORD
    text: str = ""

    @property
    def span(self) -> Span:
        """Where it is."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class TrackTruth:
    """What one performer's track holds, in order."""

    file: str
    speaker: str
    sounds: tuple[Sound, ...]

    def stretches(self) -> list[Span]:
        """Return its speech, with the pauses that belong to it."""
        return join((sound.span for sound in self.sounds), PAUSE_SAMPLES)


@dataclass(frozen=True, slots=True)
class LeakTruth:
    """One performer heard in another's microphone."""

    speaker: str
    heard_by: str
    delay_samples: int
    level_db: float


@dataclass(frozen=True, slots=True)
class TakeTruth:
    """A take and what was said in it."""

    take: str
    duration_samples: int
    tracks: tuple[TrackTruth, ...]
    leaks: tuple[LeakTruth, ...] = ()

    def leaked_into(self, speaker: str) -> list[Span]:
        """Return where others are heard in a performer's microphone."""
        said = {track.speaker: track for track in self.tracks}
        return join(
            Span(sound.start + leak.delay_samples, sound.end + leak.delay_samples)
            for leak in self.leaks
            if leak.heard_by == speaker
            for sound in said[leak.speaker].sounds
        )

    def write(self, folder: Path) -> None:
        """Write `truth.json`."""
        (folder / FILE).write_text(json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")), "utf-8")


def read_truth(folder: Path) -> TakeTruth:
    """Read the truth of the take in a folder. Raises FileNotFoundError without one."""
    told = json.loads((folder / FILE).read_text("utf-8"))
    tracks = (
        TrackTruth(track["file"], track["speaker"], tuple(Sound(**sound) for sound in track["sounds"]))
        for track in told["tracks"]
    )
    leaks = (LeakTruth(**leak) for leak in told.get("leaks", ()))
    return TakeTruth(told["take"], told["duration_samples"], tuple(tracks), tuple(leaks))


def find_takes(folder: Path) -> list[Path]:
    """Return the folders of takes in this folder or one or two levels below it."""
    return sorted({path.parent for pattern in (FILE, f"*/{FILE}", f"*/*/{FILE}") for path in folder.glob(pattern)})


def join(spans: Iterable[Span], shortest_gap: int = 1) -> list[Span]:
    """Return spans in order, those that are closer than `shortest_gap` joined. Empty ones are left out."""
    joined: list[Span] = []
    for span in sorted(spans):
        if span.duration_samples <= 0:
            continue
        if joined and span.start_samples - joined[-1].end_samples < shortest_gap:
            before = joined[-1]
            joined[-1] = Span(before.start_samples, max(before.end_samples, span.end_samples))
        else:
            joined.append(span)
    return joined


def common(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """Return where both have something. Each must be in order and without overlaps."""
    shared: list[Span] = []
    one = other = 0
    while one < len(some) and other < len(others):
        start = max(some[one].start_samples, others[other].start_samples)
        end = min(some[one].end_samples, others[other].end_samples)
        if start < end:
            shared.append(Span(start, end))
        if some[one].end_samples <= others[other].end_samples:
            one += 1
        else:
            other += 1
    return shared


def length(spans: Iterable[Span]) -> int:
    """Return how many samples these spans have together."""
    return sum(span.duration_samples for span in spans)
