"""Who is responsible for a server's recordings: what people are told before they consent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace

from bot.config import Settings
from bot.domain.errors import OperatorIncomplete, OperatorUnknown
from bot.domain.ids import GuildId, SessionId
from bot.store.database import Database
from bot.store.operators import guilds_of_sessions, operator_is, operator_of
from bot.store.records import Operator


@dataclass(frozen=True, slots=True)
class Operators:
    """What each server says about its operator, over this installation's defaults."""

    database: Database
    defaults: Settings

    async def of(self, guild_id: GuildId) -> Operator:
        """Return what is in force on a server."""
        said = await operator_of(self.database, guild_id)
        return replace(
            said,
            controller=said.controller or self.defaults.controller or None,
            contact=said.contact or self.defaults.contact or None,
        )

    async def require(self, guild_id: GuildId) -> Operator:
        """Return it; raise OperatorUnknown if no one said who is responsible, or how to reach them."""
        operator = await self.of(guild_id)
        if not operator.controller or not operator.contact:
            raise OperatorUnknown
        return operator

    async def say(self, guild_id: GuildId, fields: Mapping[str, str]) -> Operator:
        """Store some fields, by their names in Operator; an empty one says nothing. Returns what is in force."""
        async with self.database.transaction() as tx:
            said = asdict(await operator_of(tx, guild_id))
            said |= {name: text.strip() or None for name, text in fields.items()}
            await operator_is(tx, Operator(**said))
        return await self.of(guild_id)


async def require_operators(operators: Operators, session_ids: Collection[SessionId]) -> None:
    """Raise OperatorIncomplete unless everything is said that people must know before their recordings go anywhere.

    What counts is what the servers of these sessions say.
    """
    for guild_id in await guilds_of_sessions(operators.database, session_ids):
        said = asdict(await operators.of(guild_id))
        if missing := [name for name, text in said.items() if not text]:
            raise OperatorIncomplete(guild_id, missing)
