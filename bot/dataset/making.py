"""From a snapshot to its sound: what consent covers is ordered, made by a crew, and looked through."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.audio.sound import libsndfile_version
from bot.dataset.errors import NothingToExport
from bot.dataset.model.contents import AudioFile, Contents, Takes
from bot.dataset.model.index import Index
from bot.dataset.model.labels import labels_of
from bot.dataset.model.options import Options
from bot.dataset.model.selection import LEFT_OUT, keep_clips, keep_tracks, wanted_turns
from bot.dataset.model.splits import splits_for
from bot.dataset.progress import Progress
from bot.dataset.sound.crew import Crew
from bot.dataset.sound.made import read_made
from bot.dataset.sound.orders import ClipOrder, TakeOrder, TrackOrder
from bot.domain.emotions import EmotionSet
from bot.domain.ids import TakeId, TrackId, TurnId
from bot.home.places import Home
from bot.samples import SAMPLE_RATE_HZ, Span
from bot.store.records import Take, TargetedTurn, Track
from bot.store.snapshot import Snapshot

FORMAT = "promptbook-sound-1"
"""Named in every work order: with another number, takes that an earlier version made are made again."""


def order_takes(snapshot: Snapshot, home: Home, options: Options) -> dict[TakeId, TakeOrder]:
    """Return the work orders of all takes with tracks, in the order in which they were played."""
    index = Index(snapshot)
    turns: defaultdict[TrackId, list[TargetedTurn]] = defaultdict(list)
    for turn in wanted_turns(snapshot, options):
        turns[turn.track_id].append(turn)
    silent: defaultdict[TrackId, list[Span]] = defaultdict(list)
    for track_id, span in snapshot.left_out:
        silent[track_id].append(span)
    software = f"{FORMAT} libsndfile-{libsndfile_version()}"
    return {
        take.take_id: TakeOrder(
            index.place(take.take_id).label,
            tuple(
                _track_order(index, track, turns[track.track_id], home, silent[track.track_id])
                for track in index.tracks_of(take.take_id)
            ),
            take.duration_samples or 0,
            _bound(take, index.tracks_of(take.take_id)),
            options.audio,
            options.has_dialogues,
            software,
        )
        for take in snapshot.takes
        if index.tracks_of(take.take_id)
    }


def make_sound(takes: Takes, crew: Crew, progress: Progress) -> None:
    """Make every take that is not there yet. The longest come first, so that no one waits for one at the end."""
    orders = list(takes.orders.values())
    waiting = [order for order in orders if read_made(takes.place, order, is_checked=True) is None]
    total = sum(map(_samples, orders))
    done = total - sum(map(_samples, waiting))
    progress("sound", done, total)

    def told(samples: int) -> None:
        nonlocal done
        done = min(done + samples, total)
        progress("sound", done, total)

    crew.make(sorted(waiting, key=_samples, reverse=True), takes.place, told)
    progress("sound", total, total)


def contents_of(
    database: Path,
    snapshot: Snapshot,
    takes: Takes,
    options: Options,
    seed: int,
    emotion_sets: Iterable[EmotionSet],
    without_consent: Counter[str],
) -> Contents:
    """Look through what was made of a snapshot, everything in which consent covers.

    Raises NothingToExport if no clip is left, and SplitsUnwritable if the database cannot remember a new speaker.
    """
    heard = _Heard(Index(snapshot), takes, options)
    readable, of_unreadable = keep_tracks(snapshot, heard.tracks.keys())
    kept, of_silent = keep_clips(readable, heard.clip_bytes.keys())
    left_out = Counter(dict.fromkeys(LEFT_OUT, 0))
    for counts in (without_consent, of_unreadable, of_silent):
        left_out.update(counts)
    wanted, left = len(wanted_turns(snapshot, options)), len(wanted_turns(readable, options))
    left_out["tracks_unreadable"] = len(snapshot.tracks) - len(heard.tracks)
    left_out["clips_unreadable"] = wanted - left
    left_out["clips_silent"] = left - len(heard.clip_bytes)
    require_clips(len(heard.clip_bytes), left_out)
    index = Index(kept)
    speakers = {index.name(index.track(index.turn(turn_id).track_id).person_id) for turn_id in heard.clip_bytes}
    return Contents(
        kept,
        index,
        options,
        labels_of(kept, emotion_sets),
        takes,
        heard.tracks,
        heard.mixes,
        heard.dialogues,
        heard.clip_bytes,
        splits_for(database, kept, speakers, seed),
        left_out,
    )


def require_clips(clips: int, left_out: Mapping[str, int]) -> None:
    """Raise NothingToExport, with what was left out, if there are no clips."""
    if not clips:
        gone = "; ".join(f"{LEFT_OUT[reason]}: {number}" for reason, number in left_out.items() if number)
        raise NothingToExport("the chosen sessions contain no clip" + (f" (left out: {gone})" if gone else ""))


def _samples(order: TakeOrder) -> int:
    return order.length_samples or SAMPLE_RATE_HZ


class _Heard:
    """The files of all takes, by what they are of, and the size of each clip in which something can be heard."""

    def __init__(self, index: Index, takes: Takes, options: Options) -> None:
        self.tracks: dict[TrackId, AudioFile] = {}
        self.mixes: dict[TakeId, AudioFile] = {}
        self.dialogues: dict[TakeId, AudioFile] = {}
        self.clip_bytes: dict[TurnId, int] = {}
        suffix = options.audio.suffix
        for take_id, order in takes.orders.items():
            tracks = {index.track_label(track): track.track_id for track in index.tracks_of(take_id)}
            turns = index.turns_by_label(take_id)
            made = takes.made(take_id)
            length = made.length_samples
            for one in made.tracks:
                path = f"tracks/{one.name}{suffix}"
                self.tracks[tracks[one.name]] = takes.file(take_id, one.file, path, length)
                self.clip_bytes |= {turns[clip.name].turn_id: clip.size_bytes for clip in one.clips}
            if made.mix:
                self.mixes[take_id] = takes.file(take_id, made.mix, f"mixes/{order.name}{suffix}", length)
            if made.dialogue:
                path = f"dialogues/{order.name}{Path(made.dialogue.name).suffix}"
                self.dialogues[take_id] = takes.file(take_id, made.dialogue, path, length)


def _track_order(
    index: Index, track: Track, turns: Sequence[TargetedTurn], home: Home, silent: Iterable[Span]
) -> TrackOrder:
    path = home.track(track.path)
    try:
        found = path.stat()
        size_bytes, changed_ns = found.st_size, found.st_mtime_ns
    except OSError:
        size_bytes, changed_ns = 0, 0
    clips = [ClipOrder(index.clip_label(turn), turn.clip_start_samples, turn.clip_end_samples) for turn in turns]
    in_order = tuple(sorted(clips, key=lambda clip: (clip.start_samples, clip.name)))
    spans = tuple(sorted((span.start_samples, span.end_samples) for span in silent))
    return TrackOrder(index.track_label(track), str(path), size_bytes, changed_ns, in_order, spans)


def _bound(take: Take, tracks: Sequence[Track]) -> float | None:
    """Return what the sum of these tracks does not exceed, as far as it was measured.

    The mix is checked when it is written, so that a wrong figure costs time and nothing else.
    """
    peaks = [track.peak_dbfs for track in tracks]
    bounds = [] if take.mix_peak is None else [take.mix_peak]
    if all(peak is not None for peak in peaks):
        bounds.append(sum(10 ** (peak / 20) for peak in peaks if peak is not None))
    return min(bounds, default=None)
