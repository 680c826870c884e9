"""Consent that ends on another server, or in a form that also gives something, ends immediately."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain import errors
from bot.domain.consent import TO_PERFORM, TO_RATE, Scope
from bot.domain.ids import GuildId, UserId
from bot.live.ports import SystemClock
from bot.live.session import LiveSession
from bot.services.consent.consent_requests import ConsentWish
from bot.services.facts.library import Library
from bot.services.rating import ratings
from bot.store.database import Database
from tests.evening import AUDIENCE, GOOD_ANSWERS, GUILD, PERFORMERS, Evening, refuse_for_full_disk

OTHER_GUILD = GuildId(GUILD + 1)
ANNA = PERFORMERS[0]
ALL = TO_PERFORM | TO_RATE


@pytest.fixture
async def live(evening: Evening) -> LiveSession:
    """A session whose running take records ANNA, who consents on every server."""
    await evening.services.consent_requests.ask(GUILD, ANNA, ALL, is_adult=True, everywhere=True)
    session = await evening.in_a_take()
    assert evening.is_recorded(ANNA)
    return session


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Database, "_begin", refuse_for_full_disk)


@pytest.mark.parametrize(
    "wish",
    [
        ConsentWish(ALL, is_adult=True),
        ConsentWish(frozenset(), is_adult=False),
        ConsentWish(frozenset(), is_adult=False, everywhere=True),
        ConsentWish(TO_RATE, is_adult=True, everywhere=True),
    ],
    ids=["only on that server", "nothing", "nothing anywhere", "to rate"],
)
async def test_what_was_given_everywhere_and_ends_elsewhere_ends_before_it_is_stored(
    evening: Evening, live: LiveSession, full_disk: None, wish: ConsentWish
):
    evening.services.consent_requests.ask_now(OTHER_GUILD, ANNA, wish)
    assert not evening.is_recorded(ANNA)
    assert not await evening.services.consents.may_perform(ANNA, GUILD)


async def test_what_still_holds_everywhere_goes_on(evening: Evening, live: LiveSession):
    await evening.services.consent_requests.ask(OTHER_GUILD, ANNA, TO_PERFORM, is_adult=True, everywhere=True)
    assert evening.is_recorded(ANNA)


async def test_what_is_given_everywhere_in_a_take_ends_elsewhere_as_well(evening: Evening):
    await evening.in_a_take()
    await evening.services.consent_requests.ask(GUILD, ANNA, ALL, is_adult=True, everywhere=True)
    assert evening.is_recorded(ANNA)
    evening.services.consent_requests.ask_now(OTHER_GUILD, ANNA, ConsentWish(frozenset(), is_adult=False))
    assert not evening.is_recorded(ANNA)


async def test_a_form_without_age_that_would_narrow_consent_ends_it(evening: Evening, live: LiveSession):
    with pytest.raises(errors.ConsentIncomplete):
        await evening.services.consent_requests.ask(GUILD, ANNA, ALL, is_adult=False)
    assert not evening.is_recorded(ANNA)
    assert not await evening.services.consents.may_perform(ANNA, GUILD)


async def test_a_withdrawal_counts_though_what_the_form_gives_cannot_be_given(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    def broken(_: Library, locale: str = "en") -> None:
        raise errors.DataFileInvalid("consent/en.md", 1, "no head")

    monkeypatch.setattr(Library, "consent_text", broken)
    wanted = frozenset({Scope.PEER_RATING, Scope.RECONTACT})
    with pytest.raises(errors.DataFileInvalid):
        await evening.services.consent_requests.ask(GUILD, ANNA, wanted, is_adult=True)
    assert await evening.services.consents.of(ANNA, GUILD) == {Scope.PEER_RATING}


async def test_no_judgement_is_kept_of_a_rater_who_withdraws_while_it_is_written(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    session = await evening.open()
    await evening.play(session)
    clip = await evening.services.ratings.next_clip(session, AUDIENCE)
    was_on_stage = ratings.was_on_stage

    async def crossed(*asked: object) -> bool:
        evening.services.consent_requests.ask_now(GUILD, AUDIENCE, ConsentWish(frozenset(), is_adult=False))
        return await was_on_stage(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(ratings, "was_on_stage", crossed)
    with pytest.raises(errors.ConsentMissing):
        await evening.services.ratings.record(session, clip.token, AUDIENCE, GOOD_ANSWERS)
    await evening.promises.all_kept()
    assert await evening.value("SELECT count(*) FROM ratings") == 0


async def test_a_grant_that_a_power_cut_brings_back_gives_nothing_whatever_the_clock_said(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as ahead:
        ahead.setattr(SystemClock, "wall", lambda _: datetime(2099, 1, 1, tzinfo=UTC))
        promise = evening.services.consent_requests.ask_now(GUILD, ANNA, ConsentWish(TO_PERFORM, is_adult=True))
        await promise.kept
    await evening.services.consent_requests.ask(GUILD, ANNA, frozenset(), is_adult=False)
    await evening.services.consent_requests.store({**promise.facts, "recalled": True})
    assert not await evening.services.consents.may_perform(ANNA, GUILD)


@pytest.mark.parametrize(
    ("head", "said"),
    [("version: 2026-02-30", "not valid YAML"), (f"version: {'long ' * 20}", "longer than 40 bytes")],
)
async def test_consent_can_be_withdrawn_whatever_the_head_of_the_text_says(
    evening: Evening, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, head: str, said: str
):
    (tmp_path / "consent").mkdir()
    (tmp_path / "consent" / "en.md").write_text(f"---\n{head}\n---\nHello\n")
    library = Library(tmp_path)
    with pytest.raises(errors.DataFileInvalid, match=said):
        library.consent_text()
    consent_text = Library.consent_text
    monkeypatch.setattr(Library, "consent_text", lambda *_: consent_text(library))
    await evening.services.consent_requests.ask(GUILD, ANNA, frozenset(), is_adult=False)
    assert not await evening.services.consents.may_perform(ANNA, GUILD)


async def test_every_request_fits_into_the_journal(evening: Evening, full_disk: None, monkeypatch: pytest.MonkeyPatch):
    text = evening.services.library.consent_text()
    longest = type(text)("ü" * 20, text.sha256, "pt-BR", "")
    monkeypatch.setattr(Library, "consent_text", lambda *_: longest)
    snowflake = 2**63 - 1
    promise = evening.services.consent_requests.ask_now(
        GuildId(snowflake), UserId(snowflake - 1), ConsentWish(frozenset(Scope), is_adult=False, everywhere=False)
    )
    await asyncio.sleep(0)
    assert promise.entry is not None
