"""Consents that say something: to whom, for what, until when; and who is responsible, before the first session."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import load_settings
from bot.domain.consent_terms import Representation, Scope
from bot.domain.ids import GuildId, UserId
from bot.domain.permission import Use, Wanted
from bot.services.facts.library import Library
from bot.store.consents import events_among
from tests.theatre import Theatre, said

TAKING_PART = ["record", "store_and_review"]
ACME = "Acme Voices"


async def form_of(theatre: Theatre, person: Any) -> Any:
    shown = await person.slash(theatre.stage, "consent")
    return await person.click(shown.response, label="Choose")


def boxes(form: Any) -> dict[str, dict[str, Any]]:
    """The boxes of a form by their labels."""
    groups = [label["component"] for label in form.modal["components"] if "options" in label["component"]]
    return {option["label"]: option for group in groups for option in group["options"]}


async def permits(theatre: Theatre, person: Any, **export: Any) -> bool:
    consents, guild = theatre.bot.services.consents, GuildId(theatre.guild.id)
    return bool(await consents.permission(UserId(person.id), guild, Wanted(Use.EXPORT, **export)))


async def test_who_is_responsible_is_asked_once_before_the_first_session_and_then_it_begins(
    theatre: Theatre, tmp_path: Path
):
    nothing = load_settings({}, tmp_path / "no.env", tmp_path)
    object.__setattr__(theatre.bot.services.operators, "defaults", nothing)
    await theatre.everyone_consents()
    form = await theatre.coordinator.slash(theatre.stage, "session start", channel=theatre.stage)
    assert form.modal is not None
    fields = [label["component"]["custom_id"] for label in form.modal["components"]]
    assert fields == ["controller", "contact"]
    await theatre.coordinator.submit_modal(form, {"controller": "The troupe", "contact": "us@example.org"})
    assert "Deal scene" in str(theatre.panel().components)
    text = await theatre.command(theatre.bystander, "consent")
    assert "The troupe" in text
    assert "us@example.org" in text
    await theatre.command(theatre.coordinator, "session end")
    again = await theatre.coordinator.slash(theatre.stage, "session start", channel=theatre.stage)
    assert again.modal is None


async def test_sharing_is_offered_by_name_and_names_who_was_shown(theatre: Theatre):
    person, operators, guild = theatre.performers[0], theatre.bot.services.operators, GuildId(theatre.guild.id)
    assert not [label for label in boxes(await form_of(theatre, person)) if "give my recordings" in label]
    await operators.say(guild, {"recipients": f"{ACME}\n"})
    form = await form_of(theatre, person)
    box = boxes(form)[f"I direct you to give my recordings to {ACME}"]
    assert not box.get("default")
    values = {"taking_part": TAKING_PART, "uses": [box["value"]], "adult": True}

    await operators.say(guild, {"recipients": "Somebody Else"})
    told = said(await person.submit_modal(form, values))
    assert "Who receives recordings has changed" in told
    assert not await permits(theatre, person, recipient=ACME)

    await operators.say(guild, {"recipients": ACME})
    told = said(await person.submit_modal(await form_of(theatre, person), values))
    assert "Given" in told
    assert await permits(theatre, person, recipient=ACME)
    assert not await permits(theatre, person, recipient="Somebody Else")
    await operators.say(guild, {"recipients": "Somebody Else"})
    new = boxes(await form_of(theatre, person))["I direct you to give my recordings to Somebody Else"]
    assert not new.get("default"), "what was given to one recipient is not given to another"


async def test_a_replica_needs_its_uses_a_term_and_who_advised(theatre: Theatre):
    person = theatre.performers[0]
    wanted = {"taking_part": TAKING_PART, "uses": [Scope.VOICE_CLONE_REPLICA.value], "adult": True}
    answer = await person.submit_modal(await form_of(theatre, person), wanted)
    assert "needs three more answers" in said(answer)
    assert not await permits(theatre, person, purpose=Scope.VOICE_CLONE_REPLICA)
    assert answer.response is not None
    form = await person.click(answer.response, label="Answer three questions about a replica")
    uses = "The voice of one character in one game, and nothing else."
    told = said(await person.submit_modal(form, {"uses": uses, "days": ["365"], "represented_by": ["none"]}))
    assert uses in told
    assert "Talk to a lawyer or a union" in told
    assert await permits(theatre, person, purpose=Scope.VOICE_CLONE_REPLICA)
    user = UserId(person.id)
    terms = (await events_among(theatre.database, [user]))[user][-1].terms
    assert (terms.uses, terms.represented_by) == (uses, Representation.NONE)
    assert terms.ends_at is not None
    left = datetime.fromisoformat(terms.ends_at) - theatre.bot.services.clock.wall()
    assert timedelta(days=364) < left <= timedelta(days=365)


async def test_a_button_below_a_text_that_has_changed_shows_the_new_one_first(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
):
    person = theatre.performers[0]
    shown = await person.slash(theatre.stage, "consent")
    old = Library.consent_text(theatre.bot.services.library)
    new = type(old)("2027-1", "1" * 64, "en", "Your voice is sold.", True)
    monkeypatch.setattr(Library, "consent_text", lambda *_: new)
    assert shown.response is not None
    again = await person.click(shown.response, label="Choose")
    assert again.modal is None
    assert "has changed" in said(again)
    assert "Your voice is sold." in said(again)
    assert again.response is not None
    assert (await person.click(again.response, label="Choose")).modal is not None


async def test_what_was_recorded_before_a_withdrawal_is_allowed_again_with_a_button_of_its_own(theatre: Theatre):
    person = theatre.performers[0]
    await theatre.consent(person, TAKING_PART)
    await theatre.consent(person, [])
    answer = await person.submit_modal(
        await form_of(theatre, person), {"taking_part": TAKING_PART, "uses": [], "adult": True}
    )
    assert "stays withdrawn" in said(answer)
    made_at = "2020-01-01T00:00:00.000Z"
    assert not await permits(theatre, person, made_at=made_at)
    assert answer.response is not None
    told = said(await person.click(answer.response, label="Allow earlier recordings, too"))
    assert "before you withdrew" in told
    assert await permits(theatre, person, made_at=made_at)


async def test_the_days_for_which_sound_is_kept_are_on_the_form_about_the_law(theatre: Theatre):
    guild, guilds = GuildId(theatre.guild.id), theatre.bot.services.guilds
    shown = await theatre.coordinator.slash(theatre.stage, "settings")
    assert shown.response is not None
    law = {"legal_basis": "consent", "recipients": "", "retention": "a year", "complaint_authority": ""}
    for typed, told, kept in (("7", "whole number from 30", None), ("365", "Saved", 365), ("", "Saved", None)):
        form = await theatre.coordinator.click(shown.response, label="Legal basis and recipients")
        assert told in said(await theatre.coordinator.submit_modal(form, law | {"days": typed}))
        assert await guilds.retention_days(guild) == kept
