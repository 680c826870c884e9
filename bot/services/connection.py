"""What happens to a session's voice connection: told on the panel, logged, and the end of a take when it is over."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from bot.domain.errors import NoTakeRunning
from bot.live.session import LiveSession
from bot.services.cuts import end_take, kept
from bot.services.desk import Desk
from bot.store.events import log_event
from bot.voice.reconnection import ConnectionEvent, ConnectionGivenUp, ConnectionLost, ConnectionRestored


def follow_connections(desk: Desk) -> None:
    """From now on tell, log and act on whatever happens to the connection of any session."""

    def told(session: LiveSession, event: ConnectionEvent) -> None:
        desk.errands.run(_take_in(desk, session, event), f"connection of session {session.session_id}")

    desk.on_connection = told


async def _take_in(desk: Desk, session: LiveSession, event: ConnectionEvent) -> None:
    session.connection_is(event)
    desk.stage.panel_changed(session.session_id)
    take = session.take
    if take and isinstance(event, ConnectionGivenUp):
        end_take(desk, session, take, event.at, "voice_lost")
        with suppress(NoTakeRunning):  # somebody else has just kept it
            await kept(desk, session, take)
    kind, detail = _as_logged(event)
    take_id = take.take.take_id if take else None
    async with desk.database.transaction() as tx:
        await log_event(tx, kind, desk.now(), session_id=session.session_id, take_id=take_id, **detail)


def _as_logged(event: ConnectionEvent) -> tuple[str, dict[str, Any]]:
    match event:
        case ConnectionLost(_, reason):
            return "connection_lost", {"cause": reason}
        case ConnectionRestored(_, hole_ms):
            return "connection_restored", {"hole_ms": round(hole_ms)}
        case ConnectionGivenUp(_, reason):
            return "connection_given_up", {"cause": reason}
