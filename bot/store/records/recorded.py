"""What is recorded: takes, the tracks of their performers, holes in the sound, and turns of speech.

Levels are relative to full scale; loudness is ITU-R BS.1770 over a track's speech.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.ids import PersonId, SceneId, SessionId, TakeId, TrackId, TurnId
from bot.domain.states import CutReason, FoundBy, HoleCause, TakeStatus, TargetClaim


@dataclass(frozen=True, slots=True)
class Take:
    """A row of `takes`: one recorded run of a scene, in any state. A scene has at most one that is running.

    `number` counts from 1 within the scene. `state` is 'countdown', 'recording', 'cut' (it is kept) or 'void' (nothing
    was recorded). `called_at` is when the coordinator called it, `started_at` is position 0 of its tracks. `cut_reason`
    is what ended it: 'coordinator', 'time_limit', 'session_end', 'voice_lost', 'withdrawal', 'interrupted', 'disk',
    'x_card', 'dropout', 'paused', 'moved' or 'ousted'. A take with `struck_at` stays on disk, but is in no export.
    `mix_peak` is the highest sum of the absolute samples of all its tracks, a bound for every mix of them; None if it
    is not known.
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
    mix_peak: float | None


@dataclass(frozen=True, slots=True)
class TrackFacts:
    """What is known of one performer's track when its file is closed.

    `path` is below the home folder. `lost_frames` are those that the network lost within speech; None in tracks from
    before they were counted. The levels and `clipped_share` (0 to 1) are None if they were not measured, or if the
    track holds no speech.
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
    """A row of `tracks`: the facts about one track of a take. A take has at most one track per person.

    `turns_method` is how its turns were found, with a version; None until they have been looked for. `heard_person_id`
    is the person on stage whose voice this microphone picked up the loudest, `heard_db` how loud that is against their
    own track; both are None if no one else was found in it. `last_turn_number` is the highest number that a turn of the
    track has ever had.
    """

    track_id: TrackId
    take_id: TakeId
    turns_method: str | None
    last_turn_number: int
    heard_person_id: PersonId | None
    heard_db: float | None


@dataclass(frozen=True, slots=True)
class Hole:
    """A row of `holes`: a stretch of a take in which no one could be heard, or not the performer `person_id`.

    The `cause` is 'connection' if the voice connection was lost ('forbidden' if the bot also lacked the permissions to
    come back), 'pause', because nothing is recorded in a pause ('moved' if the pause began because a moderator moved
    the bot), or 'deafened' if a moderator had deafened the bot. Holes of a take do not overlap.
    """

    hole_id: int
    take_id: TakeId
    cause: HoleCause
    start_samples: int
    end_samples: int
    person_id: PersonId | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A row of `turns`: a stretch of speech in a track, and the stretch that is its clip.

    `number` is given once within the track; turns that are found later get higher ones. Start and end are the bounds of
    the speech; those of the clip lie up to 100 ms further out. `is_for_rating` is 1 for a turn that is put up for
    rating, otherwise 0. `found_by` is 'voice' if a voice was detected in it, 'level' if it only stood out from the
    noise, or 'spurts' if it is what the performer's client sent without a pause. `method` is how it was found, with a
    version.
    """

    turn_id: TurnId
    track_id: TrackId
    number: int
    start_samples: int
    end_samples: int
    clip_start_samples: int
    clip_end_samples: int
    is_for_rating: int
    found_by: FoundBy
    method: str


@dataclass(frozen=True, slots=True)
class TargetedTurn(Turn):
    """A turn with the target that is claimed for it: the one in force when it began (the view `turn_targets`).

    `target_claim` is 'first', 'second' or 'uncertain'; None for a speaker who had no part in the scene. Emotion and
    intensity are None without a part and if the claim is uncertain, the intensity also for an emotion without degrees.
    `target_until_samples` is where a cue ended the target within the turn; None if it holds to the end.
    """

    target_claim: TargetClaim | None
    target_emotion: str | None
    target_intensity: int | None
    target_until_samples: int | None


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """A row of `sound_checks` as it is written: how one performer sounded in the warm-up. The sound itself is not kept.

    A value is None if it could not be measured; all levels are None if the performer was not heard. Shares are 0 to 1.
    `heard_in_track_of` is the person whose microphone picked up this performer the loudest, `crosstalk_db` how loud
    that is against that track's own speech.
    """

    person_id: PersonId
    speech_dbfs: float | None
    noise_dbfs: float | None
    clipped_share: float | None
    lost_share: float | None
    heard_in_track_of: PersonId | None
    crosstalk_db: float | None


@dataclass(frozen=True, slots=True)
class SoundCheckRow(SoundFacts):
    """A row of `sound_checks`: what one sound check of a session measured of one performer."""

    sound_check_id: int
    session_id: SessionId
    checked_at: str
