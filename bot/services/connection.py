"""What happens to a session's voice connection: told on the panel, logged, and the end of a take when it is over."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from bot.domain.errors import NoTakeRunning
from bot.services.cuts import cut_take
from bot.services.desk import Desk
from bot.store.events import log_event
from bot.store.sessions import Session
from bot.voice.reconnection import ConnectionEvent, ConnectionGivenUp, ConnectionLost, ConnectionRestored


def follow_connections(desk: Desk) -> None:
    """From now on tell, log and act on whatever happens to the connection of any session."""

    def told(session: Session, event: ConnectionEvent) -> None:
        desk.errands.run(_take_in(desk, session, event), f"connection of session {session.session_id}")

    desk.on_connection = told


async def _take_in(desk: Desk, session: Session, event: ConnectionEvent) -> None:
    desk.connections[session.session_id] = event
    desk.stage.panel_changed(session.session_id)
    live = desk.takes.get(session.session_id)
    if live and isinstance(event, ConnectionGivenUp):
        with suppress(NoTakeRunning):  # somebody else has just cut it
            await cut_take(desk, session, event.at, "voice_lost", live)
    kind, detail = _as_logged(event)
    take_id = live.take.take_id if live else None
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
