"""Every state can be played, shows what its name says, and is the same each time."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from bot.audio import loudness
from tools.pictures.states import STATES
from tools.pictures.studio import open_studio

SHOWS = {
    "panel-gathering": "Deal scene",
    "panel-dealt": "Start take",
    "panel-countdown": "in 5 seconds",
    "panel-recording": "is recording",
    "panel-unheard": "no sound for 14 s",
    "panel-connection-lost": "The bot cannot hear you",
    "panel-hole": "1.4 s",
    "panel-voice-lost": "left the voice channel",
    "panel-deafened": "Server Deafen",
    "panel-moved": "Bring me back",
    "panel-low-disk": "310 MiB",
    "panel-cut": "Play again",
    "panel-struck": "Restore",
    "panel-paused": "Resume",
    "panel-dropout": "dropped out",
    "panel-stopped": "The scene was stopped",
    "panel-ended": "is over",
    "card": "You feel",
    "card-cue": "Got it",
    "cue-question": "I am not sure",
    "consent-text": "/consent",
    "told-called": "in 5 seconds",
    "settings": "Settings of this server",
}
"""Words that identify states that are easily missed; each of the others is one answer or form."""


@pytest.fixture(scope="module", autouse=True)
def loudness_meter() -> None:
    loudness.load()


async def play(name: str, folder: Path) -> str:
    async with open_studio(folder) as studio:
        return await STATES[name](studio)


@pytest.mark.parametrize("name", STATES)
async def test_a_state_shows_what_it_is_named_after(name: str, tmp_path: Path):
    page = await play(name, tmp_path)
    words = re.sub(r"<style>.*?</style>|<title>.*?</title>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert SHOWS.get(name, "") in re.sub(r"\s+", " ", words)
    assert len(words.split()) > 10


async def test_a_picture_does_not_depend_on_how_fast_it_is_played(tmp_path: Path):
    """A recorded take contains a countdown, clocks and a length."""
    pages: list[str] = []
    for delay in (0.0, 0.7):
        async with open_studio(tmp_path / f"after-{delay}") as studio:
            await asyncio.sleep(delay)
            pages.append(await STATES["panel-cut"](studio))
    assert pages[0] == pages[1]
