"""Which parts of a snapshot may be exported: permission counts as it is now, not as it was at the time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final

from bot.dataset.model.options import Options
from bot.dataset.sound.orders import Audio
from bot.domain.ids import PersonId, SessionId, TrackId, TurnId
from bot.domain.permission import TO_KEEP_ANSWERS, Use, Wanted
from bot.domain.states import TakeKind, TakeStatus
from bot.store.records import CastingRow, Event, SoundCheckRow, Take, TargetedTurn, Track, Trial
from bot.store.snapshot import Snapshot

LEFT_OUT: Final = {
    "speakers_without_consent": "speakers who do not consent to this export of any of their tracks",
    "tracks_without_consent": "tracks that their speakers do not consent to, or have withdrawn",
    "clips_without_consent": "clips of those tracks",
    "ratings_of_left_out_clips": "ratings and self-ratings of clips that were left out",
    "ratings_without_consent": "ratings by people who no longer consent to rating, or have withdrawn them",
    "transcripts_without_consent": "transcripts of speakers who do not let their words be published",
    "takes_not_kept": "takes that were struck, not kept or still running",
    "tracks_unreadable": "tracks whose file was missing, empty or damaged",
    "clips_unreadable": "clips of tracks whose file was missing, empty or damaged",
    "clips_silent": "clips in which nothing can be heard",
}
"""Every reason why something is left out, with the words for what is counted."""

COUNTED_STATE: Final = TakeStatus.CUT
"""The state of a take that has ended and is kept."""


def keep_consented(snapshot: Snapshot, options: Options) -> tuple[Snapshot, Counter[str]]:
    """Return the snapshot without what people do not permit to be exported, and the counts of what is left out.

    Sound goes by the consent of who is heard in it, for the purpose and the recipient of the export; answers go by that
    of who gave them. The pseudonyms of people of whom nothing is kept are removed: no later step can write them.
    """
    may = _Permitted(snapshot, options)
    kept_takes = {take.take_id for take in snapshot.takes if take.state == COUNTED_STATE and take.struck_at is None}
    tracks = [track for track in snapshot.tracks if track.take_id in kept_takes]
    # Packets of Opus cannot be silenced without encoding them again: a track with a turn that was left out stays out.
    untouchable = {track for track, _ in snapshot.left_out} if options.audio is Audio.OPUS else set[TrackId]()
    consented = {track.track_id for track in tracks if may.export_track(track)} - untouchable
    refused = [track for track in tracks if track.track_id not in consented]
    refused_ids = {track.track_id for track in refused}
    allowed = may.owners(track for track in tracks if track.track_id in consented)
    left_out = Counter(
        {
            "speakers_without_consent": len({person for _, person in may.owners(refused) - allowed}),
            "tracks_without_consent": len(refused),
            "clips_without_consent": sum(turn.track_id in refused_ids for turn in wanted_turns(snapshot, options)),
            "takes_not_kept": len(snapshot.takes) - len(kept_takes),
        }
    )
    in_scene = {(may.take(track).scene_id, track.person_id) for track in tracks if track.track_id in consented}
    castings = [
        one for one in snapshot.castings if (one.scene_id, one.person_id) in in_scene or may.export_casting(one)
    ]
    kept, of_left_out = keep_tracks(replace(snapshot, castings=castings), consented)
    published = [one for one in kept.transcripts if may.publish_words(one.turn_id)]
    left_out["transcripts_without_consent"] = len(kept.transcripts) - len(published)
    kept = replace(
        kept,
        events=[one if may.name_in_event(one) else replace(one, person_id=None) for one in snapshot.events],
        sound_checks=[may.without_others(one) for one in snapshot.sound_checks if may.export_check(one, one.person_id)],
        ratings=[one for one in kept.ratings if may.keep_answer(one.turn_id, one.rater_id, one.answered_at)],
        self_ratings=[one for one in kept.self_ratings if may.keep_answer(one.turn_id, one.person_id, one.answered_at)],
        transcripts=published,
    )
    kept = _keep_trials(
        kept,
        [one for one in kept.trials if one.answered_at and may.keep_answer(one.turn_id, one.rater_id, one.answered_at)],
    )
    judged = [one for one in (*snapshot.ratings, *snapshot.self_ratings) if may.has_track(one.turn_id, consented)]
    left_out["ratings_without_consent"] = len(judged) - len(kept.ratings) - len(kept.self_ratings)
    return _without_the_unknown(kept), left_out + of_left_out


def _without_the_unknown(snapshot: Snapshot) -> Snapshot:
    """Return a snapshot without the pseudonyms and consents of people of whom it has nothing."""
    rows = (*snapshot.tracks, *snapshot.castings, *snapshot.events, *snapshot.sound_checks, *snapshot.self_ratings)
    known = {one.person_id for one in rows} | {one.rater_id for one in (*snapshot.ratings, *snapshot.trials)}
    return replace(
        snapshot,
        pseudonyms={person: name for person, name in snapshot.pseudonyms.items() if person in known},
        standings={key: found for key, found in snapshot.standings.items() if key[1] in known},
    )


class _Permitted:
    """What the people of a snapshot permit to be exported, for the purpose and the recipient of an export."""

    def __init__(self, snapshot: Snapshot, options: Options) -> None:
        self._snapshot = snapshot
        self._to_export = Wanted(Use.EXPORT, purpose=options.purpose, recipient=options.recipient)
        self._to_publish_words = replace(self._to_export, use=Use.PUBLISH_WORDS)
        self._scenes = {scene.scene_id: scene for scene in snapshot.scenes}
        self._takes = {take.take_id: take for take in snapshot.takes}
        self._tracks = {track.track_id: track for track in snapshot.tracks}
        self._track_of_turn = {turn.turn_id: turn.track_id for turn in snapshot.turns}

    def take(self, track: Track) -> Take:
        return self._takes[track.take_id]

    def session_of(self, track: Track) -> SessionId:
        return self._scenes[self.take(track).scene_id].session_id

    def owners(self, tracks: Iterable[Track]) -> set[tuple[SessionId, PersonId]]:
        return {(self.session_of(track), track.person_id) for track in tracks}

    def has_track(self, turn_id: TurnId, track_ids: Collection[TrackId]) -> bool:
        return self._track_of_turn[turn_id] in track_ids

    def export_track(self, track: Track) -> bool:
        return self._export(self.session_of(track), track.person_id, self.take(track).called_at)

    def publish_words(self, turn_id: TurnId) -> bool:
        track = self._tracks[self._track_of_turn[turn_id]]
        wanted = replace(self._to_publish_words, made_at=self.take(track).called_at)
        return self._snapshot.permits(self.session_of(track), track.person_id, wanted)

    def export_casting(self, casting: CastingRow) -> bool:
        scene = self._scenes[casting.scene_id]
        return self._export(scene.session_id, casting.person_id, scene.dealt_at)

    def export_check(self, check: SoundCheckRow, person_id: PersonId | None) -> bool:
        return self._export(check.session_id, person_id, check.checked_at)

    def without_others(self, check: SoundCheckRow) -> SoundCheckRow:
        """Return a sound check without what someone else's microphone picked up, unless they permit that, too."""
        if self.export_check(check, check.heard_in_track_of):
            return check
        return replace(check, heard_in_track_of=None, crosstalk_db=None)

    def name_in_event(self, event: Event) -> bool:
        assert event.session_id is not None  # the events of a snapshot are those of its sessions
        return self._export(event.session_id, event.person_id, event.happened_at) or self._keep(
            event.session_id, event.person_id, event.happened_at
        )

    def keep_answer(self, turn_id: TurnId, person_id: PersonId, answered_at: str) -> bool:
        session_id = self.session_of(self._tracks[self._track_of_turn[turn_id]])
        return self._keep(session_id, person_id, answered_at)

    def _export(self, session_id: SessionId, person_id: PersonId | None, made_at: str) -> bool:
        return self._snapshot.permits(session_id, person_id, replace(self._to_export, made_at=made_at))

    def _keep(self, session_id: SessionId, person_id: PersonId | None, made_at: str) -> bool:
        return self._snapshot.permits(session_id, person_id, replace(TO_KEEP_ANSWERS, made_at=made_at))


def wanted_turns(snapshot: Snapshot, options: Options) -> list[TargetedTurn]:
    """Return the turns that are to become clips: those that were put up for rating, and all of calibrations.

    With `has_all_turns`, it is every turn.
    """
    calibrations = {scene.scene_id for scene in snapshot.scenes if scene.kind is TakeKind.CALIBRATION}
    takes = {take.take_id for take in snapshot.takes if take.scene_id in calibrations}
    plain = {track.track_id for track in snapshot.tracks if track.take_id in takes}
    return [turn for turn in snapshot.turns if options.has_all_turns or turn.is_for_rating or turn.track_id in plain]


def keep_tracks(snapshot: Snapshot, track_ids: Collection[TrackId]) -> tuple[Snapshot, Counter[str]]:
    """Return the snapshot with only these tracks, their turns, and the ratings and transcripts of those."""
    turns = [turn for turn in snapshot.turns if turn.track_id in track_ids]
    tracks = [track for track in snapshot.tracks if track.track_id in track_ids]
    turn_ids = {turn.turn_id for turn in turns}
    said = [one for one in snapshot.transcripts if one.turn_id in turn_ids]
    return _keep_judged(replace(snapshot, tracks=tracks, turns=turns, transcripts=said), turn_ids)


def keep_clips(snapshot: Snapshot, turn_ids: Collection[TurnId]) -> tuple[Snapshot, Counter[str]]:
    """Return the snapshot with the ratings of only these turns. The other turns stay, as stretches of speech."""
    return _keep_judged(snapshot, turn_ids)


def _keep_judged(snapshot: Snapshot, turn_ids: Collection[TurnId]) -> tuple[Snapshot, Counter[str]]:
    ratings = [rating for rating in snapshot.ratings if rating.turn_id in turn_ids]
    own = [rating for rating in snapshot.self_ratings if rating.turn_id in turn_ids]
    gone = len(snapshot.ratings) + len(snapshot.self_ratings) - len(ratings) - len(own)
    kept = _keep_trials(
        replace(snapshot, ratings=ratings, self_ratings=own),
        [
            one
            for one in snapshot.trials
            if one.turn_id in turn_ids and (one.other_turn_id is None or one.other_turn_id in turn_ids)
        ],
    )
    return kept, Counter({"ratings_of_left_out_clips": gone})


def _keep_trials(snapshot: Snapshot, trials: list[Trial]) -> Snapshot:
    """Return the snapshot with only these trials and their answers."""
    kept = {trial.trial_id for trial in trials}
    return replace(snapshot, trials=trials, answers=[one for one in snapshot.answers if one.trial_id in kept])
