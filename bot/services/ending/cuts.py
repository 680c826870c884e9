"""The end of takes: cut by a button, the time limit or trouble, exact to the sample of the press, and kept.

A cut takes effect in memory and in the journal first. Then the tracks are closed and the store is updated; both are
tried until they succeed.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import NoTakeRunning
from bot.domain.events.kinds import EventKind
from bot.domain.holes import CausedHole, side_by_side
from bot.domain.ids import EventId, UserId
from bot.domain.states import CutReason, HoleCause
from bot.live.asked import TAKE_CUT
from bot.live.errands import Errands
from bot.live.ports import Clock
from bot.live.promises import LONGEST_PAUSE_SECONDS, Promises
from bot.live.session import LiveSession
from bot.live.take.live_take import LiveTake
from bot.samples import Span
from bot.services.access.changes import Changes
from bot.services.ending.cue_questions import CueQuestions
from bot.services.ending.kept_takes import Ending, KeptTakes
from bot.services.panel.panels import Panels
from bot.store.records import Take
from bot.voice.recording.recorder import TrackSummary

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TakeCut:
    """A take that is over, and what was kept of it.

    `deaf_samples` is how long the bot itself heard no one, pauses not counted. `muted` are those whom Discord does not
    let be heard at the end. No one rates a calibration: then `is_rated` is False.
    """

    take: Take
    duration_samples: int
    tracks: int
    silent_users: frozenset[UserId]
    unrecorded_users: frozenset[UserId]
    deaf_samples: int = 0
    muted: frozenset[UserId] = frozenset()
    is_rated: bool = True


@dataclass(frozen=True, slots=True)
class Cuts:
    """Ends takes and keeps them."""

    clock: Clock
    promises: Promises
    errands: Errands
    changes: Changes
    panels: Panels
    kept_takes: KeptTakes
    cue_questions: CueQuestions

    def cut_now(self, session: LiveSession, at: float, seen: EventId | None = None) -> LiveTake:
        """Cut the running take for a coordinator, at a monotonic moment, without waiting. `kept` does the rest.

        Raises NoTakeRunning, or SessionChanged for a press on a panel that is out of date.
        """
        self.changes.require_seen(session, seen)
        if session.take is None or not session.take.is_running:
            raise NoTakeRunning
        self.end(session, session.take, at, CutReason.COORDINATOR)
        return session.take

    def end(self, session: LiveSession, take: LiveTake, at: float, reason: CutReason) -> None:
        """End a take at a monotonic moment, in memory and in the journal; a take that has ended keeps its first end."""
        if not take.is_running:
            return
        take.cut(at, reason)
        session.will_change(EventKind.TAKE_CUT)
        facts = {"take": take.take.take_id, "duration_samples": take.duration_samples, "reason": reason}
        self.promises.make(TAKE_CUT, facts)
        self.close_tracks(take)
        self.panels.changed(session.session_id)

    def close_tracks(self, take: LiveTake) -> None:
        """Close the tracks in the background, even while others wait for the store."""
        self.errands.run(_close_tracks(take), f"end of take {take.take.take_id}")

    async def cut(self, session: LiveSession, at: float, seen: EventId | None = None) -> TakeCut:
        """Cut the running take and keep it. A take that is cut in its countdown is void: nothing was recorded."""
        return await self.kept(session, self.cut_now(session, at, seen))

    async def kept(self, session: LiveSession, take: LiveTake) -> TakeCut:
        """Store a take that has ended; once, and to the end: a caller who stops waiting does not leave it half done.

        Raises NoTakeRunning if another caller has kept it. If the database is full or locked, this tries again. A take
        that fails for another reason is over for the session; the scene's next take, or the next start, closes it.
        """
        work = self._keep_until_kept(session, take)
        return await asyncio.shield(self.errands.run(work, f"keeping of take {take.take.take_id}"))

    async def keep_unless_kept(self, session: LiveSession, take: LiveTake) -> None:
        """`kept`, if it does not matter which caller keeps it."""
        with suppress(NoTakeRunning):
            await self.kept(session, take)

    async def _keep_until_kept(self, session: LiveSession, take: LiveTake) -> TakeCut:
        while True:
            try:
                async with self.changes.changing(session):
                    return await self.keep_with_lock(session, take)
            except NoTakeRunning:
                raise
            except sqlite3.OperationalError:
                _log.exception("Take %d could not be kept; the bot tries again.", take.take.take_id)
                await asyncio.sleep(LONGEST_PAUSE_SECONDS)
            except Exception:
                # It would fail every time and block the session.
                session.take_is_over(take)
                raise

    async def keep_now_or_later(self, session: LiveSession, take: LiveTake) -> None:
        """`keep_with_lock`; if that fails, raises its error, and keeps the take in the background once it can."""
        try:
            await self.keep_with_lock(session, take)
        except Exception:
            self.errands.run(self.keep_unless_kept(session, take), f"later keeping of take {take.take.take_id}")
            raise

    async def keep_with_lock(self, session: LiveSession, take: LiveTake) -> TakeCut:
        """`kept` for a caller who holds the session's lock; one attempt."""
        if session.take is not take:
            raise NoTakeRunning
        summaries = await self._closed_tracks(take)
        assert take.cut_at is not None, "a take has ended before it is kept"
        ended_at = self.clock.wall() - timedelta(seconds=self.clock.monotonic() - take.cut_at)
        assert take.cut_reason is not None, "it was cut"
        holes = holes_of(take)
        own = own_holes_of(take, holes)
        ending = Ending(take.duration_samples, take.cut_reason, ended_at, holes, take.is_stopped, own)
        await self.kept_takes.keep(session.session_id, take.take, summaries, ending)
        take.keep()
        session.take_is_over(take)
        self.panels.changed(session.session_id)
        self.cue_questions.ask_soon(session, take)
        recorded = {summary.user_id for summary in summaries}
        return TakeCut(
            take.take,
            take.duration_samples,
            len(summaries),
            frozenset(take.recordable - recorded),
            take.booth.unrecorded_users() - take.recordable,
            sum(end - start for cause, start, end in holes if cause not in (HoleCause.PAUSE, HoleCause.MOVED)),
            frozenset(take.booth.muted_users()),
            take.plan.is_rated,
        )

    async def _closed_tracks(self, take: LiveTake) -> Sequence[TrackSummary]:
        """The tracks as they were recorded; if the recorder cannot close them, as far as they are on disk."""
        take_id = take.take.take_id
        try:
            return await take.end_recording()
        except Exception:
            _log.exception("The tracks of take %d could not be closed; the bot tries once more.", take_id)
        try:
            return await take.end_recording()
        except Exception:
            _log.exception("The tracks of take %d could not be closed; they are kept as they are on disk.", take_id)
        users = {name: user for user, name in take.track_names.items()}
        return await self.kept_takes.tracks_left(take.folder, users, take.duration_samples)


async def _close_tracks(take: LiveTake) -> None:
    await take.end_recording()


def holes_of(take: LiveTake) -> tuple[CausedHole, ...]:
    """Where no one could be heard in a take that has ended, without what the store knows: cause, start, end.

    They do not overlap. What a moderator did counts before the connection, which often is lost for the same reason.
    """
    duration = take.duration_samples
    over = [Span(take.position_samples(start), take.position_samples(end)) for start, end in take.pauses]
    causes = [HoleCause.DEAFENED, HoleCause.FORBIDDEN]
    layers: list[tuple[HoleCause, Sequence[Span]]] = [(cause, _deaf(take, cause)) for cause in causes]
    if take.paused_since is not None and (paused := take.position_samples(take.paused_since)) < duration:
        layers.insert(0, (take.pause_hole, [Span(paused, duration)]))
    return tuple(side_by_side([*layers, (HoleCause.CONNECTION, take.booth.holes())], over))


def own_holes_of(take: LiveTake, holes: Sequence[CausedHole]) -> dict[UserId, list[CausedHole]]:
    """Where one performer could not be heard, and the others could."""
    over = [Span(take.position_samples(start), take.position_samples(end)) for start, end in take.pauses]
    over += [Span(start, end) for _, start, end in holes]
    found: dict[UserId, list[CausedHole]] = {}
    for user_id in take.recordable:
        spans = take.booth.undecryptable_in(user_id)
        if own := side_by_side([(HoleCause.UNDECRYPTABLE, spans)], over):
            found[user_id] = own
    return found


def _deaf(take: LiveTake, cause: HoleCause) -> list[Span]:
    """When one cause kept the bot from hearing, as far as it lies in the take."""
    duration = take.duration_samples
    spans = [(take.position_samples(start), end) for found, start, end in take.deaf if found is cause]
    ends = [(start, min(take.position_samples(end), duration)) for start, end in spans]
    return [Span(start, end) for start, end in ends if start < end]
