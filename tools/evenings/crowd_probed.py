"""`promptbook` with the probe of `probed` in it, which also notes `clip_ordered` and `recording_ordered`.

`python -m tools.evenings.crowd_probed FILE` stands for `promptbook`. A clip is encoded as often as it is ordered. A
recording is ordered before it begins, at `started_at` on the monotonic clock.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from bot.services.turns.clips import Clips
from bot.stage.booth import DiscordBooth
from bot.store.ratings import RateableTurn
from bot.turns.clips import ClipOrder
from tools.evenings.heartbeat import Notebook
from tools.evenings.probed import Probe

ORDERS = "orders.jsonl"


def follow_clips(notebook: Notebook) -> None:
    """Note every order for a clip, whether it is made in advance or because a rater waits for it."""
    order = Clips._order

    def followed(self: Clips, turn: RateableTurn) -> ClipOrder:
        notebook.note("clip_ordered", turn_id=turn.turn_id)
        return order(self, turn)

    Clips._order = followed  # type: ignore[method-assign]


def follow_recordings(notebook: Notebook) -> None:
    """Note every order to record, with the moment at which it is to begin."""
    start = DiscordBooth.start_recording

    def followed(self: DiscordBooth, folder: Path, *, started_at: float, **given: Any) -> None:
        notebook.note("recording_ordered", started_at=started_at)
        start(self, folder, started_at=started_at, **given)

    DiscordBooth.start_recording = followed  # type: ignore[method-assign]


def main() -> None:
    """Run `promptbook` with both probes in it."""
    file, *arguments = sys.argv[1:]
    probe, orders = Probe(Path(file)), Notebook(Path(file).with_name(ORDERS))
    probe.install()
    follow_clips(orders)
    follow_recordings(orders)
    from bot.__main__ import main as promptbook

    sys.argv = ["promptbook", *arguments]
    try:
        promptbook()
    finally:
        probe.close()
        orders.close()


if __name__ == "__main__":
    main()
