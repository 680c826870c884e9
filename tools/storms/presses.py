"""What each press asks of the services; the answer comes while the evening goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import replace
from time import monotonic
from typing import Any

from bot.domain.errors import PromptbookError
from bot.domain.states import CueAnswer, Interlude, ReplayMode
from bot.live.session import LiveSession
from bot.services.assembly import Services
from tools.storms.asked import Server
from tools.storms.happenings import HAPPENINGS
from tools.storms.stops import STOPS
from tools.storms.storm import Storm
from tools.storms.story import Press

CALLED_SECONDS_AGO = (0.0, 1.0, 4.0, 6.0)
"""How long before now the call of a take was pressed; its countdown takes one second."""

CHECK_SECONDS = (0, 0, 0, 1)
SETTINGS = (("on_dropout", "end"), ("on_dropout", "pause"), ("scene_seconds", 5), ("cue_policy", "time"))

Asked = Callable[[Services, LiveSession, Press], Coroutine[Any, Any, object]]


def _start(services: Services, live: LiveSession, press: Press) -> Coroutine[Any, Any, object]:
    called_at = monotonic() - press.of(CALLED_SECONDS_AGO)
    return services.takes.start(live, called_at, is_retake=press.what == "retake")


def _change_setting(services: Services, live: LiveSession, press: Press) -> Coroutine[Any, Any, object]:
    return services.guilds.change(live.guild_id, *press.of(SETTINGS))


async def _reply_to_cues(services: Services, live: LiveSession, press: Press) -> None:
    """In a take, everyone who was sent a cue presses the button under it; after it, they answer."""
    database, replies, at = services.sessions.database, services.cue_replies, monotonic()
    cues = "SELECT take_id, casting_id, discord_user_id FROM takes JOIN scenes USING (scene_id) JOIN castings USING "
    cues += "(scene_id) JOIN people USING (person_id) WHERE session_id = ? AND second_emotion IS NOT NULL"
    for row in await database.fetch_all(cues, live.session_id):
        cue = (live, row["take_id"], row["casting_id"], row["discord_user_id"])
        if not replies.acknowledge_now(*cue, at) and await replies.is_open(*cue):
            await replies.answer(*cue, press.of(list(CueAnswer)))


ASKED: Mapping[str, Asked] = {
    "deal": lambda services, live, _: services.scenes.deal(live),
    "calibrate": lambda services, live, _: services.calibrations.deal_next(live),
    "replay": lambda services, live, press: services.replays.deal(live, press.of(list(ReplayMode))),
    "interlude": lambda services, live, press: services.interludes.begin(live, press.of(list(Interlude))),
    "finish": lambda services, live, _: services.interludes.finish(live),
    "redeal": lambda services, live, _: services.scenes.redeal(live),
    "card": lambda services, live, press: services.cards.read(live, press.who),
    "cue": lambda services, live, _: services.cues.give(live),
    "seen": _reply_to_cues,
    "start": _start,
    "retake": _start,
    "strike": lambda services, live, _: services.strikes.strike_or_restore(live),
    "check": lambda services, live, press: services.sound_checks.check(live, press.of(CHECK_SECONDS)),
    "setting": _change_setting,
    "end": lambda services, live, _: services.sessions.end(live),
}
"""What waits for its turn behind other presses, by what is pressed."""


def decided(storm: Storm, press: Press) -> Press:
    """A press; 'next' is replaced by what a coordinator who wants the evening to go on presses."""
    live = storm.live(storm.servers[press.server])
    return replace(press, what=_next_step(live)) if press.what == "next" else press


def _next_step(live: LiveSession | None) -> str:
    if live and live.is_paused:
        return "resume"
    if live and live.interlude:
        return "finish"
    if live is None or live.scene_id is None:
        return "deal"
    return "speak" if live.take else "start"


async def play(storm: Storm, press: Press) -> None:
    """Let one press of a story happen. Without a session there is no panel to press on: one is opened instead."""
    server = storm.servers[press.server]
    if happens := HAPPENINGS.get(press.what):
        await happens(storm, server, press)
    elif live := storm.live(server):
        _press(storm, server, live, press)
    else:
        opening = storm.go(storm.open_session(server), "open")
        await asyncio.wait({opening}, timeout=press.chance * 0.1)


def _press(storm: Storm, server: Server, live: LiveSession, press: Press) -> None:
    if ask := ASKED.get(press.what):
        storm.go(ask(storm.services, live, press), press.what)
        return
    with suppress(PromptbookError):
        STOPS[press.what](storm, server, live, press)
