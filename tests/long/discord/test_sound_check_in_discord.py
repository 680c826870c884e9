"""A sound check that a coordinator runs, by command and by button."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from bot.audio.sound import encode_opus
from bot.domain.ids import UserId
from tests.theatre import Theatre, said
from tools.bench.room import perform


@cache
def voices() -> list[list[bytes]]:
    """What two people send; the second one is far too quiet."""
    loud, other = perform(4, 2, "overlapping", is_gated=False)
    return [encode_opus(loud), encode_opus(other * np.float32(0.01))]


@pytest.fixture(autouse=True, scope="module")
def spoken_before() -> None:
    """Synthesise the speech early, because that takes longer than simcord waits."""
    voices()


def let_speak(theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the bot listens, one performer speaks well, one far too quietly, and one not at all."""
    well, quiet = voices()

    async def listen(_: float) -> None:
        booth = theatre.booths[-1]
        booth.send(UserId(theatre.performers[0].id), well)
        booth.send(UserId(theatre.performers[1].id), quiet)
        booth.send(UserId(theatre.bystander.id), well)

    monkeypatch.setattr(theatre.clock, "sleep_until", listen)


async def test_a_coordinator_hears_privately_how_everyone_sounds(theatre: Theatre, monkeypatch: pytest.MonkeyPatch):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    let_speak(theatre, monkeypatch)
    first, second, third = theatre.performers
    for result in (
        await theatre.coordinator.slash(theatre.stage, "session soundcheck", seconds=10),
        await theatre.press(theatre.coordinator, "Sound check"),
    ):
        answer = said(result)
        assert answer.startswith("**Sound check**")
        assert f"<@{third.id}>: not heard. Are they unmuted, with the right microphone?" in answer
        assert f"⚠️\N{NO-BREAK SPACE}<@{second.id}>: too quiet (" in answer
        assert f"✅ All good: <@{first.id}>." in answer
        assert (
            f"Not checked, because no consent was given: <@{theatre.audience.id}>, <@{theatre.bystander.id}>." in answer
        )
    assert [sentence for sentence in theatre.booths[-1].said if "10 seconds" in sentence]
    assert await theatre.database.fetch_value("SELECT count(*) FROM sound_checks") == 6
    assert await theatre.database.fetch_value("SELECT count(*) FROM takes") == 0


async def test_a_sound_check_out_of_season(theatre: Theatre):
    assert (await theatre.command(theatre.coordinator, "session soundcheck")).startswith("No session is open here.")
    answer = await theatre.command(theatre.performers[0], "session soundcheck")
    assert answer.startswith("Only coordinators can do this.")
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    answer = await theatre.command(theatre.coordinator, "session soundcheck")
    assert answer.startswith("Too few performers: 1 needed, 0 in the channel can be recorded.")
    await theatre.everyone_consents()
    await theatre.press(theatre.coordinator, "Deal scene")
    await theatre.press(theatre.coordinator, "Start take")
    answer = await theatre.command(theatre.coordinator, "session soundcheck")
    assert answer == "A take is running. Cut it first with **Cut** or `/take cut`."
