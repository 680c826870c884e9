"""Which parts of a snapshot may be exported: consent counts as it is now, not as it was at the time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from bot.dataset.model.options import Options
from bot.domain.consent import TO_PERFORM, TO_RATE
from bot.domain.ids import PersonId, SessionId, TrackId, TurnId
from bot.domain.states import TakeKind, TakeStatus
from bot.store.records import SoundCheckRow, TargetedTurn, Track
from bot.store.snapshot import Snapshot

LEFT_OUT: Final = {
    "speakers_without_consent": "speakers who no longer consent to being recorded, stored and reviewed",
    "tracks_without_consent": "tracks of speakers without that consent",
    "clips_without_consent": "clips of speakers without that consent",
    "ratings_of_left_out_clips": "ratings and self-ratings of clips that were left out",
    "ratings_without_consent": "ratings by people who no longer consent to rating",
    "takes_not_kept": "takes that were struck, not kept or still running",
    "tracks_unreadable": "tracks whose file was missing, empty or damaged",
    "clips_unreadable": "clips of tracks whose file was missing, empty or damaged",
    "clips_silent": "clips in which nothing can be heard",
}
"""Every reason why something is left out, with the words for what is counted."""

COUNTED_STATE: Final = TakeStatus.CUT
"""The state of a take that has ended and is kept."""


def keep_consented(snapshot: Snapshot, options: Options) -> tuple[Snapshot, Counter[str]]:
    """Return the snapshot without what the consent in force does not cover, and the counts of what is left out.

    The pseudonyms of people without a consent that counts are removed, so that no later step can write them.
    """
    performers = {key for key, scopes in snapshot.scopes.items() if scopes >= TO_PERFORM}
    raters = {key for key, scopes in snapshot.scopes.items() if scopes >= TO_RATE}
    sessions = _Sessions(snapshot)
    kept_takes = {take.take_id for take in snapshot.takes if take.state == COUNTED_STATE and take.struck_at is None}
    tracks = [track for track in snapshot.tracks if track.take_id in kept_takes]
    consented = {track.track_id for track in tracks if (sessions.of_track(track), track.person_id) in performers}
    refused = [track for track in tracks if track.track_id not in consented]
    refused_ids = {track.track_id for track in refused}
    left_out = Counter(
        {
            "speakers_without_consent": len({track.person_id for track in refused}),
            "tracks_without_consent": len(refused),
            "clips_without_consent": sum(turn.track_id in refused_ids for turn in wanted_turns(snapshot, options)),
            "takes_not_kept": len(snapshot.takes) - len(kept_takes),
        }
    )
    known = {person for _, person in performers | raters}
    kept = replace(
        snapshot,
        castings=[one for one in snapshot.castings if (sessions.of_scene[one.scene_id], one.person_id) in performers],
        events=[
            event if (event.session_id, event.person_id) in performers | raters else replace(event, person_id=None)
            for event in snapshot.events
        ],
        sound_checks=[
            _of_consenting(check, performers)
            for check in snapshot.sound_checks
            if (check.session_id, check.person_id) in performers
        ],
        pseudonyms={person: name for person, name in snapshot.pseudonyms.items() if person in known},
        scopes={key: scopes for key, scopes in snapshot.scopes.items() if key in performers | raters},
    )
    kept, of_left_out = keep_tracks(kept, consented)
    ratings = [one for one in kept.ratings if (sessions.of_turn(one.turn_id), one.rater_id) in raters]
    self_ratings = [one for one in kept.self_ratings if (sessions.of_turn(one.turn_id), one.person_id) in raters]
    refused_ratings = len(kept.ratings) - len(ratings) + len(kept.self_ratings) - len(self_ratings)
    left_out["ratings_without_consent"] = refused_ratings
    return replace(kept, ratings=ratings, self_ratings=self_ratings), left_out + of_left_out


def _of_consenting(check: SoundCheckRow, performers: Collection[tuple[SessionId, PersonId]]) -> SoundCheckRow:
    """Return a sound check without what someone else's microphone picked up, unless they consent too."""
    if (check.session_id, check.heard_in_track_of) in performers:
        return check
    return replace(check, heard_in_track_of=None, crosstalk_db=None)


class _Sessions:
    """The sessions that the scenes, tracks and turns of a snapshot belong to."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.of_scene = {scene.scene_id: scene.session_id for scene in snapshot.scenes}
        self._of_take = {take.take_id: self.of_scene[take.scene_id] for take in snapshot.takes}
        self._tracks = {track.track_id: track for track in snapshot.tracks}
        self._track_of_turn = {turn.turn_id: turn.track_id for turn in snapshot.turns}

    def of_track(self, track: Track) -> SessionId:
        return self._of_take[track.take_id]

    def of_turn(self, turn_id: TurnId) -> SessionId:
        return self.of_track(self._tracks[self._track_of_turn[turn_id]])


def wanted_turns(snapshot: Snapshot, options: Options) -> list[TargetedTurn]:
    """Return the turns that are to become clips: those that were put up for rating, and all of calibrations.

    With `has_all_turns`, it is every turn.
    """
    calibrations = {scene.scene_id for scene in snapshot.scenes if scene.kind is TakeKind.CALIBRATION}
    takes = {take.take_id for take in snapshot.takes if take.scene_id in calibrations}
    plain = {track.track_id for track in snapshot.tracks if track.take_id in takes}
    return [turn for turn in snapshot.turns if options.has_all_turns or turn.is_for_rating or turn.track_id in plain]


def keep_tracks(snapshot: Snapshot, track_ids: Collection[TrackId]) -> tuple[Snapshot, Counter[str]]:
    """Return the snapshot with only these tracks, their turns and the ratings of those."""
    turns = [turn for turn in snapshot.turns if turn.track_id in track_ids]
    tracks = [track for track in snapshot.tracks if track.track_id in track_ids]
    return _keep_judged(replace(snapshot, tracks=tracks, turns=turns), {turn.turn_id for turn in turns})


def keep_clips(snapshot: Snapshot, turn_ids: Collection[TurnId]) -> tuple[Snapshot, Counter[str]]:
    """Return the snapshot with the ratings of only these turns. The other turns stay, as stretches of speech."""
    return _keep_judged(snapshot, turn_ids)


def _keep_judged(snapshot: Snapshot, turn_ids: Collection[TurnId]) -> tuple[Snapshot, Counter[str]]:
    ratings = [rating for rating in snapshot.ratings if rating.turn_id in turn_ids]
    own = [rating for rating in snapshot.self_ratings if rating.turn_id in turn_ids]
    gone = len(snapshot.ratings) + len(snapshot.self_ratings) - len(ratings) - len(own)
    return replace(snapshot, ratings=ratings, self_ratings=own), Counter({"ratings_of_left_out_clips": gone})
