"""The steps that bring a studio into a state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from time import monotonic
from typing import Any

import simcord

from bot.domain.ids import UserId
from bot.live.take.live_take import LiveTake
from tools.pictures.studio import SEED, Studio

TAKE_SECONDS = 42.0

PRESS_SECONDS = 0.3
"""How long after a press the bot reads its clock. Half a second more or less does not change whole seconds."""


async def gather(studio: Studio) -> simcord.InteractionResult:
    """Let everyone consent and a coordinator open the session. Returns the answer."""
    theatre = studio.theatre
    await theatre.everyone_consents()
    return await theatre.coordinator.slash(theatre.stage, "session start", seed=SEED)


async def press(studio: Studio, label: str) -> simcord.InteractionResult:
    """Let the coordinator press a button of the panel."""
    return await studio.theatre.press(studio.theatre.coordinator, label)


async def deal(studio: Studio) -> simcord.InteractionResult:
    """Deal a first scene. Returns the coordinator's answer."""
    await gather(studio)
    return await press(studio, "Deal scene")


async def call(studio: Studio) -> simcord.InteractionResult:
    """Let a take of the dealt scene count down; the wall clock is at the moment of the press. Returns the answer."""
    studio.clock.anchor = monotonic() + PRESS_SECONDS
    result = await press(studio, "Start take")
    studio.clock.anchor = _live(studio).starts_at - studio.theatre.settings.countdown_seconds
    await studio.refresh()
    return result


async def begin(studio: Studio) -> LiveTake:
    """End the countdown, some time ago; the wall clock is at the take's start."""
    live = _live(studio)
    await studio.clock.ring(live.starts_at)
    _move(studio, live)
    await studio.refresh()
    return live


async def record(studio: Studio) -> LiveTake:
    """Record a take of a first scene."""
    await deal(studio)
    await call(studio)
    return await begin(studio)


async def play(studio: Studio) -> simcord.InteractionResult:
    """Play a first scene in which everyone speaks, and cut it. Returns the coordinator's answer."""
    _move(studio, await record(studio))
    return await finish(studio)


async def finish(studio: Studio) -> simcord.InteractionResult:
    """Let everyone speak in a running take, and cut it. Returns the coordinator's answer."""
    for place, performer in enumerate(studio.theatre.performers):
        studio.theatre.booths[-1].speak(UserId(performer.id), 4.0, after=1.0 + 5.0 * place)
    return await press(studio, "Cut")


async def open_form(person: simcord.MemberActor, clip: simcord.InteractionResult) -> simcord.InteractionResult:
    """Press the button below a clip."""
    assert clip.response is not None
    return await person.click(clip.response, custom_id=clip.response.components[0]["components"][0]["custom_id"])


async def rate(studio: Studio, person: simcord.MemberActor, answers: Iterable[dict[str, Any]]) -> None:
    """Let someone rate clips with these answers, one after another."""
    clip = (await studio.theatre.press(person, "Rate")).response
    for answer in answers:
        assert clip is not None
        form = await person.click(clip, custom_id=clip.components[0]["components"][0]["custom_id"])
        clip = (await person.submit_modal(form, answer)).response


def _live(studio: Studio) -> LiveTake:
    (live,) = (session.take for session in studio.theatre.bot.services.live if session.take)
    return live


def _move(studio: Studio, live: LiveTake) -> None:
    """Move a take on all clocks, so that it has been recorded for the same time on a fast and a slow machine."""
    ago = monotonic() - TAKE_SECONDS - live.starts_at
    live.starts_at += ago
    studio.clock.anchor = live.starts_at
    booth = studio.theatre.booths[-1]
    assert booth.order is not None
    booth.order = replace(booth.order, started_at=live.starts_at)
