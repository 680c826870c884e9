"""What is recorded: takes, the tracks of their performers, where nobody could be heard, and turns of speech.

Levels are relative to full scale; loudness is ITU-R BS.1770 over a track's speech.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import PersonId, SceneId, TakeId, TrackId, TurnId
from bot.domain.states import CutReason, HoleCause, TakeStatus


@dataclass(frozen=True, slots=True)
class Take:
    """A row of `takes`: one recorded run of a scene, in whatever state; a scene has at most one that is running.

    `number` counts from 1 within the scene. `state` is 'countdown', 'recording', 'cut' (it is kept) or 'void' (nothing
    came of it). `called_at` is when the coordinator called for it, `started_at` position 0 of its tracks. What ended it
    is `cut_reason`: 'coordinator', 'time_limit', 'session_end', 'voice_lost', 'withdrawal', 'interrupted', 'disk',
    'x_card' or 'dropout'. A take with `struck_at` stays on disk and out of every export.
    """

    take_id: TakeId
    scene_id: SceneId
    number: int
    state: TakeStatus
    called_at: str
    started_at: str | None
    cut_at: str | None
    cut_reason: CutReason | None
    duration_samples: int | None
    struck_at: str | None


@dataclass(frozen=True, slots=True)
class TrackFacts:
    """What is known of one performer's track when its file is closed.

    `path` is below the home folder. `lost_frames` are those that the network lost within speech, None in tracks of
    before they were counted. The levels, and `clipped_share` of 0 to 1, are None where they were not measured or there
    is no speech to measure.
    """

    person_id: PersonId
    path: str
    duration_samples: int
    received_frames: int
    concealed_frames: int
    first_speech_samples: int | None
    speech_samples: int
    lost_frames: int | None
    loudness_lufs: float | None
    peak_dbfs: float | None
    speech_dbfs: float | None
    noise_dbfs: float | None
    clipped_share: float | None


@dataclass(frozen=True, slots=True)
class Track(TrackFacts):
    """A row of `tracks`: those facts of a take's track. A take has at most one for each person."""

    track_id: TrackId
    take_id: TakeId


@dataclass(frozen=True, slots=True)
class Hole:
    """A row of `holes`: a stretch of a take in which nobody could be heard.

    The `cause` is the 'connection', which was away, or a 'pause', in which nothing is recorded.
    """

    hole_id: int
    take_id: TakeId
    cause: HoleCause
    start_samples: int
    end_samples: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A row of `turns`: a stretch of speech in a track. None spans a cue.

    `number` counts from 1 within the track; `is_for_rating` is 1 for a turn that is put up for rating, else 0.
    """

    turn_id: TurnId
    track_id: TrackId
    number: int
    start_samples: int
    end_samples: int
    is_for_rating: int


@dataclass(frozen=True, slots=True)
class TargetedTurn(Turn):
    """A turn with the target in force when it was spoken (the view `turn_targets`).

    Both are None for a speaker who had no part in the scene.
    """

    target_emotion: str | None
    target_intensity: int | None


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """A row of `sound_checks` as it is written: how one performer sounded in the warm-up, of which no sound is kept.

    None is what could not be measured, and all levels are None for the unheard; shares are 0 to 1. `heard_in_track_of`
    is the person whose microphone picked this performer up the loudest, `crosstalk_db` how loud against that track's
    own speech.
    """

    person_id: PersonId
    speech_dbfs: float | None
    noise_dbfs: float | None
    clipped_share: float | None
    lost_share: float | None
    heard_in_track_of: PersonId | None
    crosstalk_db: float | None
