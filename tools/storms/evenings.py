"""One evening played from its seed, and how it went."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tools.storms.asked import PromiseBroken
from tools.storms.complaints import Complaints, listened_to
from tools.storms.ending import come_to_rest, require_agreement
from tools.storms.hurry import hurried
from tools.storms.looking import look
from tools.storms.presses import decided, play
from tools.storms.storm import Storm
from tools.storms.story import Press, draw_story
from tools.storms.weather import Weather, weather_over

PATIENCE_SECONDS = 60.0
"""An evening takes a second or two."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an evening went: `played` are its presses up to where it broke, `broken` says what did, or is None."""

    seed: int
    played: Sequence[Press]
    broken: str | None

    def __str__(self) -> str:
        story = "".join(f"\n  {number:2}. {press}" for number, press in enumerate(self.played, 1))
        return f"seed {self.seed}: {self.broken}{story}"


def play_evening(seed: int) -> Outcome:
    """Play the evening of a seed. The same seed brings the same presses; how they interleave is up to the machine."""
    weather, played, broken = Weather(Random(f"weather {seed}")), list[Press](), None
    with TemporaryDirectory(prefix="storms-") as folder, hurried(), weather_over(weather), listened_to() as complaints:
        try:
            asyncio.run(_play(Storm(Path(folder), weather), draw_story(seed), played, complaints))
        except PromiseBroken as promise:
            broken = _told(promise)
        except TimeoutError:
            broken = "the evening never ends"
        except Exception:
            broken = traceback.format_exc()
    return Outcome(seed, played, broken)


async def _play(storm: Storm, story: Sequence[Press], played: list[Press], complaints: Complaints) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS), storm:
        await storm.gather()
        for drawn in story:
            press = decided(storm, drawn)
            played.append(press)
            await play(storm, press)
            await _look_on(storm, press)
        await come_to_rest(storm)
        await require_agreement(storm)
    complaints.require_none()


async def _look_on(storm: Storm, press: Press) -> None:
    """Until the next press, look at what must hold."""
    look(storm)
    for seconds in [*[0.0] * press.turns, press.rest_seconds]:
        await asyncio.sleep(seconds)
        look(storm)


def _told(promise: PromiseBroken) -> str:
    if promise.__cause__ is None:
        return str(promise)
    return f"{promise}\n{''.join(traceback.format_exception(promise.__cause__))}"
