"""`/pay`: rates, corrections, proceeds and statements; a person's own statement in direct messages, too."""

from __future__ import annotations

import io

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import PromptbookBot
from bot.domain.ids import SessionId, UserId
from bot.services.pay.ledger import RateWish
from bot.services.pay.statements import statement_csv
from bot.ui.answers import show, tell, wait_please
from bot.ui.press import OwnPress, Press
from bot.ui.texts import commands as texts
from bot.ui.texts.language import say
from bot.ui.texts.pay import (
    NO_RATE,
    STATEMENT_FILE,
    corrected_text,
    own_text,
    proceeds_text,
    rate_text,
    statement_text,
)

_Number = app_commands.Range[int, 1, 2**53 - 1]
_Reason = app_commands.Range[str, 1, 200]


@app_commands.allowed_contexts(guilds=True, dms=True)
class PayCog(commands.GroupCog, group_name="pay", group_description=texts.PAY):
    """The pay ledger."""

    def __init__(self, bot: PromptbookBot) -> None:
        self._services = bot.services

    @app_commands.command(description=texts.PAY_RATE)
    @app_commands.describe(**texts.PAY_RATE_PARAMETERS)
    async def rate(
        self,
        interaction: discord.Interaction,
        currency: str | None = None,
        stage: str = "0",
        rating: str = "0",
        share: app_commands.Range[float, 0, 100] = 0.0,
        first_session: _Number | None = None,
    ) -> None:
        """Show the rate or, with a currency, set it."""
        press = Press.of(self._services, interaction)
        await press.require_coordinator()
        await wait_please(interaction)
        if currency is None:
            found = await self._services.ledger.rate_now(press.guild_id)
            await tell(interaction, rate_text(found, is_new=False) if found else say(NO_RATE))
            return
        first = None if first_session is None else SessionId(first_session)
        wish = RateWish(currency, stage, rating, share)
        await tell(
            interaction, rate_text(await self._services.ledger.set_rate(press.guild_id, wish, first), is_new=True)
        )

    @app_commands.command(description=texts.PAY_CORRECT)
    @app_commands.describe(**texts.PAY_CORRECT_PARAMETERS)
    async def correct(
        self, interaction: discord.Interaction, session: _Number, person: discord.User, amount: str, reason: _Reason
    ) -> None:
        """Add a correction."""
        press = Press.of(self._services, interaction)
        await press.require_coordinator()
        await wait_please(interaction)
        who, which = UserId(person.id), SessionId(session)
        entered = await self._services.ledger.correct(press.guild_id, which, who, amount, reason)
        await tell(interaction, corrected_text(*entered, reason))

    @app_commands.command(description=texts.PAY_PROCEEDS)
    @app_commands.describe(**texts.PAY_PROCEEDS_PARAMETERS)
    async def proceeds(self, interaction: discord.Interaction, session: _Number, amount: str, reason: _Reason) -> None:
        """Add what a session earned."""
        press = Press.of(self._services, interaction)
        await press.require_coordinator()
        await wait_please(interaction)
        entered = await self._services.ledger.add_proceeds(press.guild_id, SessionId(session), amount, reason)
        await tell(interaction, proceeds_text(*entered))

    @app_commands.command(description=texts.PAY_STATEMENT)
    @app_commands.describe(**texts.PAY_STATEMENT_PARAMETERS)
    async def statement(
        self, interaction: discord.Interaction, session: _Number | None = None, month: str | None = None
    ) -> None:
        """Send a statement of everyone's pay as a CSV file."""
        press = Press.of(self._services, interaction)
        await press.require_coordinator()
        await wait_please(interaction)
        which = None if session is None else SessionId(session)
        lines = await self._services.statements.of_sessions(press.guild_id, which, month)
        if not lines:
            await tell(interaction, statement_text(lines))
            return
        file = discord.File(io.BytesIO(statement_csv(lines).encode()), STATEMENT_FILE)
        await show(interaction, content=statement_text(lines), attachments=[file])

    @app_commands.command(description=texts.PAY_MINE)
    async def mine(self, interaction: discord.Interaction) -> None:
        """Show a person's own statement."""
        press = OwnPress.of(self._services, interaction)
        await wait_please(interaction)
        await tell(interaction, own_text(await self._services.statements.of_person(press.user_id)))


async def setup(bot: PromptbookBot) -> None:
    """Called by discord.py."""
    await bot.add_cog(PayCog(bot))
