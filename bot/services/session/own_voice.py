"""What moderators do to the bot itself, noticed from its own voice state before anyone's microphone is blamed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from bot.domain.errors import SessionEnded, SessionPaused
from bot.domain.events import catalogue
from bot.domain.events.catalogue import Event
from bot.domain.ids import EventId, GuildId
from bot.domain.own_voice import DEAF, Obstacle, Ousting, OwnVoice
from bot.domain.states import CutReason, PauseCause
from bot.live.ports import Clock
from bot.live.session import LiveSession
from bot.live.sessions import LiveSessions
from bot.services.access.changes import Changes
from bot.services.booth.booths import Booths
from bot.services.ending.cuts import Cuts
from bot.services.panel.panels import Panels
from bot.services.ports.stage import Stage
from bot.services.session.pauses import Pauses
from bot.services.session.sessions import Sessions
from bot.store.database import Database
from bot.store.events import log_event
from bot.store.people import coordinator_of


@dataclass(frozen=True, slots=True)
class OwnVoices:
    """Notices what happens to the bot's own place in voice, and acts on it."""

    database: Database
    clock: Clock
    live: LiveSessions
    stage: Stage
    changes: Changes
    booths: Booths
    panels: Panels
    cuts: Cuts
    pauses: Pauses
    sessions: Sessions

    async def look(self, guild_id: GuildId) -> None:
        """Look at the bot's own voice state, which may have changed: a take stops counting what it cannot hear.

        Moved away, a take pauses until the bot is back. Deafened, it goes on, with a hole.
        """
        session = self.live.in_guild(guild_id)
        if session is None or session.booth is None:
            return
        booth, at = session.booth, self.clock.monotonic()
        own, obstacles = session.own_voice, session.obstacles
        session.own_voice_is(booth.own_voice(), at)
        if session.own_voice == own:
            return
        came, went = session.obstacles - obstacles, obstacles - session.obstacles
        self._hold(session, came, at)
        self.panels.changed(session.session_id)
        events: list[Event] = [catalogue.BotObstructed(one) for one in sorted(came)]
        await self._log(session, [*events, *(catalogue.BotUnobstructed(one) for one in sorted(went))])
        if _panel_is_out_of_reach(session.own_voice) and not _panel_is_out_of_reach(own):
            await self._tell_of_permissions(session)
        if went & DEAF and not session.is_deaf:
            await booth.until_hearing()
            await self.pauses.resume_once_all_are_back(session)

    def _hold(self, session: LiveSession, came: frozenset[Obstacle], at: float) -> None:
        if came & DEAF:
            session.stop_check()
        if Obstacle.MOVED in came and session.take and session.take.is_running:
            with suppress(SessionPaused):
                self.pauses.pause_now(session, at, cause=PauseCause.MOVED)

    async def look_everywhere(self) -> None:
        """After the bot has joined again: end the sessions whose channel is gone, and look at the others."""
        for session in list(self.live):
            if cause := self.stage.ousting(session.guild_id, session.voice_channel_id):
                await self.ousted(session.guild_id, cause)
            else:
                await self.look(session.guild_id)
                if session.pause_cause is PauseCause.MOVED:
                    await self.pauses.resume_once_all_are_back(session)

    async def bring_back(self, session: LiveSession, seen: EventId | None = None) -> None:
        """Bring the bot back into the session's channel, for a coordinator; a take that waited for it goes on.

        Raises SessionChanged, SessionEnded, VoiceUnreachable, ChannelUnsuited or PermissionMissing.
        """
        async with self.changes.to_change(session, seen):
            await self.booths.bring_back(session)
        await self.look(session.guild_id)
        self.panels.changed(session.session_id)

    async def ousted(self, guild_id: GuildId, cause: Ousting, voice_channel_id: int | None = None) -> None:
        """The channel was deleted, or the bot was kicked from the server: keep what there is, and end the session.

        The panel is gone, so the coordinator is told privately.
        """
        session = self.live.in_guild(guild_id)
        if session is None or voice_channel_id not in (None, session.voice_channel_id):
            return
        if session.take:
            self.cuts.end(session, session.take, self.clock.monotonic(), CutReason.OUSTED)
        await self._log(session, [catalogue.BotOusted(cause)])
        with suppress(SessionEnded):
            await self.sessions.end(session)
        coordinator = await coordinator_of(self.database, session.session_id)
        await self.stage.session_lost(coordinator.discord_user_id, session.session_id, cause)

    async def _tell_of_permissions(self, session: LiveSession) -> None:
        lacking = session.own_voice.lacking if session.own_voice else ()
        coordinator = await coordinator_of(self.database, session.session_id)
        await self.stage.panel_lost(coordinator.discord_user_id, session.voice_channel_id, lacking)

    async def _log(self, session: LiveSession, events: list[Event]) -> None:
        take_id = session.take.take.take_id if session.take else None
        async with self.database.transaction() as tx:
            for event in events:
                await log_event(tx, event, self.clock.now(), session_id=session.session_id, take_id=take_id)


def _panel_is_out_of_reach(own: OwnVoice | None) -> bool:
    """Whether the bot may no longer see the channel's chat: without Connect, no one sees that of a voice channel."""
    return own is not None and bool({"view_channel", "connect"} & set(own.lacking))
