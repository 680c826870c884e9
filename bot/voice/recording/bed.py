"""What a track is laid down as: packets one after the other from the take's start, without a gap. No I/O, no clock.

Frames stand as they came. Between them lies what was not sent, as silence, and in place of what was lost, concealment.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from bot.wire import opus

CONCEALED_FRAMES_AT_MOST: Final = 25
"""So many stand-ins a hole: decoders fade out long before, and the rest of it is silence."""


class Kind(Enum):
    """What a packet in a track is."""

    FRAME = "frame"
    CONCEALMENT = "concealment"
    SILENCE = "silence"


class Laid(NamedTuple):
    """Packets of a kind in their place: `start_samples` since the take's start. Neither between them nor between two of
    these is a gap.
    """

    kind: Kind
    packets: list[tuple[bytes, int]]
    """Each with its length in samples."""
    start_samples: int
    samples: int
    is_sound: bool
    """Whether somebody is heard, rather than silence, sent or filled in."""


class Bed:
    """One track as far as it is laid; `take()` hands out what came since the last time."""

    def __init__(self) -> None:
        self._new: list[Laid] = []
        self.laid_samples = 0
        self.concealed_frames = 0

    def take(self) -> list[Laid]:
        """What has been laid down since this was called last, in order."""
        laid, self._new = self._new, []
        return laid

    def lay(self, packets: list[tuple[bytes, int]], samples: int, *, is_sound: bool = True) -> None:
        """Frames as they came, which together last `samples`."""
        self._append(Kind.FRAME, packets, samples, is_sound)

    def fill(self, samples: int) -> None:
        """Silence, as whole steps of 2.5 ms come nearest to so much; none for nothing or less."""
        packets = [(packet, opus.duration_samples(packet)) for packet in opus.fill_silence(samples)]
        self._append(Kind.SILENCE, packets, sum(length for _, length in packets), is_sound=False)

    def conceal(self, after: bytes, frame_samples: int, lost: int, until: int, ending: int | None = None) -> None:
        """Stand-ins for `lost` frames that followed the packet `after`, in the room there is up to `until`.

        With a pause between, `ending` is how many of them its talk spurt lacked at its end: those stand there, the
        others at the beginning of the next spurt.
        """
        room = until - self.laid_samples
        if ending is None:
            self._stand_in(after, frame_samples, lost, room)
            return
        ending = min(lost, ending)
        beginning = min(lost - ending, CONCEALED_FRAMES_AT_MOST)
        self._stand_in(after, frame_samples, ending, min(ending * frame_samples, room))
        room = min(beginning * frame_samples, until - self.laid_samples)
        self.fill(until - self.laid_samples - room)
        self._stand_in(after, frame_samples, beginning, room)

    def _stand_in(self, after: bytes, frame_samples: int, frames: int, samples: int) -> None:
        """Concealment of so many lost frames in that many samples (fewer where clocks have drifted)."""
        # Where the pause's end has just been concealed up to the next frame, no room is left before that.
        samples = max(min(samples, CONCEALED_FRAMES_AT_MOST * frame_samples), 0)
        stand_ins = opus.concealment_of(after, samples + opus.STEP_SAMPLES // 2)
        packets = [(packet, opus.frame_samples(packet)) for packet in stand_ins]
        self._append(Kind.CONCEALMENT, packets, sum(length for _, length in packets), is_sound=True)
        self.concealed_frames += min(frames, -(-samples // frame_samples))

    def _append(self, kind: Kind, packets: list[tuple[bytes, int]], samples: int, is_sound: bool) -> None:
        if packets:
            self._new.append(Laid(kind, packets, self.laid_samples, samples, is_sound))
            self.laid_samples += samples
