"""`/export` for a purpose, for a recipient, and without sound; everyone in it is told of a recipient."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from bot.domain.consent import TO_PERFORM
from bot.domain.consent_terms import Scope, Terms
from bot.domain.ids import GuildId, UserId
from tests.theatre import Theatre, said

ACME = "Acme Voices"
FIELDS = {
    "legal_basis": "consent",
    "recipients": ACME,
    "retention": "five years",
    "complaint_authority": "the authority of your country",
}


async def names_in(exported: Any) -> list[str]:
    (file,) = exported.response.attachments
    with zipfile.ZipFile(io.BytesIO(await file.read())) as archive:
        return archive.namelist()


async def test_an_export_has_what_is_permitted_for_it_and_its_performers_are_told(theatre: Theatre):
    guild, services = GuildId(theatre.guild.id), theatre.bot.services
    first, second, _ = theatre.performers
    await theatre.everyone_consents()
    await services.consent_requests.ask(guild, UserId(first.id), TO_PERFORM | {Scope.TRAIN_RECOGNITION}, is_adult=True)
    await services.consent_requests.grant_with_terms(guild, UserId(second.id), Scope.SHARE_WITH_CLIENT, Terms((ACME,)))
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.play()

    for_purpose = await theatre.coordinator.slash(theatre.stage, "export", session=1, purpose="train_recognition")
    assert "clips of 1 speakers" in said(for_purpose)
    assert any("/tracks/" in name for name in await names_in(for_purpose))

    told = await theatre.command(theatre.coordinator, "export", session=1, recipient=ACME)
    assert told.startswith("Before recordings are given to anyone")
    await services.operators.say(guild, FIELDS)
    shown = await theatre.coordinator.autocomplete(theatre.stage, "export", "recipient", "acme")
    assert [choice["value"] for choice in shown] == [ACME]
    derived = await theatre.coordinator.slash(
        theatre.stage, "export", session=1, recipient=ACME.upper(), derived_only=True
    )
    assert "clips of 1 speakers" in said(derived)
    names = await names_in(derived)
    assert any("/data/turns/" in name for name in names)
    assert not [name for name in names if name.endswith((".flac", ".opus", ".wav"))]

    await services.letters.send_due()
    notes = {person: [one.content for one in person.user.dm_channel.history()] for person in (first, second)}
    assert not [text for text in notes[first] if "were given to" in text]
    (note,) = [text for text in notes[second] if "were given to" in text]
    assert "features and labels alone, without sound" in note

    refused = await theatre.command(theatre.coordinator, "export", session=1, log=True, recipient=ACME)
    assert "leave out" in refused
    nothing = await theatre.command(theatre.coordinator, "export", session=1, recipient="Nobody")
    assert nothing.startswith("There is nothing to export")
