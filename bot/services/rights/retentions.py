"""Sound that is deleted at its date by itself, after everyone on it was told."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from bot.domain.retention import KeptSession, RetentionStep
from bot.domain.telling import Delivered
from bot.home.places import Home
from bot.live.ports import Clock, timestamp
from bot.live.workers import Lane, Workers
from bot.rights.errors import NotYet
from bot.rights.retention import end_retention
from bot.services.access.guild_settings import Guilds
from bot.services.ports.post import Post, Sent
from bot.store.database import Database
from bot.store.notices import note_told
from bot.store.retention import announce_end, ends_to_tell, kept_sessions, take_back_announcements

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Retentions:
    """Announces and does what the days of each server say."""

    database: Database
    home: Home
    clock: Clock
    workers: Workers
    guilds: Guilds
    post: Post

    async def do_due(self) -> None:
        """Announce, tell and delete what is due now. A deletion for which an export must end is tried again."""
        for kept in await kept_sessions(self.database):
            match kept.step(self.clock.wall()):
                case RetentionStep.ANNOUNCE:
                    await self._announce(kept)
                case RetentionStep.DELETE:
                    await self._delete(kept)
                case RetentionStep.NOTHING if kept.days is None and kept.announced_for:
                    async with self.database.transaction() as tx:
                        await take_back_announcements(tx)
                case RetentionStep.NOTHING:
                    pass
        await self._tell()

    async def _announce(self, kept: KeptSession) -> None:
        at = kept.deletes_at(self.clock.wall())
        assert at is not None, "what is announced has a date"
        async with self.database.transaction() as tx:
            await announce_end(tx, kept.session_id, timestamp(at), self.clock.now())
        _log.info("The sound of session %d will be deleted on %s.", kept.session_id, at.date().isoformat())

    async def _delete(self, kept: KeptSession) -> None:
        try:
            now = self.clock.now()
            tracks = await self.workers.run(Lane.ERASING, end_retention, self.home, kept.session_id, now)
        except NotYet as error:
            _log.info("The sound of session %d is deleted later (%s).", kept.session_id, error)
        else:
            _log.info("The sound of session %d was deleted at its date: %d tracks.", kept.session_id, tracks)

    async def _tell(self) -> None:
        for due in await ends_to_tell(self.database):
            sent = await self.post.tell_of_end(due, self.guilds.language_in(due.guild_id))
            if sent is not Sent.LATER:
                delivered = Delivered.MESSAGE if sent is Sent.ACCEPTED else Delivered.NOWHERE
                async with self.database.transaction() as tx:
                    await note_told(tx, due.notice_id, delivered, self.clock.now())
