"""The packets of a track, one after another from the take's start, without a gap. No I/O, no clock.

Frames stand as they came. Between them, silence fills what was not sent, and concealment stands in for what was lost.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from bot.wire import opus

CONCEALED_FRAMES_AT_MOST: Final = 25
"""The most stand-ins per loss (0.5 s): decoders fade out long before, and the rest of the loss is silence."""


class Kind(Enum):
    """The kinds of packets in a track."""

    FRAME = "frame"
    CONCEALMENT = "concealment"
    SILENCE = "silence"


class Laid(NamedTuple):
    """Packets of one kind in their place: `start_samples` since the take's start.

    No gap lies between the packets, or between one of these and the next.
    """

    kind: Kind
    packets: list[tuple[bytes, int]]
    """Each packet with its length in samples. None for silence that is filled in: it can last for hours."""
    start_samples: int
    samples: int
    is_sound: bool
    """Whether someone is heard; False for silence, whether it was sent or filled in."""


class Bed:
    """One track as far as it is laid down; `take()` hands out what is new."""

    def __init__(self) -> None:
        self._new: list[Laid] = []
        self.laid_samples = 0
        self.concealed_frames = 0

    def take(self) -> list[Laid]:
        """Return what has been laid down since the last call, in order."""
        laid, self._new = self._new, []
        return laid

    def lay(self, packets: list[tuple[bytes, int]], samples: int, *, is_sound: bool = True) -> None:
        """Lay down frames as they came, which together last `samples`."""
        self._append(Kind.FRAME, packets, samples, is_sound)

    def fill(self, samples: int) -> None:
        """Lay down silence: the number of whole 2.5 ms steps nearest to `samples`, none if that is zero or negative."""
        self._append(Kind.SILENCE, [], opus.on_grid(samples), is_sound=False)

    def conceal(self, after: bytes, frame_samples: int, lost: int, until: int, ending: int | None = None) -> None:
        """Lay down stand-ins for `lost` frames that followed the packet `after`, in the room up to `until`.

        If a pause lies in between, `ending` is how many of them are missing at the end of the talk spurt. Those are
        concealed there, the others at the beginning of the next spurt.
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
        """Conceal `frames` lost frames in `samples` samples, or in fewer if clocks have drifted."""
        # If concealment at the pause's end has just reached the next frame, no room is left.
        samples = max(min(samples, CONCEALED_FRAMES_AT_MOST * frame_samples), 0)
        stand_ins = opus.concealment_of(after, samples + opus.STEP_SAMPLES // 2)
        packets = [(packet, opus.frame_samples(packet)) for packet in stand_ins]
        self._append(Kind.CONCEALMENT, packets, sum(length for _, length in packets), is_sound=True)
        self.concealed_frames += min(frames, -(-samples // frame_samples))

    def _append(self, kind: Kind, packets: list[tuple[bytes, int]], samples: int, is_sound: bool) -> None:
        if samples:
            self._new.append(Laid(kind, packets, self.laid_samples, samples, is_sound))
            self.laid_samples += samples
