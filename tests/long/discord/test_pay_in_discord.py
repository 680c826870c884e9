"""Pay and the privacy notice, as coordinators and performers meet them."""

from __future__ import annotations

import re

from tests.theatre import Theatre, said


async def test_a_performer_sees_what_an_evening_pays_and_what_was_corrected(theatre: Theatre):
    coordinator, performer = theatre.coordinator, theatre.performers[0]
    await theatre.everyone_consents()
    told = await theatre.command(coordinator, "pay rate", currency="jpy", stage="36000", rating="0")
    assert "An hour on stage is paid 36000 JPY" in told
    await theatre.command(coordinator, "session start", channel=theatre.stage)
    await theatre.play()
    mine = said(await performer.user.slash("pay mine"))
    (earned,) = map(int, re.findall(r"Total: (\d+) JPY", mine))
    assert earned >= 40
    await theatre.command(coordinator, "take strike")
    assert said(await performer.user.slash("pay mine")) == mine
    late = {"session": 1, "person": performer, "amount": "500", "reason": "travel"}
    assert "a correction of 500 JPY" in await theatre.command(coordinator, "pay correct", **late)
    corrected = said(await performer.user.slash("pay mine"))
    assert corrected.startswith(f"**Total: {earned + 500} JPY")
    assert "corrections 500 (travel)" in corrected
    other = said(await theatre.performers[1].user.slash("pay mine"))
    assert "travel" not in other
    statement = await theatre.command(coordinator, "pay statement", session=1)
    assert statement == f"Total: {3 * earned + 500} JPY."
    refused = await theatre.command(performer, "pay statement")
    assert "Total" not in refused


async def test_everyone_reads_the_privacy_notice_and_only_coordinators_set_it(theatre: Theatre):
    someone = theatre.performers[0]
    assert "has not given a privacy notice" in await theatre.command(someone, "privacy")
    refused = await theatre.command(someone, "privacy", notice="mine")
    assert "Saved" not in refused
    await theatre.command(theatre.coordinator, "privacy", notice="https://example.org/privacy")
    assert "https://example.org/privacy" in await theatre.command(someone, "privacy")
