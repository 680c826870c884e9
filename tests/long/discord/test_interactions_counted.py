"""How many interactions a right takes, in a direct message after leaving, and how many a first evening takes."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.config import load_settings
from tests.theatre import Theatre, said

TO_PERFORM = {"taking_part": ["record", "store_and_review"], "uses": [], "adult": True}


@pytest.fixture
def made_by(theatre: Theatre) -> Counter[int]:
    """How many interactions each account has made: commands, buttons and forms, each of which is one for Discord."""
    made: Counter[int] = Counter()

    async def count(interaction: discord.Interaction) -> None:
        if interaction.type is not discord.InteractionType.autocomplete:
            made[interaction.user.id] += 1

    theatre.bot.add_listener(count, "on_interaction")
    return made


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints a figure, past pytest's capturing."""

    def show(figure: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"  {figure}\n")

    return show


async def _shown(person: Any) -> str:
    return said(await person.slash("held"))


async def _copied(person: Any) -> str:
    return said(await person.slash("me export"))


async def _withdrawn(person: Any) -> str:
    return said(await person.slash("me withdraw"))


async def _withdrawn_in_part(person: Any) -> str:
    return said(await person.slash("me withdraw", consent="peer_rating"))


async def _paid(person: Any) -> str:
    return said(await person.slash("pay mine"))


async def _erased(person: Any) -> str:
    offered = await person.slash("me erase")
    assert offered.response is not None
    return said(await person.click(offered.response, label="Erase everything"))


RIGHTS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "see what is held": (_shown, "1 track"),
    "see what was paid": (_paid, ""),
    "have a copy": (_copied, "1 recording"),
    "withdraw one consent": (_withdrawn_in_part, "Withdrawn on every server"),
    "withdraw every consent": (_withdrawn, "Withdrawn on every server"),
    "be erased": (_erased, "is being erased"),
}
"""What a person does for a right, and what they are told; in an order in which each still finds something."""


async def test_each_right_takes_two_interactions_at_most_in_a_direct_message_after_leaving(
    theatre: Theatre, made_by: Counter[int], tell: Callable[[str], None]
):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.play()
    await theatre.command(theatre.coordinator, "session end")
    person = theatre.performers[0].user
    theatre.guild.remove_member(theatre.performers[0])
    for right, (use, told) in RIGHTS.items():
        made_by.clear()
        assert told in await use(person), right
        tell(f"{right}: {made_by[person.id]}")
        assert 1 <= made_by[person.id] <= 2, right
    await theatre.bot.services.erasures.settled()
    assert "holds nothing about you" in await _shown(person)


async def test_a_first_evening_takes_four_interactions_and_three_per_performer(
    theatre: Theatre, made_by: Counter[int], tell: Callable[[str], None], tmp_path: Path
):
    nothing = load_settings({}, tmp_path / "no.env", tmp_path)
    object.__setattr__(theatre.bot.services.operators, "defaults", nothing)
    form = await theatre.coordinator.slash(theatre.stage, "session start", channel=theatre.stage)
    assert form.modal is not None
    assert len(form.modal["components"]) == 2, "two fields and no more"
    await theatre.coordinator.submit_modal(form, {"controller": "The troupe", "contact": "us@example.org"})
    for performer in theatre.performers:
        shown = await performer.slash(theatre.stage, "consent")
        assert shown.response is not None
        await performer.submit_modal(await performer.click(shown.response, label="Choose"), TO_PERFORM)
    await theatre.press(theatre.coordinator, "Deal scene")
    await theatre.press(theatre.coordinator, "Start take")
    booth = theatre.booths[-1]
    assert booth.order is not None, "the first take is called"
    counted = [made_by[one.id] for one in (theatre.coordinator, *theatre.performers)]
    tell(f"to the first take: {counted[0]} by the coordinator, {counted[1:]} by the performers, {sum(counted)} in all")
    assert counted == [4, 3, 3, 3]
