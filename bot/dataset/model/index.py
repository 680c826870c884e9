"""Looks things up in a snapshot: from a turn up to its session, and the names of things in an export."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.ids import PersonId, SceneId, SessionId, TakeId, TrackId, TurnId
from bot.domain.states import TargetClaim
from bot.store.records import CastingRow, Cue, Hole, Scene, Take, TargetedTurn, Track, Transcript
from bot.store.snapshot import Snapshot


def session_label(session_id: SessionId) -> str:
    """Return the name of a session in an export, such as 'S0001'."""
    return f"S{session_id:04d}"


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a take in the evening: the session's label, and the numbers of scene and take."""

    session: str
    scene: int
    take: int

    @property
    def label(self) -> str:
        """The take's name in file names, such as 'S0001_scene01_take01'."""
        return f"{self.session}_scene{self.scene:02d}_take{self.take:02d}"


@dataclass(frozen=True, slots=True)
class Target:
    """The target that is claimed for a turn. Emotion and intensity are None while it is uncertain which is in force."""

    claim: TargetClaim
    emotion: str | None
    intensity: int | None


class Index:
    """The rows of a snapshot by their ids. Everything that a row refers to must be in the snapshot.

    `holes` are those of everyone, and of performers whose tracks are there.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._pseudonyms = snapshot.pseudonyms
        self._scenes = {scene.scene_id: scene for scene in snapshot.scenes}
        self._takes = {take.take_id: take for take in snapshot.takes}
        self._tracks = {track.track_id: track for track in snapshot.tracks}
        self._turns = {turn.turn_id: turn for turn in snapshot.turns}
        self._of_take: defaultdict[TakeId, list[Track]] = defaultdict(list)
        for track in snapshot.tracks:
            self._of_take[track.take_id].append(track)
        self._of_track: defaultdict[TrackId, list[TargetedTurn]] = defaultdict(list)
        for turn in snapshot.turns:
            self._of_track[turn.track_id].append(turn)
        self._transcripts = {one.turn_id: one for one in snapshot.transcripts}
        owners = {(track.take_id, track.person_id) for track in snapshot.tracks}
        self.holes = [
            hole for hole in snapshot.holes if hole.person_id is None or (hole.take_id, hole.person_id) in owners
        ]
        self._cues = {(cue.take_id, cue.casting_id): cue for cue in snapshot.cues}
        self._castings = {(casting.scene_id, casting.person_id): casting for casting in snapshot.castings}
        self._emotion_sets = {session.session_id: session.emotion_set for session in snapshot.sessions}
        self._plain_emotions = snapshot.plain_emotions
        self._absent_raters = snapshot.absent_raters

    def name(self, person_id: PersonId) -> str:
        """Return a person's pseudonym. Raises KeyError if they consent to nothing, and so must not be named."""
        return self._pseudonyms[person_id]

    def was_absent(self, rater_id: PersonId, turn_id: TurnId) -> bool:
        """Whether a rater of a turn was not in the channel of its session when they began to rate."""
        scene = self.scene_of(self.track(self.turn(turn_id).track_id).take_id)
        return (scene.session_id, rater_id) in self._absent_raters

    def hole_owner(self, hole: Hole) -> str | None:
        """Return the pseudonym of the only performer whom a hole is about; None if it is about everyone."""
        return None if hole.person_id is None else self.name(hole.person_id)

    def scene(self, scene_id: SceneId) -> Scene:
        """Return a scene by its id."""
        return self._scenes[scene_id]

    def scene_of(self, take_id: TakeId) -> Scene:
        """Return the scene of a take."""
        return self._scenes[self._takes[take_id].scene_id]

    def take(self, take_id: TakeId) -> Take:
        """Return a take by its id."""
        return self._takes[take_id]

    def track(self, track_id: TrackId) -> Track:
        """Return a track by its id."""
        return self._tracks[track_id]

    def turn(self, turn_id: TurnId) -> TargetedTurn:
        """Return a turn by its id."""
        return self._turns[turn_id]

    def tracks_of(self, take_id: TakeId) -> Sequence[Track]:
        """Return the tracks of a take, in the order in which they were stored."""
        return self._of_take.get(take_id, ())

    def turns_in(self, track: Track) -> Sequence[TargetedTurn]:
        """Return the turns in a track, in the order in which they were stored."""
        return self._of_track.get(track.track_id, ())

    def turns_by_label(self, take_id: TakeId) -> dict[str, TargetedTurn]:
        """Return all turns of a take by the names of their clips."""
        turns = (turn for track in self.tracks_of(take_id) for turn in self.turns_in(track))
        return {self.clip_label(turn): turn for turn in turns}

    def casting(self, track: Track) -> CastingRow | None:
        """Return what the performer of a track was dealt in its scene; None if they were recorded without a part."""
        return self._castings.get((self._takes[track.take_id].scene_id, track.person_id))

    def target(self, turn: TargetedTurn) -> Target | None:
        """Return the target that is claimed for a turn; None if the performer was recorded without a part."""
        casting = self.casting(self._tracks[turn.track_id])
        if casting is None or turn.target_claim is None:
            return None
        intensity = self._degree(casting, turn.target_emotion, turn.target_intensity)
        return Target(turn.target_claim, turn.target_emotion, intensity)

    def transcript(self, turn: TargetedTurn) -> Transcript | None:
        """Return what was said in a turn; None if no one wrote it down, or its speaker's words may not go out."""
        return self._transcripts.get(turn.turn_id)

    def cue(self, track: Track) -> Cue | None:
        """Return the cue that the performer of a track was sent in its take; None if there was none."""
        casting = self.casting(track)
        return casting and self._cues.get((track.take_id, casting.casting_id))

    def intensities(self, casting: CastingRow) -> tuple[int | None, int | None]:
        """Return the intensities of a casting's two emotions; None for one that has no degrees or does not exist."""
        return (
            self._degree(casting, casting.target_emotion, casting.target_intensity),
            self._degree(casting, casting.second_emotion, casting.second_intensity),
        )

    def _degree(self, casting: CastingRow, emotion: str | None, intensity: int | None) -> int | None:
        emotion_set = self._emotion_sets[self._scenes[casting.scene_id].session_id]
        return None if (emotion_set, emotion) in self._plain_emotions else intensity

    def place(self, take_id: TakeId) -> Place:
        """Return the place of a take in the evening."""
        take = self._takes[take_id]
        scene = self._scenes[take.scene_id]
        return Place(session_label(scene.session_id), scene.number, take.number)

    def kind(self, take_id: TakeId) -> dict[str, str | None]:
        """Return what kind of take it is, with what belongs to the kind. Other kinds' facts are None.

        `replay_of` is the label of the take that is played again: the beginning of the names of its files.
        """
        scene = self.scene_of(take_id)
        facts = (scene.calibration_part, scene.calibration_voice, scene.calibration_place, scene.replay_mode)
        part, voice, place, mode = (fact and str(fact) for fact in facts)
        return {
            "kind": str(scene.kind),
            "calibration_part": part,
            "calibration_voice": voice,
            "calibration_place": place,
            "replay_of": None if scene.replay_of is None else self.place(scene.replay_of).label,
            "replay_mode": mode,
            "replay_line": scene.replay_line,
        }

    def track_label(self, track: Track) -> str:
        """Return the name of a track's file without its suffix."""
        return f"{self.place(track.take_id).label}_{self.name(track.person_id)}"

    def clip_label(self, turn: TargetedTurn) -> str:
        """Return the name of a clip: the name of its track and the number of the turn in it."""
        return f"{self.track_label(self._tracks[turn.track_id])}_turn{turn.number:03d}"
