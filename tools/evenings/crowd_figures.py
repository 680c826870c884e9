"""What a crowd of raters meant for a take and for themselves: from the journals, the store and the tracks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bot.embedded.journal import read_journal
from tools.evenings.crowd_probed import ORDERS
from tools.evenings.crowd_script import COUNTDOWN_SECONDS, Played
from tools.evenings.figures import IDLE, PROBE, Waits, Window, frames_of, loop_waits, summed_up

START_MS = 20.0
RATE_P99_MS = 1000.0
SUBMIT_P99_MS = 300.0

SPARE_SECONDS = 0.5
"""Sound that is sent so shortly before the cut can be on its way at the cut."""


@dataclass(frozen=True)
class CrowdFigures:
    """One evening. `start_off_ms` compares the first sample of the tracks with the press on Start and its countdown.

    `rated` is from a press on Rate to the clip on the screen, `submitted` from sending a form to the first answer,
    `stored` to the next clip or the thanks; `put_off` is from a press to the answer that others have the
    clips. `loop` is how long the bot's event loop kept work waiting, `idle` the same
    of a process that does nothing. `encoded` is how often the clip that was encoded most often was. `frames` were sent
    from 20 ms after the announced start on, `lost` are in no track.
    """

    start_off_ms: float
    rated: Waits
    submitted: Waits
    stored: Waits
    put_off: Waits
    failed: int
    loop: Waits
    idle: Waits
    clips: int
    encoded: int
    frames: int
    lost: int

    @property
    def faults(self) -> list[str]:
        """What misses its target, each as a sentence."""
        checks = {
            f"The take began {self.start_off_ms:.0f} ms off its announcement.": abs(self.start_off_ms) <= START_MS,
            f"The 99th percentile of Rate is {self.rated.p99_ms:.0f} ms.": self.rated.p99_ms <= RATE_P99_MS,
            f"The 99th percentile of being put off is {self.put_off.p99_ms:.0f} ms.": self.put_off.p99_ms
            <= RATE_P99_MS,
            f"The 99th percentile of sent forms is {self.submitted.p99_ms:.0f} ms.": (
                self.submitted.p99_ms <= SUBMIT_P99_MS
            ),
            f"A clip was encoded {self.encoded} times.": self.encoded == 1,
            f"{self.failed} people got no answer.": not self.failed,
            f"{self.lost} of {self.frames} frames are in no track.": not self.lost,
        }
        return [sentence for sentence, holds in checks.items() if not holds]


def figures_of_crowd(home: Path, logs: Path, played: Played) -> CrowdFigures:
    """Return the figures of an evening."""
    encoded = Counter(one["turn_id"] for one in read_journal(logs / ORDERS, "clip_ordered"))
    ordered = [one["started_at"] for one in read_journal(logs / ORDERS, "recording_ordered")]
    announced_at = _announced(logs, played)
    recording = Window(announced_at + START_MS / 1_000, played.cut_at - SPARE_SECONDS)
    frames, lost = frames_of(home, logs, recording, played.recorded)
    return CrowdFigures(
        start_off_ms=(ordered[-1] - announced_at) * 1_000,
        rated=summed_up(played.rated_ms),
        submitted=summed_up(played.submitted_ms),
        stored=summed_up(played.stored_ms),
        put_off=summed_up(played.put_off_ms),
        failed=played.failed,
        loop=loop_waits(read_journal(logs / PROBE), played.crowded),
        idle=loop_waits(read_journal(logs / IDLE), played.crowded),
        clips=len(encoded),
        encoded=max(encoded.values(), default=0),
        frames=frames,
        lost=lost,
    )


def _announced(logs: Path, played: Played) -> float:
    """Return when it was to begin: the countdown after the coordinator's press, as Discord took it."""
    pressed = [
        one["t"]
        for one in read_journal(logs / "discord.jsonl", "interaction_created")
        if one["user_id"] == played.coordinator and one["t"] >= played.called_at
    ]
    return min(pressed) + COUNTDOWN_SECONDS
