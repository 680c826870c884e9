"""One open session while the bot runs: its place in the channel, its take or sound check, and what stops them."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import datetime

from bot.domain.consent import Asked, Consented
from bot.domain.errors import BotDeafened, BotMoved, InterludeRunning, SessionChanged, SessionEnded, SoundCheckStopped
from bot.domain.events.kinds import EventKind
from bot.domain.ids import EventId, SceneId, UserId
from bot.domain.interludes import InterludeShown
from bot.domain.own_voice import DEAF, Obstacle, OwnVoice
from bot.domain.states import HoleCause, PauseCause
from bot.live.check import LiveCheck
from bot.live.coordinators import Coordinators
from bot.live.guild_settings import GuildSettings
from bot.live.ports import Booth
from bot.live.take.live_take import LiveTake
from bot.store.events import Change
from bot.store.records import Session
from bot.voice.connection.events import ConnectionEvent, ConnectionLost, ConnectionRestored


class LiveSession:
    """The live part of a session, which only its own methods change.

    `lock` is held while something changes the session step by step. What stops (an X-card, a pause, a cut, a
    withdrawal) takes effect here without the lock and without the store. What never changes while the session is open
    (its channel, its seed, its language, the names of its deck, emotion set and instrument, the emotions that it
    deals) is as it was stored.
    """

    def __init__(self, record: Session, change: Change, settings: GuildSettings) -> None:
        self.session_id = record.session_id
        self.guild_id = record.guild_id
        self.voice_channel_id = record.voice_channel_id
        self.deck = record.deck
        self.emotion_set = record.emotion_set
        self.instrument = record.instrument
        self.seed = record.seed
        self.language = record.language
        self.dealt_emotions = record.emotions_dealt
        self.lock = asyncio.Lock()
        self._settings = settings
        self._is_open = True
        self._change = change
        self._coming: EventKind | None = None
        self._pauses = 0
        self._awaited: set[UserId] = set()
        self._pause_cause = record.pause_cause
        self._interlude: InterludeShown | None = None
        self._break_until: datetime | None = None
        self._booth: Booth | None = None
        self._take: LiveTake | None = None
        self._check: LiveCheck | None = None
        self._coming_checks: set[object] = set()
        self._connection: ConnectionEvent | None = None
        self._own_voice: OwnVoice | None = None
        self._scene_id: SceneId | None = None
        self._stopped_scenes: set[SceneId] = set()
        self._attended: set[UserId] = set()

    @property
    def booth(self) -> Booth | None:
        """The bot's place in the channel; None before it joined, and once it left."""
        return self._booth

    @property
    def take(self) -> LiveTake | None:
        """The take that is called, is running, or is cut but not in the store yet."""
        return self._take

    @property
    def check(self) -> LiveCheck | None:
        """The sound check that is under way."""
        return self._check

    @property
    def connection(self) -> ConnectionEvent | None:
        """The last thing that happened to the voice connection since the bot joined."""
        return self._connection

    @property
    def own_voice(self) -> OwnVoice | None:
        """The bot's own voice state, as Discord told it last; None before the bot joined."""
        return self._own_voice

    @property
    def obstacles(self) -> frozenset[Obstacle]:
        """What stands between the bot and the people in the channel."""
        return self._own_voice.obstacles(self.voice_channel_id) if self._own_voice else frozenset()

    @property
    def is_deaf(self) -> bool:
        """Whether a moderator's act keeps the bot from hearing anyone in the channel."""
        return bool(self.obstacles & DEAF)

    def require_hearing(self) -> None:
        """Raise BotMoved or BotDeafened if the bot cannot hear anyone in the channel."""
        if self._own_voice and Obstacle.MOVED in self.obstacles and self._own_voice.channel_id is not None:
            raise BotMoved(self._own_voice.channel_id, self.voice_channel_id)
        if Obstacle.DEAFENED in self.obstacles:
            raise BotDeafened(self.voice_channel_id)

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self._is_open

    @property
    def settings(self) -> GuildSettings:
        """What the server has chosen, as it is in force now."""
        return self._settings

    @property
    def coordinators(self) -> Coordinators:
        """Who may press the coordinators' buttons."""
        return self._settings.coordinators

    @property
    def ratings_wanted(self) -> int:
        """How many raters a clip should have."""
        return self._settings.ratings_wanted

    @property
    def attended(self) -> frozenset[UserId]:
        """The accounts that were in the channel since the session became live."""
        return frozenset(self._attended)

    def attend(self, discord_user_ids: Iterable[UserId]) -> bool:
        """These accounts are in the channel; returns whether one of them is new."""
        before = len(self._attended)
        self._attended.update(discord_user_ids)
        return len(self._attended) > before

    @property
    def is_paused(self) -> bool:
        """Whether nothing may be dealt or recorded. True even before the store knows."""
        return self._pause_cause is not None

    @property
    def pause_cause(self) -> PauseCause | None:
        """Why it is paused; None while it is not."""
        return self._pause_cause

    @property
    def break_until(self) -> datetime | None:
        """When people are to be back from the current pause; None if no one said so, or before the last restart."""
        return self._break_until

    def require_open(self) -> None:
        """Raise SessionEnded if it has ended."""
        if not self._is_open:
            raise SessionEnded

    @property
    def change(self) -> Change:
        """The store's newest change of the session, which an up-to-date panel shows."""
        return self._change

    def require_seen(self, seen: EventId | None) -> None:
        """Raise SessionChanged unless the session is as the pressed panel showed it.

        `seen` is the change that the panel showed; None for a command, which means the session as it is.
        """
        if seen is None:
            return
        if self._coming is not None:
            raise SessionChanged(self._coming)
        if seen != self._change.event_id:
            raise SessionChanged(self._change.kind)

    @property
    def pauses(self) -> int:
        """How often it has been paused since it became live."""
        return self._pauses

    @property
    def interlude(self) -> InterludeShown | None:
        """The warm-up, voice try-out or debrief that is on; then nothing is dealt or recorded."""
        return self._interlude

    def show_interlude(self, shown: InterludeShown) -> None:
        """An interlude begins, or goes on with its next exercise. No take may be live."""
        assert self._take is None, "nothing is recorded in an interlude"
        self._interlude = shown

    def end_interlude(self) -> bool:
        """Scenes can be dealt and recorded again; returns whether there was an interlude."""
        was_on = self._interlude is not None
        self._interlude = None
        return was_on

    def require_no_interlude(self) -> None:
        """Raise InterludeRunning in a warm-up, a voice try-out or a debrief."""
        if self._interlude:
            raise InterludeRunning(self._interlude.kind)

    def will_change(self, kind: EventKind) -> None:
        """Something took effect that the store does not have yet: earlier panels are out of date."""
        self._coming = kind

    def has_changed(self, change: Change) -> None:
        """Take in a change that the store has, read after its commit.

        If two are read at the same time, they may arrive here in the wrong order: the newest counts. A change that is
        still to be stored stays so if this one is no news.
        """
        if change.event_id > self._change.event_id:
            self._change, self._coming = change, None

    def is_stored(self, change: Change) -> None:
        """What took effect earlier is stored, or needs no storing; `change` is the newest in the store."""
        self.has_changed(change)
        self._coming = None

    def settings_are(self, settings: GuildSettings) -> None:
        """The server has chosen something else."""
        self._settings = settings

    def end(self) -> None:
        """It has ended."""
        self._is_open = False

    def sit(self, booth: Booth) -> None:
        """Make this the session's booth."""
        self._booth, self._connection, self._own_voice = booth, None, None

    def connection_is(self, event: ConnectionEvent) -> None:
        """Something happened to the connection of the booth. While it is lost, no performer is at fault."""
        self._connection = event
        if self._take and isinstance(event, ConnectionLost):
            self._take.stop_hearing(self._why_lost(), event.at)
        elif self._take and isinstance(event, ConnectionRestored):
            for cause in (HoleCause.CONNECTION, HoleCause.FORBIDDEN):
                self._take.hear_again(cause, event.at)

    def _why_lost(self) -> HoleCause:
        """Why a connection that is lost stays so: Discord answers no one who may not see the channel or connect."""
        lacking = self._own_voice.lacking if self._own_voice else ()
        return HoleCause.FORBIDDEN if {"view_channel", "connect"} & set(lacking) else HoleCause.CONNECTION

    def own_voice_is(self, own_voice: OwnVoice, at: float) -> None:
        """The bot's own voice state is this since a monotonic moment."""
        was_deafened = Obstacle.DEAFENED in self.obstacles
        self._own_voice = own_voice
        is_deafened = Obstacle.DEAFENED in self.obstacles
        if self._take and is_deafened and not was_deafened:
            self._take.stop_hearing(HoleCause.DEAFENED, at)
        elif self._take and was_deafened and not is_deafened:
            self._take.hear_again(HoleCause.DEAFENED, at)

    def stand_up(self) -> Booth | None:
        """Take the booth from the session; returns the one it had, which is to be left."""
        booth, self._booth = self._booth, None
        return booth

    def call(self, take: LiveTake) -> None:
        """A take is called. No other may be live."""
        assert self._take is None, "one take at a time"
        assert self._interlude is None, "nothing is recorded in an interlude"
        self._take = take
        if isinstance(self._connection, ConnectionLost):
            take.stop_hearing(self._why_lost(), self._connection.at)
        if Obstacle.DEAFENED in self.obstacles:
            take.stop_hearing(HoleCause.DEAFENED, take.starts_at)

    def take_is_over(self, take: LiveTake) -> None:
        """The store has the take, or the next start closes it."""
        if self._take is take:
            self._take = None

    @contextmanager
    def coming_check(self) -> Generator[object]:
        """Hold this while a sound check is prepared: what stops a check stops this one, too. `begin_check` takes it."""
        coming = object()
        self._coming_checks.add(coming)
        try:
            yield coming
        finally:
            self._coming_checks.discard(coming)

    def begin_check(self, coming: object, check: LiveCheck) -> None:
        """Begin the prepared sound check; no other may be live. Raises SoundCheckStopped if it has been stopped."""
        assert self._check is None, "one sound check at a time"
        if coming not in self._coming_checks:
            raise SoundCheckStopped
        self._check = check

    def stop_check(self) -> bool:
        """Stop the sound check, and any that is being prepared; returns whether there was one."""
        had_check = self._check is not None or bool(self._coming_checks)
        self._coming_checks.clear()
        if self._check:
            self._check.stop()
        return had_check

    def check_is_over(self) -> None:
        """The sound check has ended and its files are gone."""
        self._check = None

    def pause(self, cause: PauseCause, break_until: datetime | None = None) -> None:
        """Nothing is dealt or recorded from now on. `break_until` is when people are to be back, if that was said."""
        self._break_until = break_until
        self._pause_cause = cause
        self._pauses += 1

    def resume(self) -> None:
        """The session goes on."""
        self._pause_cause = self._break_until = None
        self._awaited.clear()

    def await_return(self, discord_user_id: UserId) -> None:
        """Let the pause last until this performer, who dropped out, is back, unless a coordinator ends it earlier."""
        self._awaited.add(discord_user_id)

    def has_returned(self, discord_user_id: UserId) -> bool:
        """An account is in the channel; returns whether a pause awaited it."""
        was_awaited = discord_user_id in self._awaited
        self._awaited.discard(discord_user_id)
        return was_awaited

    @property
    def awaited(self) -> frozenset[UserId]:
        """The performers who dropped out and whose return ends the pause."""
        return frozenset(self._awaited)

    @property
    def scene_id(self) -> SceneId | None:
        """The current scene, as memory knows it: dealt last and not ended by an X-card. None if there is none."""
        return None if self._scene_id in self._stopped_scenes else self._scene_id

    def scene_is(self, scene_id: SceneId) -> None:
        """This is the current scene. If two arrive in the wrong order, the one that was dealt later counts."""
        self._scene_id = max(scene_id, self._scene_id or scene_id)

    def stop_scene(self, scene_id: SceneId) -> None:
        """An X-card ended this scene, even if the store does not know yet."""
        self._stopped_scenes.add(scene_id)

    def has_stopped(self, scene_id: SceneId) -> bool:
        """Whether an X-card has ended this scene since the bot started, or was still to be stored then."""
        return scene_id in self._stopped_scenes

    def ask(self, discord_user_id: UserId, asked: Asked) -> None:
        """A consent form was sent, on any server: what is running stops recording this account if the form says so."""
        for running in (self._take, self._check):
            if running:
                running.ask(discord_user_id, asked, self.guild_id)

    def withdraw(self, discord_user_id: UserId) -> None:
        """An account asked to be erased: what is running stops recording it."""
        for running in (self._take, self._check):
            if running:
                running.withdraw(discord_user_id)

    def consents_are(self, discord_user_id: UserId, consented: Consented) -> None:
        """Tell the running take and sound check what the store says about an account on this server."""
        for running in (self._take, self._check):
            if running:
                running.consents_are(discord_user_id, consented)
