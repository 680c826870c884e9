"""A sound check while it asks people to speak or listens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from pathlib import Path

from bot.domain.consent import Asked, Consented
from bot.domain.ids import GuildId, UserId
from bot.live.ports import Booth
from bot.live.take.recordable import Recordable


class LiveCheck:
    """One sound check. A person who withdraws is no longer heard; once it is stopped, it hears no one."""

    def __init__(
        self, booth: Booth, folder: Path, track_names: Mapping[UserId, str], consents: Mapping[UserId, Consented]
    ) -> None:
        """`consents` are the consents of the accounts that may be heard."""
        self.booth = booth
        self.folder = folder
        self.track_names = track_names
        self._recordable = Recordable(consents)
        self._stopped = asyncio.Event()

    @property
    def recordable(self) -> frozenset[UserId]:
        """The accounts that may be heard as of now: fewer after a withdrawal, never more."""
        return self._recordable.users

    @property
    def is_stopped(self) -> bool:
        """Whether a pause, an X-card or the session's end ended it."""
        return self._stopped.is_set()

    def may_record(self, discord_user_id: UserId) -> bool:
        """Whether this account's frames may be opened at this moment."""
        return discord_user_id in self._recordable and not self.is_stopped

    def withdraw(self, discord_user_id: UserId) -> None:
        """Stop hearing this account."""
        self._recordable.withdraw(discord_user_id)

    def ask(self, discord_user_id: UserId, asked: Asked, guild_id: GuildId) -> None:
        """A consent form was sent; if it ends the consent to be recorded here, this account is no longer heard."""
        self._recordable.ask(discord_user_id, asked, guild_id)

    def consents_are(self, discord_user_id: UserId, consented: Consented) -> None:
        """Take in what the store says about an account on this server."""
        self._recordable.consents_are(discord_user_id, consented)

    def stop(self) -> None:
        """Hear nothing more, and end without a result."""
        self._stopped.set()

    async def until_stopped(self, work: Awaitable[object]) -> None:
        """Wait for `work` and raise what it raises; if the check is stopped first, cancel `work`."""
        working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            if not working.cancel():
                working.result()
