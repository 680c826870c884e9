"""What the control panel shows: a session at one moment, with nothing private in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.ids import UserId
from bot.domain.interludes import InterludeShown
from bot.domain.own_voice import MutedBy, Obstacle, OwnVoice
from bot.domain.show import Phase, Step
from bot.live.take.track_quality import LiveTrack
from bot.store.events import Change
from bot.store.records import PerformerCasting, Scene, Session, Take
from bot.store.sessions import SessionCounts
from bot.voice.connection.events import ConnectionEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelState:
    """A session at one moment, with nothing private in it: no roles, characters or emotions.

    `take` is the scene's newest take, `kept` its newest one that was kept. `on_standby` consent to perform and wait for
    the next scene, `absent` are on stage but not in the channel, `missing` dropped out of the running take. Of both,
    those who are `idle` are in the server's AFK channel. `muted` are people in the channel whom no one hears, and who
    muted them. `own_voice` is the bot's own voice state, `deaf_seconds` how long it heard no one in this take so far.
    `rated_until_unix` is for how long a session that has ended can or could be rated; None if it never could be.
    `break_until_unix` is when people are to be back from a break; None in other pauses.
    `was_stopped`: an X-card ended the scene that was dealt last. `is_near_end`: the performers of the running take have
    been told that it ends soon; `is_eased`: they have been asked to keep it lighter. `change` is the newest change that
    the panel shows.
    """

    session: Session
    phase: Phase
    steps: tuple[Step, ...]
    change: Change
    counts: SessionCounts
    scene: Scene | None
    was_stopped: bool
    castings: tuple[PerformerCasting, ...]
    take: Take | None
    kept: Take | None
    starts_at_unix: float | None
    ends_at_unix: float | None
    unrecorded_users: tuple[UserId, ...]
    on_standby: tuple[UserId, ...]
    absent: tuple[UserId, ...]
    missing: tuple[UserId, ...]
    tracks: Mapping[UserId, LiveTrack]
    low_disk_bytes: int | None
    connection: ConnectionEvent | None
    idle: frozenset[UserId] = frozenset()
    muted: Mapping[UserId, MutedBy] = field(default_factory=dict[UserId, MutedBy])
    own_voice: OwnVoice | None = None
    deaf_seconds: float = 0.0
    undecryptable: tuple[UserId, ...] = ()
    rated_until_unix: float | None = None
    can_be_rated: bool = False
    is_near_end: bool = False
    is_eased: bool = False
    interlude: InterludeShown | None = None
    break_until_unix: float | None = None

    @property
    def obstacles(self) -> frozenset[Obstacle]:
        """What stands between the bot and the people in the channel."""
        return self.own_voice.obstacles(self.session.voice_channel_id) if self.own_voice else frozenset()
