"""A voice channel of a history: real keys and packets, the bot's real receiver and recording, and a clock that jumps.

Everyone has a place in an encrypted call (DAVE over MLS) with a sender of their own; what they say is sealed twice and
arrives as datagrams. Only Discord's sockets are not there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.domain.ids import GuildId, UserId
from bot.live.ports import timestamp
from bot.voice.receiving.receiver import Receiver
from bot.voice.recording.recorder import TrackSummary
from bot.wire.transport import cipher_for
from tests.evening import CHANNEL, GUILD
from tests.paper import PaperStage
from tools.bench.call import FIRST_PERSON, FIRST_SSRC, KEY, BotKeys, Speaker, form_group, speakers_of
from tools.histories.story import PEOPLE, SERVERS
from tools.histories.voices import FRAME_SECONDS
from tools.long_takes.stage import FastBooth, JumpingClock

MODE = "aead_aes256_gcm_rtpsize"
USERS = tuple(UserId(FIRST_PERSON + number) for number in range(PEOPLE))
GUILDS = tuple(GuildId(GUILD + number) for number in range(SERVERS))
CHANNELS = tuple(CHANNEL + number for number in range(SERVERS))


class HistoryClock(JumpingClock):
    """A clock that a process can take over from the one before it."""

    def __init__(self, ahead: float) -> None:
        super().__init__()
        self._ahead = ahead

    @property
    def ahead(self) -> float:
        """How far it is ahead of the machine's clock, in seconds."""
        return self._ahead

    def after(self, seconds: float) -> str:
        """Return a time from now, as the store writes it."""
        return timestamp(self.wall() + timedelta(seconds=seconds))


@dataclass(frozen=True, slots=True)
class Call:
    """An encrypted call in one channel: what the bot has of it, and what each person sends with."""

    keys: BotKeys
    speakers: Sequence[Speaker]


def form_call() -> Call:
    """Form a call of everyone and the bot."""
    founder, bot = form_group(PEOPLE)
    return Call(BotKeys(bot), speakers_of(founder, PEOPLE, MODE))


class SealedBooth(FastBooth):
    """The bot's place in a channel, which gets datagrams."""

    def __init__(self, occupants: set[UserId], channel_id: int, clock: JumpingClock, call: Call) -> None:
        super().__init__(occupants, channel_id, clock)
        self._call = call
        self._receiver = Receiver(call.keys)
        self._receiver.use_transport(cipher_for(MODE, KEY))
        self._receiver.use_roster(lambda: self.people)
        for number, user in enumerate(USERS):
            self._receiver.speaking(FIRST_SSRC + number, user, clock.monotonic())

    def start_recording(
        self,
        folder: Path,
        *,
        started_at: float,
        may_record: Callable[[UserId], bool],
        track_name: Callable[[UserId], str],
        on_failure: Callable[[Exception], None],
    ) -> None:
        """Open what those say whom the bot may record."""
        super().start_recording(
            folder, started_at=started_at, may_record=may_record, track_name=track_name, on_failure=on_failure
        )
        self._receiver.record(may_record, since=self._clock.monotonic())

    def say(self, person: int, packets: Sequence[bytes]) -> None:
        """Let someone say something: each packet arrives one frame after the one before it."""
        assert self._recording is not None, "the booth does not record"
        for packet in packets:
            self._clock.go_to(self._clock.monotonic() + FRAME_SECONDS)
            datagram = self._call.speakers[person].datagram(packet)
            self._recording.frames(self._receiver.datagram(datagram, self._clock.monotonic()))

    def resume(self) -> None:
        """End a pause: what was said in it is never opened."""
        super().resume()
        self._receiver.leave_out(until=self._clock.monotonic())

    async def stop_recording(self, cut_at: float) -> Sequence[TrackSummary]:
        """Close the tracks."""
        self._receiver.stop_recording()
        return await super().stop_recording(cut_at)


class SealedStage(PaperStage):
    """The bot's servers, each with one channel and one encrypted call."""

    def __init__(self, clock: JumpingClock, calls: Sequence[Call]) -> None:
        super().__init__({channel: set(USERS) for channel in CHANNELS})
        self._clock = clock
        self._calls = dict(zip(CHANNELS, calls, strict=True))

    async def enter(self, guild_id: GuildId, voice_channel_id: int) -> SealedBooth:
        """Join a channel."""
        people, call = self.channels[voice_channel_id], self._calls[voice_channel_id]
        booth = SealedBooth(people, voice_channel_id, self._clock, call)
        self.booths.append(booth)
        return booth

    def recording_in(self, channel_id: int) -> SealedBooth | None:
        """The booth that records in a channel now."""
        return next(
            (one for one in self.booths if isinstance(one, SealedBooth) and one.channel_id == channel_id and one.order),
            None,
        )
