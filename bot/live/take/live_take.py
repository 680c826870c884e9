"""A take while it is live: a state machine whose states people can see and whose fields only its own methods change.

    CALLED ─► COUNTING_DOWN ─► RECORDING ◄─► PAUSED
       └─────────────┴──────────────┴──────────┴──► CUT or STOPPED ─► KEPT

CALLED: it is being prepared, and nothing is heard yet. STOPPED: an X-card cut it, so nothing more is opened, and
nothing of it will be rated or exported. KEPT: the store has it. Moments are monotonic; positions are samples at 48 kHz.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence, Set
from math import inf

from bot.domain.consent import Asked, Consented
from bot.domain.ids import GuildId, UserId
from bot.domain.signals import EASED_APART_SECONDS, signal_after
from bot.domain.states import CutReason, HoleCause
from bot.live.ports import Booth
from bot.live.take.cues import Cues
from bot.live.take.plan import TakeIds, TakePlan
from bot.live.take.recordable import Recordable
from bot.live.take.state import HEARD, RUNNING, TakeState, WrongState
from bot.live.take.track_quality import LiveTrack
from bot.samples import SAMPLE_RATE_HZ
from bot.voice.recording.recorder import TrackSummary

PAUSES_AT_MOST_SECONDS = 30 * 60
"""How long the pauses of a take last altogether. Tracks hold silence for them, so they do not grow without a limit."""


class LiveTake:
    """A take from its call until the store has it. Create it in a running event loop."""

    def __init__(self, plan: TakePlan, booth: Booth, consents: Mapping[UserId, Consented]) -> None:
        """`consents` are the consents of the accounts that may be recorded."""
        self.plan = plan
        self.take = plan.take
        self.session_id = plan.session_id
        self.booth = booth
        self.starts_at = plan.starts_at
        self.limit_seconds = plan.limit_seconds
        self.folder = plan.folder
        self.track_names = plan.track_names
        self.cues = Cues()
        self._state = TakeState.CALLED
        self._is_stopped = self._has_listened = self._is_near_end = False
        self._eased_at: float | None = None
        self._recordable = Recordable(consents)
        self._paused_since: float | None = None
        self._pause_hole = HoleCause.PAUSE
        self._pauses: list[tuple[float, float]] = []
        self._deaf_since: dict[HoleCause, float] = {}
        self._deaf: list[tuple[HoleCause, float, float]] = []
        self._missing: dict[UserId, float] = {}
        self._tracks: dict[UserId, LiveTrack] = {}
        self._cut_at: float | None = None
        self._cut_reason: CutReason | None = None
        self._summaries: Sequence[TrackSummary] | None = None
        self._ending: asyncio.Task[Sequence[TrackSummary]] | None = None
        self._clocks: dict[str, asyncio.Task[None]] = {}

    @property
    def where(self) -> TakeIds:
        """What an event of this take belongs to."""
        return {"session_id": self.session_id, "scene_id": self.take.scene_id, "take_id": self.take.take_id}

    @property
    def state(self) -> TakeState:
        """Where the take is."""
        return self._state

    @property
    def is_running(self) -> bool:
        """Whether it is neither cut nor stopped."""
        return self._state in RUNNING

    @property
    def is_stopped(self) -> bool:
        """Whether an X-card ended it, even if it had been cut before."""
        return self._is_stopped

    @property
    def recordable(self) -> frozenset[UserId]:
        """The accounts that may be recorded as of now: fewer after a withdrawal, never more."""
        return self._recordable.users

    @property
    def paused_since(self) -> float | None:
        """When the current pause began, or the pause in which it was cut."""
        return self._paused_since

    @property
    def pauses(self) -> Sequence[tuple[float, float]]:
        """The pauses that are over."""
        return self._pauses

    @property
    def pause_hole(self) -> HoleCause:
        """The cause of the hole that the current pause leaves, or the pause in which the take was cut."""
        return self._pause_hole

    @property
    def deaf(self) -> Sequence[tuple[HoleCause, float, float]]:
        """When the bot itself could hear no one, with the cause; what has not ended lasts to the cut, or for ever."""
        end = inf if self._cut_at is None else self._cut_at
        lasting = [(cause, since, end) for cause, since in self._deaf_since.items()]
        return [*self._deaf, *lasting]

    @property
    def missing(self) -> Mapping[UserId, float]:
        """The performers who dropped out, and when."""
        return self._missing

    @property
    def tracks(self) -> Mapping[UserId, LiveTrack]:
        """How each performer's track sounded a moment ago."""
        return self._tracks

    @property
    def cut_at(self) -> float | None:
        """When it was cut or stopped."""
        return self._cut_at

    @property
    def cut_reason(self) -> CutReason | None:
        """Why it was cut; None before it is cut."""
        return self._cut_reason

    @property
    def waits_until(self) -> float:
        """When its current pause, added to those before it, has taken too long; never if it is not paused."""
        since = inf if self._paused_since is None else self._paused_since
        return since + PAUSES_AT_MOST_SECONDS - sum(end - start for start, end in self._pauses)

    @property
    def ends_at(self) -> float:
        """When its time is up: the limit, plus all pauses that are over."""
        return self.starts_at + self.limit_seconds + sum(end - start for start, end in self._pauses)

    @property
    def signals_at(self) -> float | None:
        """When its performers are told that it ends soon, with all pauses that are over; None if they are not told."""
        after = signal_after(self.limit_seconds)
        return None if after is None else self.ends_at - self.limit_seconds + after

    @property
    def is_near_end(self) -> bool:
        """Whether its performers have been told that it ends soon."""
        return self._is_near_end

    @property
    def is_eased(self) -> bool:
        """Whether someone has asked for it to go on lighter."""
        return self._eased_at is not None

    @property
    def duration_samples(self) -> int:
        """Its length once it is cut; 0 if it was cut before its start."""
        return 0 if self._cut_at is None else self.position_samples(self._cut_at)

    def may_record(self, discord_user_id: UserId) -> bool:
        """Whether this account's frames may be opened at this moment; called for every frame.

        A take that is cut in a pause opens nothing more: frames that still wait were said in the pause.
        """
        is_heard = self._state in HEARD and self._paused_since is None and not self._is_stopped
        return is_heard and discord_user_id in self._recordable

    def position_samples(self, at: float) -> int:
        """A moment on the take's clock, not before its start."""
        return max(round((at - self.starts_at) * SAMPLE_RATE_HZ), 0)

    def withdraw(self, discord_user_id: UserId) -> None:
        """Stop recording this account, whatever state the take is in."""
        self._recordable.withdraw(discord_user_id)
        self._tracks.pop(discord_user_id, None)

    def ask(self, discord_user_id: UserId, asked: Asked, guild_id: GuildId) -> None:
        """A consent form was sent; if it ends the consent to be recorded here, this account is no longer recorded."""
        self._recordable.ask(discord_user_id, asked, guild_id)
        self._forget_withdrawn(discord_user_id)

    def consents_are(self, discord_user_id: UserId, consented: Consented) -> None:
        """Take in what the store says about an account on this server."""
        self._recordable.consents_are(discord_user_id, consented)
        self._forget_withdrawn(discord_user_id)

    def count_down(self) -> None:
        """CALLED → COUNTING_DOWN: the booth listens."""
        self._go(TakeState.COUNTING_DOWN, {TakeState.CALLED})

    def begin(self) -> None:
        """COUNTING_DOWN → RECORDING: its first moment has come."""
        self._go(TakeState.RECORDING, {TakeState.COUNTING_DOWN})

    def near_end(self) -> None:
        """Its performers are told that it ends soon, which happens once."""
        self._is_near_end = True

    def ease(self, at: float) -> bool:
        """Someone asks for it to go on lighter; False if the others have just been told so. Who asks is not known."""
        if self._eased_at is not None and at - self._eased_at < EASED_APART_SECONDS:
            return False
        self._eased_at = at
        return True

    def pause(self, at: float, hole: HoleCause = HoleCause.PAUSE) -> None:
        """RECORDING → PAUSED: nothing is recorded, and its clock stands still. `hole` is the cause of the hole."""
        self._go(TakeState.PAUSED, {TakeState.RECORDING})
        self._paused_since, self._pause_hole = at, hole
        self._stop("time")
        self._stop("signal")

    def keep_pausing(self, at: float) -> None:
        """Stay PAUSED: the store has the pause up to this moment, and another one began in the meantime."""
        if self._paused_since is not None:
            self._pauses.append((self._paused_since, at))
            self._paused_since = at

    def resume(self, at: float) -> tuple[float, float]:
        """PAUSED → RECORDING; returns the pause."""
        self._go(TakeState.RECORDING, {TakeState.PAUSED})
        assert self._paused_since is not None
        pause = (self._paused_since, at)
        self._pauses.append(pause)
        self._paused_since = None
        self._stop("patience")
        self._missing.clear()
        self.booth.resume()
        return pause

    def stop_hearing(self, cause: HoleCause, at: float) -> None:
        """From this moment on the bot hears no one, which is no performer's fault."""
        self._deaf_since.setdefault(cause, at)

    def hear_again(self, cause: HoleCause, at: float) -> None:
        """This cause no longer keeps the bot from hearing."""
        since = self._deaf_since.pop(cause, None)
        if since is not None:
            self._deaf.append((cause, since, at if self._cut_at is None else min(at, self._cut_at)))

    def listening_since(self, now: float) -> float:
        """Since when performers could be heard without interruption; `now` if they cannot be heard now."""
        if self._deaf_since or self._paused_since is not None:
            return now
        ends = [end for _, end in self._pauses] + [end for _, _, end in self._deaf]
        return max([self.starts_at, *ends])

    def cut(self, at: float, reason: CutReason) -> None:
        """Any running state → CUT: it ends at this moment. Later cuts change nothing; the first one counts."""
        self._end(at, reason, TakeState.CUT)

    def stop(self, at: float) -> None:
        """Any state but KEPT → STOPPED, by an X-card: from now on nothing of it is opened."""
        self._is_stopped = True
        self._end(at, CutReason.X_CARD, TakeState.STOPPED)

    async def end_recording(self) -> Sequence[TrackSummary]:
        """Close the tracks at the cut; once, however many callers wait, and to the end."""
        if self._cut_at is None:
            raise WrongState("A take must be cut before its tracks are closed.")
        if self._ending is None or (self._ending.done() and self._ending.exception()):
            self._ending = asyncio.ensure_future(self._close_tracks(self._cut_at))
        return await asyncio.shield(self._ending)

    def keep(self) -> None:
        """CUT or STOPPED → KEPT: the store has it."""
        self._go(TakeState.KEPT, {TakeState.CUT, TakeState.STOPPED})

    def dropped_out(self, discord_user_id: UserId, at: float) -> None:
        """A performer left the channel."""
        self._missing[discord_user_id] = at

    def came_back(self, discord_user_id: UserId) -> None:
        """A performer who had left is in the channel again."""
        self._missing.pop(discord_user_id, None)

    def sounds(self, discord_user_id: UserId, track: LiveTrack) -> None:
        """Take in how a performer's track sounds now; ignored if the performer has withdrawn."""
        if discord_user_id in self._recordable:
            self._tracks[discord_user_id] = track

    def run_clock(self, name: str, task: asyncio.Task[None]) -> None:
        """Own a task that ends with the take: 'countdown', 'time', 'signal', 'patience' in a pause, or the 'watch'."""
        self._stop(name)
        self._clocks[name] = task

    def has_clock(self, name: str) -> bool:
        """Whether a task of this name was started."""
        return name in self._clocks

    def _forget_withdrawn(self, discord_user_id: UserId) -> None:
        if discord_user_id not in self._recordable:
            self._tracks.pop(discord_user_id, None)

    async def _close_tracks(self, cut_at: float) -> Sequence[TrackSummary]:
        if not self._has_listened:
            return ()
        return await self.booth.stop_recording(cut_at)

    def _go(self, state: TakeState, allowed: Set[TakeState]) -> None:
        if self._state not in allowed:
            raise WrongState(f"A take that is {self._state.name} cannot become {state.name}.")
        self._has_listened = self._has_listened or state is TakeState.COUNTING_DOWN
        self._state = state

    def _end(self, at: float, reason: CutReason, state: TakeState) -> None:
        if self._state is TakeState.KEPT:
            return
        if self._cut_at is None:
            self._cut_at, self._cut_reason = at, reason
        if self._state is not TakeState.STOPPED:
            self._state = state
        for name in list(self._clocks):
            self._stop(name)

    def _stop(self, name: str) -> None:
        task = self._clocks.get(name)
        if task and task is not asyncio.current_task():
            task.cancel()
