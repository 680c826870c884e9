"""Who may be recorded by a running take or sound check: fewer people whenever consent ends, never more."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.consent import Asked, Consented, after_asking
from bot.domain.ids import GuildId, UserId
from bot.domain.permission import may_record


class Recordable:
    """The accounts whose frames a take or a sound check may open, with the consent of each of them."""

    def __init__(self, consents: Mapping[UserId, Consented]) -> None:
        """`consents` are those in force for each account on the server where it is recorded."""
        self._consents = dict(consents)

    def __contains__(self, discord_user_id: object) -> bool:
        return discord_user_id in self._consents

    @property
    def users(self) -> frozenset[UserId]:
        """The accounts, as of now."""
        return frozenset(self._consents)

    def ask(self, discord_user_id: UserId, asked: Asked, guild_id: GuildId) -> None:
        """A request was made that the store does not have yet; `guild_id` is the server of the take or check."""
        if consented := self._consents.get(discord_user_id):
            self._rest_on(discord_user_id, after_asking(consented, asked, guild_id))

    def consents_are(self, discord_user_id: UserId, stored: Consented) -> None:
        """Take in what the store says about an account. This may be older than a request, so it adds no one."""
        if consented := self._consents.get(discord_user_id):
            everywhere = consented.everywhere | stored.everywhere
            self._rest_on(discord_user_id, Consented(stored.here, everywhere))

    def withdraw(self, discord_user_id: UserId) -> None:
        """Stop recording this account."""
        self._consents.pop(discord_user_id, None)

    def _rest_on(self, discord_user_id: UserId, consented: Consented) -> None:
        self._consents[discord_user_id] = consented
        if not may_record(consented):
            self.withdraw(discord_user_id)
