"""What is to be made of a take: plain values that can be sent to another process or kept as JSON."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

from bot.audio.containers import Container

MOST_FLAC_CHANNELS: Final = 8
"""FLAC has at most eight channels (RFC 9639, section 4.2)."""


class Audio(StrEnum):
    """How sound is encoded: FLAC with 24 or 16 bits, or the original Opus packets."""

    FLAC24 = "flac24"
    FLAC16 = "flac16"
    OPUS = "opus"

    @property
    def suffix(self) -> str:
        """The suffix of tracks, clips and mixes."""
        return ".opus" if self is Audio.OPUS else ".flac"

    @property
    def container(self) -> Container:
        """What tracks and clips are encoded to. Opus is copied instead, and only mixes are encoded."""
        return {
            Audio.FLAC24: Container.FLAC_24,
            Audio.FLAC16: Container.FLAC_16,
            Audio.OPUS: Container.OGG_OPUS,
        }[self]

    def dialogue(self, channels: int) -> Container:
        """Return what a file with a channel per performer is encoded to."""
        is_deep = self is Audio.FLAC24
        if channels > MOST_FLAC_CHANNELS:
            return Container.RF64_24 if is_deep else Container.RF64_16
        return Container.FLAC_24 if is_deep else Container.FLAC_16

    def dialogue_suffix(self, channels: int) -> str:
        """Return the suffix of a file with a channel per performer."""
        return ".wav" if channels > MOST_FLAC_CHANNELS else ".flac"


@dataclass(frozen=True, slots=True)
class ClipOrder:
    """A clip to cut: its name in the dataset, and its bounds on the take's clock."""

    name: str
    start_samples: int
    end_samples: int


@dataclass(frozen=True, slots=True)
class TrackOrder:
    """A track to decode, and the clips to cut out of it, in the order in which they start.

    `size_bytes` and `changed_ns` say whether `source` is still the file that it was. The stretches in `silent`, with
    their starts and ends, are silence: the performer left them out.
    """

    name: str
    source: str
    size_bytes: int
    changed_ns: int
    clips: tuple[ClipOrder, ...]
    silent: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class TakeOrder:
    """A take. Its files are as long as the longest of `length_samples` (0 if that is unknown) and its tracks.

    `bound` is what the sum of the absolute samples of its tracks does not exceed; None if that is unknown. `software`
    names the versions on which the bytes depend.
    """

    name: str
    tracks: tuple[TrackOrder, ...]
    length_samples: int
    bound: float | None
    audio: Audio
    has_dialogue: bool
    software: str

    @cached_property
    def digest(self) -> str:
        """A name for everything that decides which bytes are made."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:32]
