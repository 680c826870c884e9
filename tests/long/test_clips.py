"""Clips for raters are made once, when the turns of a take are found, and leave the tracks as they are."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.live.apart import Step
from bot.services.turns import clips as making
from bot.services.turns.clips import Clips
from bot.turns import clips as clips_apart
from bot.turns.clips import ClipOrder, make_clip
from tests.evening import AUDIENCE, PERFORMERS, Evening


def sounds(evening: Evening, pattern: str) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in evening.settings.home.folder.rglob(pattern)}


async def played(evening: Evening) -> None:
    await evening.play(await evening.open())
    await evening.services.turns.settled()


async def test_every_turn_that_is_put_up_has_its_clip_before_anyone_asks(evening: Evening):
    await played(evening)
    made = sounds(evening, "clips/*.mp3")
    assert len(made) == await evening.value("SELECT count(*) FROM turns WHERE is_for_rating") == len(PERFORMERS)


async def test_a_rater_gets_the_clip_that_is_there(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    await played(evening)
    made = sounds(evening, "clips/*.mp3")
    monkeypatch.setattr(making, "make_clip", None)
    clip = await evening.services.ratings.next_clip(evening.live, AUDIENCE)
    assert clip.path in made
    assert sounds(evening, "clips/*.mp3") == made


async def test_clips_leave_the_tracks_as_they_are(evening: Evening, monkeypatch: pytest.MonkeyPatch):
    async def nothing(_: Clips, __: int) -> None:
        return

    with monkeypatch.context() as patch:
        patch.setattr(Clips, "prepare", nothing)
        await played(evening)
    tracks = sounds(evening, "*.opus")
    await evening.services.turns.clips.prepare(await evening.value("SELECT take_id FROM takes"))
    assert sounds(evening, "clips/*.mp3")
    assert sounds(evening, "*.opus") == tracks


async def test_what_could_not_be_made_in_advance_is_made_when_a_rater_asks(
    evening: Evening, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async def broken(_: Callable[[Step], Any]) -> Any:
        raise OSError("the disk is full")

    object.__setattr__(evening.services.turns.clips, "apart", broken)
    await played(evening)
    assert "could not be made in advance" in caplog.text
    assert not sounds(evening, "clips/*")
    clip = await evening.services.ratings.next_clip(evening.live, AUDIENCE)
    assert [*sounds(evening, "clips/*.mp3")] == [clip.path]


async def test_a_clip_that_is_being_made_in_advance_is_not_made_again_for_a_rater(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    asked, made = threading.Event(), list[Path]()

    def noted(order: ClipOrder) -> None:
        assert asked.wait(10)
        made.append(order.path)
        make_clip(order)

    monkeypatch.setattr(making, "make_clip", noted)
    monkeypatch.setattr(clips_apart, "make_clip", noted)
    session = await evening.open()
    await evening.play(session)
    async with asyncio.timeout(30):
        while not evening.services.turns.clips._making:  # noqa: ASYNC110 - nothing signals it
            await asyncio.sleep(0.001)
    rating = asyncio.create_task(evening.services.ratings.next_clip(session, AUDIENCE))
    await asyncio.sleep(0.2)
    asked.set()
    assert (await rating).path.exists()
    await evening.services.turns.settled()
    assert sorted(made) == sorted(sounds(evening, "clips/*.mp3"))
