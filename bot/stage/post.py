"""Direct messages about people's own rights: what services know as `Post`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

import discord

from bot.domain.ids import UserId
from bot.services.ports.post import Receipt, Sent
from bot.store.notices import DueUse
from bot.store.retention import DueEnd
from bot.ui.answers import NO_PINGS
from bot.ui.receipts import receipt_upload
from bot.ui.servers import name_of
from bot.ui.texts.ending import ending_text
from bot.ui.texts.language import Phrases, say, speaking
from bot.ui.texts.receipts import RECEIPT_COMES
from bot.ui.texts.uses import given_text
from bot.voice.connection.attempts import UNREACHABLE

_log = logging.getLogger(__name__)


class DiscordPost:
    """Writes to people, whatever servers they are on; who accepts no messages refuses each."""

    def __init__(self, client: discord.Client, phrases_in: Callable[[str], Phrases]) -> None:
        self._client = client
        self._phrases_in = phrases_in

    async def send_receipt(self, receipt: Receipt) -> Sent:
        """Send a receipt as a file."""
        with speaking(self._phrases_in(receipt.language)):
            file = receipt_upload(self._client, receipt)
            return await self._send(receipt.user_id, say(RECEIPT_COMES), f"receipt-{receipt.up_to}", file)

    async def tell_of_use(self, use: DueUse, language: str) -> Sent:
        """Tell a person that a dataset with their sound was made for someone."""
        with speaking(self._phrases_in(language)):
            return await self._send(use.discord_user_id, given_text(use), f"notice-{use.notice_id}")

    async def tell_of_end(self, due: DueEnd, language: str) -> Sent:
        """Tell a person when sound of theirs will be deleted."""
        with speaking(self._phrases_in(language)):
            text = ending_text(due, name_of(self._client, due.guild_id))
            return await self._send(due.discord_user_id, text, f"notice-{due.notice_id}")

    async def _send(self, user_id: UserId, text: str, nonce: str, file: discord.File = discord.utils.MISSING) -> Sent:
        """Send a message. Repeated with the same nonce within some minutes, Discord posts nothing more."""
        try:
            channel = await self._client.create_dm(discord.Object(user_id))
            await channel.send(text, file=file, nonce=nonce, allowed_mentions=NO_PINGS)
        except discord.HTTPException as error:
            return _outcome(error)
        except UNREACHABLE:
            _log.warning("Discord could not be reached for a direct message; it is sent later.")
            return Sent.LATER
        return Sent.ACCEPTED


def _outcome(error: discord.HTTPException) -> Sent:
    """What a refusal means: a person who accepts none (50007), or a fault of Discord's that passes."""
    _log.info("A direct message about someone's rights was not accepted (code %d).", error.code)
    passes = error.status >= HTTPStatus.INTERNAL_SERVER_ERROR or error.status == HTTPStatus.TOO_MANY_REQUESTS
    return Sent.LATER if passes else Sent.REFUSED
