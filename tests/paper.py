"""A stage without Discord for tests of services and cogs: real recordings on disk, of frames that the test gives.

It takes the place of Discord's voice servers, and refuses what it was not told about.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from time import monotonic

import numpy as np

from bot.audio.sound import encode_opus
from bot.audio.speech import VoiceDirection, synthesise
from bot.domain.emotions import Emotion
from bot.domain.errors import BoardUnreachable, VoiceUnreachable
from bot.domain.ids import GuildId, SessionId, UserId
from bot.domain.own_voice import MutedBy, Ousting, OwnVoice
from bot.domain.states import CueWay
from bot.live.take.plan import TakeIds
from bot.samples import Span
from bot.services.ports.board import InvitationState, Notice, SignUpState
from bot.services.ports.panel_state import PanelState
from bot.services.ports.post import Receipt, Sent
from bot.services.ports.stage import CueSent, Whisper
from bot.store.notices import DueUse
from bot.store.records import PerformerCasting, PerformerCue, ScheduledSession, Session
from bot.store.retention import DueEnd
from bot.ui.texts.channel import SCENE_STOPPED, request_to_speak
from bot.voice.connection.events import ConnectionEvent, ConnectionLost, ConnectionRestored
from bot.voice.receiving.receiver import FrameReceived
from bot.voice.recording.recorder import Recording, TrackSummary

FRAME_SECONDS = 0.02
VOICE = VoiceDirection(peak_dbfs=-6.0)


@cache
def spoken() -> tuple[bytes, ...]:
    """Packets of 20 ms of someone who speaks without a pause of half a second."""
    voice = synthesise("Nobody moves. We are all going home, one after the other, and then we never meet again.", VOICE)
    sounds = np.flatnonzero(np.abs(voice) > 10 ** (-40 / 20))
    return tuple(encode_opus(voice[sounds[0] : sounds[-1]]))


@dataclass(frozen=True)
class Order:
    """What the bot asked the booth to record."""

    folder: Path
    started_at: float
    may_record: Callable[[UserId], bool]
    track_name: Callable[[UserId], str]
    on_failure: Callable[[Exception], None]


class PaperBooth:
    """One voice channel, with the people that the test puts into it.

    Frames are held until the take is stopped and then really recorded: a running recording has timers, which simcord
    would wait for.
    """

    def __init__(self, occupants: set[UserId], channel_id: int | None = None) -> None:
        self.people = occupants
        self.channel_id = channel_id
        self.own = OwnVoice(channel_id)
        self.idle: set[UserId] = set()
        self.muted: dict[UserId, MutedBy] = {}
        self.waited_to_hear = 0
        self.order: Order | None = None
        self.unrecorded: set[UserId] = set()
        self.undecryptable: frozenset[UserId] = frozenset()
        self.announced = 0
        self.left = False
        self.resumed = 0
        self.counted_down_to: list[float] = []
        self.said: list[str] = []
        self.tell_connection: Callable[[ConnectionEvent], None] = lambda _: None
        self._frames: list[FrameReceived] = []
        self.sealed: dict[UserId, Sequence[Span]] = {}
        self._holes: list[tuple[float, float]] = []
        self._kept_holes: Sequence[Span] = ()

    @property
    def started_at(self) -> float:
        assert self.order is not None, "the booth does not record"
        return self.order.started_at

    def is_open(self) -> bool:
        return not self.left

    def on_connection(self, told: Callable[[ConnectionEvent], None]) -> None:
        self.tell_connection = told

    def occupants(self) -> Sequence[UserId]:
        return sorted(self.people)

    def idle_users(self) -> frozenset[UserId]:
        return frozenset(self.idle)

    def muted_users(self) -> dict[UserId, MutedBy]:
        return dict(self.muted)

    def own_voice(self) -> OwnVoice:
        return self.own

    async def come_back(self) -> None:
        self.own = replace(self.own, channel_id=self.channel_id)

    async def until_hearing(self) -> None:
        self.waited_to_hear += 1

    def start_recording(
        self,
        folder: Path,
        *,
        started_at: float,
        may_record: Callable[[UserId], bool],
        track_name: Callable[[UserId], str],
        on_failure: Callable[[Exception], None],
    ) -> None:
        assert self.order is None, "only one recording at a time"
        self.order = Order(folder, started_at, may_record, track_name, on_failure)
        self._frames.clear()
        self._holes.clear()
        self.unrecorded.clear()

    def speak(self, user_id: UserId, seconds: float, after: float = 0.5, packet: bytes | None = None) -> None:
        """Frames of one talk spurt, `after` seconds into the recording; only permitted ones get through.

        They hold a voice, or the same `packet` again and again.
        """
        assert self.order is not None, "the booth does not record"
        if not self.order.may_record(user_id):
            self.unrecorded.add(user_id)
            return
        packets = cycle(spoken() if packet is None else [packet])
        self.send(user_id, list(islice(packets, round(seconds / FRAME_SECONDS))), after)

    def send(self, user_id: UserId, packets: Sequence[bytes], after: float = 0.0, lost: Collection[int] = ()) -> None:
        """Packets of one talk spurt, 20 ms each; neither the `lost` ones nor those without permission arrive."""
        assert self.order is not None, "the booth does not record"
        for number, packet in enumerate(packets):
            if number not in lost and self.order.may_record(user_id):
                arrival = self.started_at + after + number * FRAME_SECONDS
                position = round((after + number * FRAME_SECONDS) * 48_000)
                self._frames.append(FrameReceived(user_id, user_id & 0xFFFF, number, position, arrival, packet))

    def lose_connection(self, after: float, seconds: float) -> None:
        """Hear nothing for a while, `after` seconds into the recording, and then reconnect."""
        lost_at = self.started_at + after
        self.tell_connection(ConnectionLost(lost_at, "the connection broke"))
        self._holes.append((lost_at, lost_at + seconds))
        self.tell_connection(ConnectionRestored(lost_at + seconds, seconds * 1000))

    async def stop_recording(self, cut_at: float) -> Sequence[TrackSummary]:
        assert self.order is not None, "nothing to stop"
        order, self.order = self.order, None
        recording = Recording(
            order.folder, started_at=order.started_at, track_name=order.track_name, on_failure=order.on_failure
        )
        for frame in self._frames:
            recording.frame(frame)
        for start, end in self._holes:
            recording.mark_hole(start, end)
        summaries = await recording.stop(cut_at)
        self._kept_holes = recording.holes(recording.duration_samples)
        return summaries

    def undecryptable_in(self, user_id: UserId) -> Sequence[Span]:
        return self.sealed.get(user_id, ())

    def holes(self) -> Sequence[Span]:
        return self._kept_holes

    def undecryptable_users(self) -> frozenset[UserId]:
        return self.undecryptable

    def unrecorded_users(self) -> frozenset[UserId]:
        return frozenset(self.unrecorded)

    def resume(self) -> None:
        self.resumed += 1

    async def count_down(self, until: float) -> None:
        self.counted_down_to.append(until)

    async def ask_to_speak(self, seconds: int) -> None:
        self.said.append(request_to_speak(seconds))

    async def say_stopped(self) -> None:
        self.said.append(SCENE_STOPPED)

    async def announce(self) -> None:
        self.announced += 1

    async def leave(self) -> None:
        self.left = True


class PaperBoard:
    """What people see of scheduled sessions. `deaf` accounts accept no direct messages."""

    def __init__(self) -> None:
        self.events: dict[int, ScheduledSession] = {}
        self.states: list[SignUpState] = []
        self.invitations: list[InvitationState] = []
        self.told: list[tuple[UserId, Notice]] = []
        self.mentioned: list[tuple[tuple[UserId, ...], Notice]] = []
        self.deaf: set[UserId] = set()
        self.started: list[int] = []
        self.ended: list[int] = []
        self.refuses_messages = False
        self.on_tell: Callable[[], None] = lambda: None

    def require_place(self, guild_id: GuildId, voice_channel_id: int, chat_channel_id: int) -> None:
        pass

    async def create_event(self, scheduled: ScheduledSession) -> int:
        event_id = 700_000_000_000_000_000 + len(self.events)
        self.events[event_id] = replace(scheduled, event_id=event_id)
        return event_id

    async def move_event(self, scheduled: ScheduledSession) -> bool:
        if scheduled.event_id not in self.events:
            return False
        self.events[scheduled.event_id] = scheduled
        return True

    async def cancel_event(self, scheduled: ScheduledSession) -> None:
        self.events.pop(scheduled.event_id or 0, None)

    async def start_event(self, scheduled: ScheduledSession) -> None:
        self.started.append(scheduled.event_id or 0)

    async def end_event(self, scheduled: ScheduledSession) -> None:
        self.ended.append(scheduled.event_id or 0)

    async def has_event(self, scheduled: ScheduledSession) -> bool:
        return scheduled.event_id in self.events

    async def post_sign_up(self, state: SignUpState) -> int:
        if self.refuses_messages:
            raise BoardUnreachable
        self.states.append(state)
        return 800_000_000_000_000_000 + state.scheduled.scheduled_id

    async def show_sign_up(self, state: SignUpState) -> None:
        if self.refuses_messages:
            raise BoardUnreachable
        self.states.append(state)

    async def post_invitation(self, state: InvitationState) -> int:
        if self.refuses_messages:
            raise BoardUnreachable
        self.invitations.append(state)
        return 900_000_000_000_000_000 + state.invitation.invitation_id

    async def show_invitation(self, state: InvitationState) -> None:
        if self.refuses_messages:
            raise BoardUnreachable
        self.invitations.append(state)

    async def tell(self, discord_user_id: UserId, notice: Notice, scheduled: ScheduledSession) -> bool:
        self.on_tell()
        if discord_user_id in self.deaf:
            return False
        self.told.append((discord_user_id, notice))
        return True

    async def mention(self, discord_user_ids: Sequence[UserId], notice: Notice, scheduled: ScheduledSession) -> None:
        self.mentioned.append((tuple(discord_user_ids), notice))


class PaperPost:
    """The people who can be written to: everyone but the `deaf`. While `is_down`, Discord accepts nothing."""

    def __init__(self) -> None:
        self.receipts: list[Receipt] = []
        self.told_uses: list[DueUse] = []
        self.told_ends: list[DueEnd] = []
        self.deaf: set[UserId] = set()
        self.is_down = False

    def _sent(self, user_id: UserId) -> Sent:
        if self.is_down:
            return Sent.LATER
        return Sent.REFUSED if user_id in self.deaf else Sent.ACCEPTED

    async def send_receipt(self, receipt: Receipt) -> Sent:
        self.receipts.append(receipt)
        return self._sent(receipt.user_id)

    async def tell_of_end(self, due: DueEnd, language: str) -> Sent:
        self.told_ends.append(due)
        return self._sent(due.discord_user_id)

    async def tell_of_use(self, use: DueUse, language: str) -> Sent:
        self.told_uses.append(use)
        return self._sent(use.discord_user_id)


class PaperStage:
    """One guild's channels; a channel that the test has not set up cannot be joined."""

    def __init__(self, channels: dict[int, set[UserId]]) -> None:
        self.channels = channels
        self.board = PaperBoard()
        self.post = PaperPost()
        self.booths: list[PaperBooth] = []
        self.panels: list[PanelState] = []
        self.posted: list[int] = []
        self.removed: list[int] = []
        self.panel_age = 0.0
        self.cards: dict[UserId, Whisper] = {}
        self.cues: list[tuple[UserId, str]] = []
        self.cue_at: float | None = None
        self.cues_by_message: list[tuple[UserId, str]] = []
        self.cue_ways: list[CueWay] = []
        self.questions: list[PerformerCue] = []
        self.deaf: set[UserId] = set()
        self.changed_cards: list[UserId] = []
        self.told_to_ease: list[list[UserId]] = []
        self.coached: list[tuple[UserId, str]] = []
        self.told_of_the_end: list[tuple[UserId, int]] = []
        self.bad_sounds: list[tuple[UserId, UserId, int, int]] = []
        self.missed_cues: list[tuple[UserId, UserId]] = []
        self.own: OwnVoice | None = None
        self.lost_sessions: list[tuple[UserId, Ousting]] = []
        self.lost_panels: list[UserId] = []

    @property
    def booth(self) -> PaperBooth:
        return self.booths[-1]

    async def enter(self, guild_id: GuildId, voice_channel_id: int) -> PaperBooth:
        if voice_channel_id not in self.channels:
            raise VoiceUnreachable(voice_channel_id)
        self.booths.append(PaperBooth(self.channels[voice_channel_id], voice_channel_id))
        self.booth.own = self.own or self.booth.own
        return self.booth

    def ousting(self, guild_id: GuildId, voice_channel_id: int) -> Ousting | None:
        return None if voice_channel_id in self.channels else Ousting.CHANNEL_DELETED

    async def session_lost(self, coordinator_user_id: UserId, session_id: SessionId, cause: Ousting) -> None:
        self.lost_sessions.append((coordinator_user_id, cause))

    async def panel_lost(self, coordinator_user_id: UserId, voice_channel_id: int, lacking: Sequence[str]) -> None:
        self.lost_panels.append(coordinator_user_id)

    async def post_panel(self, panel: PanelState) -> int:
        self.posted.append(900_000_000_000_000_000 + 1_000 * panel.session.session_id + len(self.posted))
        return self.posted[-1]

    async def show_panel(self, panel: PanelState) -> float:
        self.panels.append(panel)
        assert panel.session.panel_message_id is not None
        return self.panel_age

    async def remove_panel(self, session: Session, message_id: int) -> None:
        self.removed.append(message_id)

    def card_shown(self, discord_user_id: UserId, tell: Whisper) -> None:
        self.cards[discord_user_id] = tell

    async def tell_cue(self, take: TakeIds, casting: PerformerCasting, emotion: Emotion, way: CueWay) -> CueSent | None:
        if casting.discord_user_id in self.deaf:
            return None
        self.cue_ways.append(way)
        self.cues.append((casting.discord_user_id, emotion.key))
        at = monotonic() if self.cue_at is None else self.cue_at
        return CueSent(at, is_at_card=True, since=at)

    async def tell_cue_by_message(
        self, take: TakeIds, casting: PerformerCasting, emotion: Emotion, way: CueWay
    ) -> float | None:
        if casting.discord_user_id in self.deaf:
            return None
        self.cues_by_message.append((casting.discord_user_id, emotion.key))
        return monotonic()

    async def ask_about_cue(self, cue: PerformerCue) -> bool:
        if cue.discord_user_id in self.deaf:
            return False
        self.questions.append(cue)
        return True

    async def cue_missed(self, coordinator_user_id: UserId, performer_user_id: UserId) -> None:
        self.missed_cues.append((coordinator_user_id, performer_user_id))

    async def bad_sound(self, coordinator_user_id: UserId, performer_user_id: UserId, scene: int, take: int) -> None:
        self.bad_sounds.append((coordinator_user_id, performer_user_id, scene, take))

    async def take_ends_soon(self, performers: Sequence[UserId], seconds: int) -> None:
        self.told_of_the_end += [(user, seconds) for user in performers]

    async def keep_lighter(self, performers: Sequence[UserId]) -> None:
        self.told_to_ease.append(list(performers))

    async def side_coach(self, discord_user_id: UserId, text: str) -> CueSent | None:
        if discord_user_id in self.deaf:
            return None
        self.coached.append((discord_user_id, text))
        return CueSent(monotonic(), is_at_card=True, since=monotonic())

    async def card_changed(self, discord_user_id: UserId) -> None:
        self.changed_cards.append(discord_user_id)
