"""Receipts of consent for people who press: by direct message, or in a private answer where they accept none."""

from __future__ import annotations

import io
from functools import partial

import discord

from bot.services.ports.post import Receipt
from bot.ui.answers import follow_up, show, tell, wait_please
from bot.ui.press import OwnPress
from bot.ui.servers import name_of
from bot.ui.texts import receipts as texts
from bot.ui.texts.language import language_in_force, say


def send_receipt_soon(press: OwnPress) -> None:
    """Send a receipt for what a person has just changed, in the background: their answer does not wait for it."""
    press.services.errands.run(_send_receipt(press), "receipt of a consent")


async def _send_receipt(press: OwnPress) -> None:
    receipts = press.services.receipts
    if receipt := await receipts.send(press.user_id, language_in_force()):
        file = receipt_upload(press.interaction.client, receipt)
        await follow_up(press.interaction, say(texts.RECEIPT_HERE), file=file)
        await receipts.answered(receipt)


async def show_receipt(press: OwnPress) -> None:
    """Give a person a receipt for everything that they ever changed."""
    await wait_please(press.interaction)
    receipt = await press.services.receipts.of(press.user_id, language_in_force())
    if receipt is None:
        await tell(press.interaction, say(texts.NO_RECEIPT))
        return
    file = receipt_upload(press.interaction.client, receipt)
    await show(press.interaction, content=say(texts.RECEIPT_AGAIN), attachments=[file])


def receipt_upload(client: discord.Client, receipt: Receipt) -> discord.File:
    """A receipt as a file to be sent, in the language that is in force."""
    text = texts.receipt_file(receipt, partial(name_of, client))
    return discord.File(io.BytesIO(text.encode()), filename=texts.receipt_name(receipt))
