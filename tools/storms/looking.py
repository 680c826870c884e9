"""What must hold at every moment of an evening: who is heard, and whether a pause goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.consent import TO_PERFORM
from bot.domain.ids import UserId
from bot.live.session import LiveSession
from bot.live.take.live_take import LiveTake
from bot.live.take.state import TakeState
from tests.paper import PaperBooth
from tools.storms.asked import PromiseBroken, Recorded, Server
from tools.storms.storm import EVERYONE, Storm


@dataclass(frozen=True, slots=True)
class Hearing:
    """Whom a booth can hear now for a recording: of a take, or of a sound check if `take` is None."""

    recorded: Recorded
    session: LiveSession | None
    take: LiveTake | None
    users: frozenset[UserId]


def look(storm: Storm) -> None:
    """PromiseBroken if something does not hold at this moment."""
    for server in storm.servers:
        _require_pause(storm, server)
        for hearing in hearings(storm, server):
            _note_gone(storm, server, hearing)
            if hearing.users and (why_not := _why_not(storm, server, hearing)):
                raise PromiseBroken(f"{len(hearing.users)} people can be heard {why_not}")


def hearings(storm: Storm, server: Server) -> Iterator[Hearing]:
    """The recordings that run on a server."""
    session = storm.live(server)
    take = session.take if session else None
    for booth in storm.booths(server):
        if order := booth.order:
            users = frozenset(user for user in EVERYONE if order.may_record(user))
            yield Hearing((order.folder, order.started_at), session, _of(take, booth), users)


def _of(take: LiveTake | None, booth: PaperBooth) -> LiveTake | None:
    return take if take and take.booth is booth else None


def _require_pause(storm: Storm, server: Server) -> None:
    session, pause = storm.live(server), server.pause
    if session and pause and pause.session_id == session.session_id and not session.is_paused:
        raise PromiseBroken("a pause that no one ended is over")


def _note_gone(storm: Storm, server: Server, hearing: Hearing) -> None:
    for user in EVERYONE:
        if not storm.forms.of(user, server.guild_id).here >= TO_PERFORM:
            server.gone.add((hearing.recorded, user))


def _why_not(storm: Storm, server: Server, hearing: Hearing) -> str | None:
    """Why some of those who can be heard must not be; None if all of them may be."""
    if hearing.session is None:
        return "after the session's end"
    if any((hearing.recorded, user) in server.gone for user in hearing.users):
        return "without their consent, or by a recording in which it had ended"
    if hearing.recorded in server.silenced or (hearing.take and hearing.take.take.scene_id in server.stopped):
        return "after an X-card"
    if _is_of_pause(server, hearing):
        return "in a pause"
    return None


def _is_of_pause(server: Server, hearing: Hearing) -> bool:
    """Whether a recording goes on in a pause. After a cut that came before the pause, late frames may still arrive."""
    pause, take = server.pause, hearing.take
    if pause is None or hearing.session is None or pause.session_id != hearing.session.session_id:
        return False
    was_cut = take and take.state is TakeState.CUT and take.cut_at is not None and take.cut_at <= pause.at
    return not was_cut
