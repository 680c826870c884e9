"""What is done on a studio to come to a state."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

import simcord
from evening import GOOD_ANSWERS

from bot.services.desk import LiveTake
from pictures.studio import SEED, Studio

TAKE_SECONDS = 42.0


async def gather(studio: Studio) -> simcord.InteractionResult:
    """Everybody consents, and a coordinator opens the session; returns what they were told."""
    theatre = studio.theatre
    await theatre.everybody_consents()
    return await theatre.coordinator.slash(theatre.stage, "session start", seed=SEED)


async def press(studio: Studio, label: str) -> simcord.InteractionResult:
    """The coordinator presses a button of the panel."""
    return await studio.theatre.press(studio.theatre.coordinator, label)


async def deal(studio: Studio) -> simcord.InteractionResult:
    """A first scene is dealt; returns what the coordinator was told."""
    await gather(studio)
    return await press(studio, "Deal scene")


async def start(studio: Studio) -> simcord.InteractionResult:
    """A take counts down; returns what the coordinator was told."""
    await deal(studio)
    studio.clock.anchor = monotonic()
    result = await press(studio, "Start take")
    studio.clock.anchor = _live(studio).starts_at - studio.theatre.bot.desk.settings.countdown_seconds
    await studio.refresh()
    return result


async def record(studio: Studio) -> LiveTake:
    """A take is being recorded; on the wall it is the moment at which it started."""
    await start(studio)
    live = _live(studio)
    await studio.clock.ring()
    _move(studio, live)
    await studio.refresh()
    return live


async def speak_and_cut(studio: Studio) -> simcord.InteractionResult:
    """In a take that is recorded everybody speaks, and it is cut; returns what the coordinator was told."""
    _move(studio, _live(studio))
    for place, performer in enumerate(studio.theatre.performers):
        studio.theatre.booths[-1].speak(performer.id, 4.0, after=1.0 + 5.0 * place)
    return await press(studio, "Cut")


async def play(studio: Studio) -> simcord.InteractionResult:
    """A first scene is played; returns what the coordinator was told at the cut."""
    await record(studio)
    return await speak_and_cut(studio)


async def judge(studio: Studio, person: simcord.MemberActor, clip: simcord.InteractionResult) -> None:
    """Somebody fills in the form about the clip they were given; the next one comes in the same message."""
    form = await open_form(person, clip)
    await person.submit_modal(
        form, {key: [value] if key == "emotion" else value for key, value in GOOD_ANSWERS.items()}
    )


async def open_form(person: simcord.MemberActor, clip: simcord.InteractionResult) -> simcord.InteractionResult:
    """Somebody presses the button below a clip."""
    assert clip.response is not None
    return await person.click(clip.response, custom_id=clip.response.components[0]["components"][0]["custom_id"])


def _live(studio: Studio) -> LiveTake:
    (live,) = studio.theatre.bot.desk.takes.values()
    return live


def _move(studio: Studio, live: LiveTake) -> None:
    """Move a take on all clocks, so that it has been recorded for a while now, however fast this machine is."""
    ago = monotonic() - TAKE_SECONDS - live.starts_at
    live.starts_at += ago
    studio.clock.anchor = live.starts_at
    booth = studio.theatre.booths[-1]
    assert booth.order is not None
    booth.order = replace(booth.order, started_at=live.starts_at)
