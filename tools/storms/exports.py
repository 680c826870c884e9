"""What must hold for an export at every moment: nothing in it was withdrawn or stopped, whether stored or not."""

from __future__ import annotations

import asyncio

from bot.dataset.model.pending import pending_in
from bot.domain.ids import GuildId, PersonId, SceneId, SessionId, UserId
from bot.store.exporting import read_snapshot
from bot.store.sessions import session_ids_of
from bot.store.snapshot import Snapshot
from tools.storms.asked import PromiseBroken
from tools.storms.storm import Storm


async def require_nothing_withdrawn(storm: Storm) -> None:
    """PromiseBroken if an export that is read now has a withdrawn scope or a take of a stopped scene."""
    evening, stopped = storm.evening, {scene for server in storm.servers for scene in server.stopped}
    session_ids = await session_ids_of(evening.database)
    # As another process reads it: first the journal, then the store.
    pending = pending_in(evening.home.journal)
    snapshot = await asyncio.to_thread(read_snapshot, evening.database.path, session_ids, pending)
    _require_consents(storm, snapshot, await _people(storm))
    _require_struck(snapshot, stopped)


async def _people(storm: Storm) -> dict[PersonId, UserId]:
    rows = await storm.evening.database.fetch_all("SELECT person_id, discord_user_id FROM people")
    return {row["person_id"]: row["discord_user_id"] for row in rows}


def _require_consents(storm: Storm, snapshot: Snapshot, people: dict[PersonId, UserId]) -> None:
    guilds: dict[SessionId, GuildId] = {session.session_id: session.guild_id for session in snapshot.sessions}
    for (session_id, person_id), scopes in snapshot.scopes.items():
        if more := scopes - storm.forms.of(people[person_id], guilds[session_id]).here:
            raise PromiseBroken(f"an export has scopes that were withdrawn: {', '.join(sorted(more))}")


def _require_struck(snapshot: Snapshot, stopped: set[SceneId]) -> None:
    if left := [take.take_id for take in snapshot.takes if take.scene_id in stopped and take.struck_at is None]:
        raise PromiseBroken(f"an export has {len(left)} takes of stopped scenes")
