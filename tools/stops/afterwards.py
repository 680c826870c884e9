"""What is done after the trouble, to see the effect of the stop."""

from __future__ import annotations

import asyncio
import time

from bot.embedded.client.screen import Message
from bot.rehearsal.acts import until
from bot.rehearsal.errors import RehearsalFailed
from bot.rehearsal.panel import TRIES, panel_with, press
from tools.stops.cells import AGREES_WITHIN_SECONDS
from tools.stops.evidence import exported_of
from tools.stops.presses import give_command, press_button
from tools.stops.store import Kept, session_label, unmarked_seconds
from tools.stops.troupe import Troupe

NEXT_TAKE_SECONDS = 1.5
RESUMED_SECONDS = 0.7
EDGE_SECONDS = 0.1
"""The part of a pause that may be outside of its hole: the resume takes a moment."""

_AGAIN_SECONDS = 0.1
_REPLY_SECONDS = 10.0


async def leave_out(troupe: Troupe, kept: Kept) -> list[str]:
    """After the X-card: check that no one is given a clip of the take, and that an export does not have it."""
    found: list[str] = []
    for player in (troupe.rater, troupe.on_stage[0]):
        given = await (await press_button(player.person, "Rate")).answer(_REPLY_SECONDS)
        if given is None or given.attachments:
            found.append("a clip is offered for rating" if given else "a rater is not answered")
    session_id = kept.session["session_id"]
    ordered = await give_command(troupe.house.coordinator, troupe.house.voice_channel_id, "export", session=session_id)
    if await ordered.answer(_REPLY_SECONDS) is None:
        found.append("the export of the session is not answered")
    if tracks := exported_of(troupe.house.home, session_label(kept)):
        found.append(f"{len(tracks)} of its tracks are in an export")
    return found


async def play_on(troupe: Troupe, *, take_runs: bool) -> list[str]:
    """After a withdrawal: deal and play another scene, in which the performer talks all the time.

    `take_runs` says whether a take must be cut first. A take that a kill interrupted is already over.
    """
    coordinator, plan = troupe.house.coordinator, troupe.house.plan
    try:
        if take_runs and _has_button(await troupe.settled_panel(coordinator), "Cut"):
            await press(coordinator, "Cut")
        await troupe.deal(2)
        async with troupe.all_talk({*troupe.on_stage, troupe.leaver}):
            called_at = await troupe.call_take(2)
            await until(called_at + plan.countdown_seconds + NEXT_TAKE_SECONDS)
            await troupe.cut_take(2, time.monotonic())
    except (RehearsalFailed, TimeoutError) as error:
        return [f"the next take could not be played: {error}"]
    return ["a card of the next scene is dealt to them"] if troupe.leaver in troupe.on_stage else []


async def resume_and_cut(troupe: Troupe) -> tuple[float, float] | None:
    """After a pause: continue for a moment and cut. Returns the resume (monotonic, since 1970), None without one."""
    coordinator = troupe.house.coordinator
    try:
        for _ in range(TRIES):
            await troupe.settled_panel(coordinator, "Resume")
            resumed = await press_button(coordinator, "Resume")
            if await resumed.answer(_REPLY_SECONDS) is None:
                return None
            if not resumed.was_overtaken():
                break
        else:
            return None
        await panel_with(coordinator, "Pause", since=resumed.at)
        await asyncio.sleep(RESUMED_SECONDS)
        # A take that the trouble ended has no Cut.
        if _has_button(await troupe.settled_panel(coordinator), "Cut"):
            await press(coordinator, "Cut")
    except (RehearsalFailed, TimeoutError):
        return None
    return resumed.at, resumed.wall


def _has_button(panel: Message, label: str) -> bool:
    return any(button.label == label for button in panel.buttons)


async def hole_faults(troupe: Troupe, performer_id: int, paused_wall: float, resumed_wall: float | None) -> list[str]:
    """Wait for the take's hole to be marked. Returns what is wrong if it is not."""
    deadline, unmarked = time.monotonic() + AGREES_WITHIN_SECONDS, None
    while time.monotonic() < deadline:
        unmarked = unmarked_seconds(Kept.read(troupe.house.home, performer_id), paused_wall, resumed_wall)
        if unmarked is not None and unmarked <= EDGE_SECONDS:
            return []
        await asyncio.sleep(_AGAIN_SECONDS)
    return ["the take never has a length" if unmarked is None else f"{unmarked:.1f} s of the pause are not marked"]
