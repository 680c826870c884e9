"""What the store says about a stop, read by another process during or after the bot's run."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.samples import SAMPLE_RATE_HZ
from tools.stops.cells import STOPPED_WITHIN_SECONDS
from tools.stops.earlier import DATABASE

RATE_HZ = SAMPLE_RATE_HZ
MOST_LOST_SECONDS = 1.0
"""What a kill may remove of a running take; `make kills` measures it."""

_SESSION = "SELECT session_id, paused_at FROM sessions ORDER BY session_id DESC LIMIT 1"
_SCENES = "SELECT scene_id, ended_at FROM scenes WHERE session_id = ? ORDER BY scene_id"
_TAKES = "SELECT * FROM takes WHERE scene_id = ? ORDER BY take_id"
_HOLES = "SELECT start_samples, end_samples FROM holes WHERE take_id = ? ORDER BY start_samples"
_CONSENTS = """
    SELECT scope, action FROM consent_events JOIN people USING (person_id)
    WHERE discord_user_id = ? ORDER BY consent_event_id
"""

Row = sqlite3.Row


@dataclass(frozen=True, slots=True)
class Kept:
    """The newest session, its first scene and takes, the first take's holes, and a performer's consent by scope."""

    session: Row
    scene: Row
    takes: list[Row]
    holes: list[Row]
    consents: dict[str, str]

    @classmethod
    def read(cls, home: Path, performer_id: int) -> Kept:
        """Read the store. Raises sqlite3.Error if it cannot be read now."""
        uri = f"file:{home / DATABASE}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=1)) as database:
            database.row_factory = Row
            session = database.execute(_SESSION).fetchone()
            scene = database.execute(_SCENES, (session["session_id"],)).fetchone()
            takes = database.execute(_TAKES, (scene["scene_id"],)).fetchall()
            holes = database.execute(_HOLES, (takes[0]["take_id"],)).fetchall()
            consents = {row["scope"]: row["action"] for row in database.execute(_CONSENTS, (performer_id,))}
        return cls(session, scene, takes, holes, consents)

    @property
    def take(self) -> Row:
        """The take that was stopped."""
        return self.takes[0]

    def seconds_after(self, wall: float) -> float | None:
        """Return how long after a moment (seconds since 1970) the take ends; None while it has no length."""
        started_at, duration = self.take["started_at"], self.take["duration_samples"]
        if started_at is None or duration is None:
            return None
        return datetime.fromisoformat(started_at).timestamp() + duration / RATE_HZ - wall

    def told(self, wall: float) -> str:
        """Return the take in words."""
        struck = ", struck" if self.take["struck_at"] else ""
        after = self.seconds_after(wall)
        length = "" if after is None else f", ends {after * 1000:+.0f} ms"
        return f"{self.take['state']} ({self.take['cut_reason']}){struck}{length}"


def disagreements(stop: str, kept: Kept, wall: float, *, was_killed: bool) -> list[str]:
    """Return how the store contradicts a stop that was pressed at a moment (seconds since 1970)."""
    match stop:
        case "x_card":
            return _of_x_card(kept)
        case "withdrawal":
            return _of_withdrawal(kept)
        case "pause":
            return ["the session is not paused"] if kept.session["paused_at"] is None else []
        case _:
            return _of_cut(kept, wall, was_killed=was_killed)


def _of_x_card(kept: Kept) -> list[str]:
    found = ["the scene has not ended"] if kept.scene["ended_at"] is None else []
    if any(take["struck_at"] is None for take in kept.takes):
        found.append("a take of it is not struck")
    if any(take["state"] in ("countdown", "recording") for take in kept.takes):
        found.append("a take of it still runs")
    return found


def _of_withdrawal(kept: Kept) -> list[str]:
    if left := sorted(scope for scope, action in kept.consents.items() if action != "withdraw"):
        return [f"consent is still in force for {', '.join(left)}"]
    return [] if kept.consents else ["there is no consent log"]


def _of_cut(kept: Kept, wall: float, *, was_killed: bool) -> list[str]:
    found: list[str] = []
    if (kept.take["state"], kept.take["cut_reason"]) != ("cut", "coordinator"):
        found.append(f"the take is {kept.take['state']} ({kept.take['cut_reason']})")
    after = kept.seconds_after(wall)
    if after is None:
        return [*found, "the take has no length"]
    earliest = -MOST_LOST_SECONDS if was_killed else -STOPPED_WITHIN_SECONDS
    if not earliest <= after <= STOPPED_WITHIN_SECONDS:
        found.append(f"the take ends {after * 1000:+.0f} ms from the press")
    return found


def unmarked_seconds(kept: Kept, paused_wall: float, until_wall: float | None) -> float | None:
    """Return how much of a pause is neither in a hole of the take nor after its end; None while the take has no length.

    The pause begins STOPPED_WITHIN_SECONDS after the press and lasts until a moment, or to the take's end.
    """
    after = kept.seconds_after(paused_wall)
    if after is None:
        return None
    end = kept.take["duration_samples"] / RATE_HZ
    pressed = end - after
    until = end if until_wall is None else min(end, pressed + until_wall - paused_wall)
    position, unmarked = pressed + STOPPED_WITHIN_SECONDS, 0.0
    for hole in kept.holes:
        start, stop = hole["start_samples"] / RATE_HZ, hole["end_samples"] / RATE_HZ
        unmarked += max(min(start, until) - position, 0.0)
        position = max(position, stop)
    return unmarked + max(until - position, 0.0)


def session_label(kept: Kept) -> str:
    """Return the name of the session in an export."""
    return f"S{kept.session['session_id']:04}"
