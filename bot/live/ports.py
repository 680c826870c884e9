"""What live objects need from the outside world: a clock, and the bot's place in a voice channel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Protocol

from bot.domain.ids import UserId
from bot.domain.own_voice import MutedBy, OwnVoice
from bot.samples import Span
from bot.voice.connection.events import ConnectionEvent
from bot.voice.recording.recorder import TrackSummary


class Clock(Protocol):
    """Two kinds of time: wall time for people and the store, monotonic time for sound."""

    def wall(self) -> datetime:
        """Now, in UTC."""
        ...

    def now(self) -> str:
        """`wall` as the store writes it."""
        ...

    def monotonic(self) -> float:
        """Seconds on the clock that stamps frames on arrival."""
        ...

    async def sleep_until(self, moment: float) -> None:
        """Wait until a moment of the monotonic clock."""
        ...


class SystemClock:
    """The machine's clocks."""

    def wall(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)

    def now(self) -> str:
        """`wall` as the store writes it."""
        return timestamp(self.wall())

    def monotonic(self) -> float:
        """Seconds since an arbitrary moment."""
        return monotonic()

    async def sleep_until(self, moment: float) -> None:
        """Wait until a moment of the monotonic clock."""
        await asyncio.sleep(moment - monotonic())


class Booth(Protocol):
    """The bot's place in one voice channel, from which it hears and records."""

    def is_open(self) -> bool:
        """Whether it has been neither left nor given up; it may be reconnecting after an outage."""
        ...

    def occupants(self) -> Sequence[UserId]:
        """The accounts in the channel now, bots not counted."""
        ...

    def idle_users(self) -> frozenset[UserId]:
        """The accounts that Discord moved to the server's AFK channel, because they were idle, or that went there."""
        ...

    def muted_users(self) -> Mapping[UserId, MutedBy]:
        """The accounts in the channel whose own voice state is muted, and by whom; no one hears them."""
        ...

    def own_voice(self) -> OwnVoice:
        """The bot's own voice state now, as Discord told it."""
        ...

    async def come_back(self) -> None:
        """Return to the channel from another one. Raises VoiceUnreachable, ChannelUnsuited or PermissionMissing."""
        ...

    async def until_hearing(self) -> None:
        """Wait until the bot hears in the channel, after it came back or was brought back; for some seconds at most."""
        ...

    def start_recording(
        self,
        folder: Path,
        *,
        started_at: float,
        may_record: Callable[[UserId], bool],
        track_name: Callable[[UserId], str],
        on_failure: Callable[[Exception], None],
    ) -> None:
        """Record from a monotonic moment on, which may lie ahead. Only accounts in `may_record` are ever decrypted."""
        ...

    async def stop_recording(self, cut_at: float) -> Sequence[TrackSummary]:
        """Close all tracks at a monotonic moment."""
        ...

    def undecryptable_in(self, user_id: UserId) -> Sequence[Span]:
        """Where, in the recording that was stopped last, this account's sound arrived but could not be decrypted."""
        ...

    def holes(self) -> Sequence[Span]:
        """Where no one could be heard in the recording that was stopped last, whether or not anyone spoke there."""
        ...

    def unrecorded_users(self) -> frozenset[UserId]:
        """Accounts that were heard during this recording but not recorded."""
        ...

    def undecryptable_users(self) -> frozenset[UserId]:
        """Accounts whose sound reaches the bot at the moment but cannot be decrypted, though it may be recorded."""
        ...

    def on_connection(self, told: Callable[[ConnectionEvent], None]) -> None:
        """Call `told` in the event loop when the connection is lost, restored or given up, or sound is sealed."""
        ...

    def resume(self) -> None:
        """End a pause of the recording: nothing said in it is ever recorded, and its frames do not count as lost."""
        ...

    async def count_down(self, until: float) -> None:
        """Play a countdown in the channel that is over shortly before a monotonic moment; best effort."""
        ...

    async def ask_to_speak(self, seconds: int) -> None:
        """Ask everyone in the channel to speak for this many seconds; returns when the request has been said."""
        ...

    async def say_stopped(self) -> None:
        """Say in the channel that the scene stops."""
        ...

    async def announce(self) -> None:
        """Say and show in the channel that the bot records."""
        ...

    async def leave(self) -> None:
        """Leave the channel and take down the sign."""
        ...


def time_of(clock: Clock, moment: float) -> str:
    """A monotonic moment as the store writes it.

    Of moments that are converted together, the difference is right even if the wall clock was set in between.
    """
    return timestamp(clock.wall() - timedelta(seconds=clock.monotonic() - moment))


def timestamp(moment: datetime) -> str:
    """A moment as the store writes it: UTC, ISO 8601, milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
