"""What stops, and a resume: each takes effect with the press, and what was asked for is noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic

from bot.live.session import LiveSession
from bot.services.scene.x_card import Stop
from tests.evening import PERFORMERS
from tools.storms.asked import Pause, Server
from tools.storms.looking import hearings
from tools.storms.storm import Storm
from tools.storms.story import Press

Stopped = Callable[[Storm, Server, LiveSession, Press], None]


def _cut(storm: Storm, server: Server, live: LiveSession, press: Press) -> None:
    take = storm.services.cuts.cut_now(live, monotonic())
    storm.go(storm.services.cuts.kept(live, take), "cut")


def _pause(storm: Storm, server: Server, live: LiveSession, press: Press) -> None:
    at = monotonic()
    storm.services.pauses.pause_now(live, at)
    server.pause = Pause(live.session_id, at)


def _resume(storm: Storm, server: Server, live: LiveSession, press: Press) -> None:
    async def resume() -> None:
        # Whether the session goes on is open from here on, unless it is paused again.
        server.pause = None
        await storm.services.pauses.resume(live)

    storm.go(resume(), "resume")


def _show_x_card(storm: Storm, server: Server, live: LiveSession, press: Press) -> None:
    who = press.who if press.who in server.people else PERFORMERS[0]
    stop = storm.services.x_card.stop_now(live, who, monotonic())
    if stop.promise:
        server.stopped.add(stop.promise.facts["scene"])
    server.silenced |= {hearing.recorded for hearing in hearings(storm, server)}
    storm.go(_end_dealt_scene(storm, server, live, stop), "x_card")


async def _end_dealt_scene(storm: Storm, server: Server, live: LiveSession, stop: Stop) -> None:
    if promise := await storm.services.x_card.end_dealt_scene(live, stop):
        server.stopped.add(promise.facts["scene"])


STOPS: Mapping[str, Stopped] = {"cut": _cut, "pause": _pause, "resume": _resume, "x_card": _show_x_card}
"""What does not wait for its turn, by what is pressed."""
