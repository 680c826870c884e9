"""A receipt after a change of consent: by direct message, or in a private answer where someone accepts none."""

from __future__ import annotations

import discord
from simcord.results import ResponseMessage

from bot.ui.texts.receipts import RECEIPT_COMES, RECEIPT_HERE
from tests.theatre import Theatre, said

TAKING_PART = ["record", "store_and_review"]


async def file_of(message: discord.Message | ResponseMessage) -> str:
    (file,) = message.attachments
    assert file.filename.startswith("consent-receipt-")
    return (await file.read()).decode()


async def test_a_change_in_discord_brings_a_receipt_by_direct_message(theatre: Theatre):
    person = theatre.performers[0]
    await theatre.consent(person, TAKING_PART)
    (given,) = person.user.dm_channel.history()
    assert given.content == RECEIPT_COMES
    told = await file_of(given)
    assert "[x] Record my voice during takes" in told
    assert "troupe@example.org" in told
    assert theatre.bot.services.library.consent_text().text in told
    assert theatre.guild.name in told

    await person.user.slash("me withdraw", consent="record")
    *_, withdrawn = person.user.dm_channel.history()
    assert "Withdrawn: Record my voice during takes" in await file_of(withdrawn)
    assert "[ ] Record my voice during takes" in await file_of(withdrawn)
    assert await theatre.database.fetch_value("SELECT group_concat(delivered) FROM receipts") == "message,message"


async def test_who_accepts_no_messages_gets_it_in_a_private_answer(theatre: Theatre):
    person = theatre.performers[0]
    closed = f"/channels/{person.user.dm_channel.id}/messages"
    theatre.env.inject_error("POST", closed, status=403, code=50007, message="Cannot send messages to this user")
    shown = await person.slash(theatre.stage, "consent")
    assert shown.response is not None
    form = await person.click(shown.response, label="Choose")
    answer = await person.submit_modal(form, {"taking_part": TAKING_PART, "uses": [], "adult": True})
    assert "Given" in said(answer)
    (receipt,) = answer.followups
    assert receipt.ephemeral
    assert receipt.content == RECEIPT_HERE
    assert "[x] Record my voice during takes" in await file_of(receipt)
    assert await theatre.database.fetch_value("SELECT delivered FROM receipts") == "answer"

    again = await person.slash(theatre.stage, "me receipt")
    assert again.response is not None
    assert "Given: Record my voice during takes" in await file_of(again.response)
    assert "nothing to give a receipt for" in said(await theatre.bystander.slash(theatre.stage, "me receipt"))
