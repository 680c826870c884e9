"""One performer's track as bytes: it takes frames and returns Ogg Opus pages. No I/O."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.ids import UserId
from bot.samples import Span
from bot.voice.receiving.receiver import FrameReceived
from bot.voice.recording.bed import Kind, Laid
from bot.voice.recording.holes import Hole
from bot.voice.recording.spurts import SpurtLog
from bot.voice.recording.timeline import TrackTimeline
from bot.wire.ogg_writer import PRE_SKIP_SAMPLES, OggOpusWriter


@dataclass(frozen=True, slots=True)
class TrackSummary:
    """What a finished track holds. Positions and lengths are samples at 48 kHz since the take's start.

    `lost_frames` are missing between two that came; None if no one counted them. The `concealed_frames` among them have
    a stand-in in the file. `holes` are stretches in which this person could not be heard, each with its cause.
    """

    user_id: UserId
    path: Path
    duration_samples: int
    received_frames: int
    concealed_frames: int
    first_speech_samples: int | None
    speech_samples: int
    spurts: tuple[Span, ...]
    late_frames: int = 0
    lost_frames: int | None = 0
    holes: tuple[Hole, ...] = ()


def track_path(folder: Path, name: str) -> Path:
    """Return the path of the track of this name in the folder of its take."""
    return folder / f"{name}.opus"


class Track:
    """The frames of one user since the take's start, as an Ogg Opus stream that grows only at its end.

    It `has_begun` with the first frame that lies inside the take; until then nothing is written.
    """

    def __init__(self, user_id: UserId, path: Path, started_at: float) -> None:
        self.user_id = user_id
        self.path = path
        self._timeline = TrackTimeline(started_at)
        self._hold = self._timeline.hold
        self._writer = OggOpusWriter(serial=zlib.crc32(path.name.encode()))
        self._spurts = SpurtLog()
        self._pending = self._writer.headers()

    @property
    def has_begun(self) -> bool:
        """Whether the track holds a frame."""
        return self._timeline.received_frames > 0

    @property
    def paged_samples(self) -> int:
        """How many samples are in the pages taken so far, with the pre-skip."""
        return self._writer.paged_samples

    def frame(self, frame: FrameReceived) -> None:
        """Take one frame as it arrived."""
        self._hold(frame)

    def tick(self, now: float) -> None:
        """Lay down what has waited long enough. Call this several times per second.

        Many frames at a time cost less than one by one, and the timeline sees what follows the first of a spurt.
        """
        self._add(self._timeline.tick(now))

    def limit(self, cut_at: float) -> None:
        """Cut the take: no frame that starts at `cut_at` or later gets into the track."""
        self._timeline.limit(cut_at)

    def take_pages(self) -> bytes:
        """Return the bytes to append to the file now; empty before the track has begun."""
        if not self.has_begun:
            return b""
        pages, self._pending = self._pending + self._writer.pages(), b""
        return pages

    def finish(self, duration_samples: int) -> bytes:
        """Return the rest of the file, filled up or trimmed to the take's length; empty if the track has not begun."""
        self._add(self._timeline.finish(PRE_SKIP_SAMPLES) if duration_samples > 0 else ())
        if not self.has_begun:
            return b""
        rest, self._pending = self._pending + self._writer.finish(duration_samples), b""
        return rest

    def resume(self) -> None:
        """End a pause, as `TrackTimeline.resume` does."""
        self._timeline.resume()

    def summary(self, duration_samples: int, holes: tuple[Hole, ...] = ()) -> TrackSummary:
        """Return what the track holds, for a file of that length and a connection with these holes."""
        spurts = self._spurts.spurts(duration_samples)
        return TrackSummary(
            user_id=self.user_id,
            path=self.path,
            duration_samples=duration_samples,
            received_frames=self._timeline.received_frames,
            concealed_frames=self._timeline.concealed_frames,
            first_speech_samples=spurts[0].start_samples if spurts else None,
            speech_samples=sum(span.duration_samples for span in spurts),
            spurts=spurts,
            late_frames=self._timeline.late_frames,
            lost_frames=self._timeline.lost_frames,
            holes=holes,
        )

    def _add(self, laid: Sequence[Laid]) -> None:
        for stretch in laid:
            if stretch.kind is Kind.SILENCE:
                self._writer.fill(stretch.samples)
            else:
                self._writer.add_all(stretch.packets, stretch.samples)
            self._spurts.note(stretch)
