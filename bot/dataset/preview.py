"""What an export would contain, and what it would leave out and why, without decoding or writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.dataset.export import ExportOrder, read_sessions
from bot.dataset.making import require_clips
from bot.dataset.model.index import Index
from bot.dataset.model.selection import COUNTED_STATE, LEFT_OUT, keep_consented, keep_tracks, wanted_turns
from bot.dataset.model.splits import would_be_splits
from bot.dataset.release.folder import refuse_foreign
from bot.home.places import Home
from bot.samples import SAMPLE_RATE_HZ
from bot.store.records import Take, Track
from bot.store.snapshot import Snapshot


@dataclass(slots=True)
class Share:
    """What one split would have."""

    clips: int = 0
    seconds: float = 0.0
    speakers: set[str] = field(default_factory=set[str])


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be exported, by split, and what would be left out.

    `left_out` has a count for every key of LEFT_OUT. `takes` says of each take that is not kept why, `files` which
    tracks have no file, or an empty one. Whether a file can be decoded, and whether a clip is silent, shows only in an
    export.
    """

    splits: Mapping[str, Share]
    tracks: int
    left_out: Mapping[str, int]
    takes: Mapping[str, str]
    files: Sequence[str]

    @property
    def clips(self) -> int:
        """How many clips there would be."""
        return sum(share.clips for share in self.splits.values())

    @property
    def seconds(self) -> float:
        """How long they would be together."""
        return sum(share.seconds for share in self.splits.values())


def preview(order: ExportOrder) -> Preview:
    """Look at what an export would do. Raises what the export would raise at once: a subclass of ExportRefused."""
    refuse_foreign(order.out)
    snapshot = read_sessions(order)
    left_out = Counter(dict.fromkeys(LEFT_OUT, 0))
    consented, of_consent = keep_consented(snapshot, order.options)
    absent = {track.track_id for track in consented.tracks if not _has_file(track, order.home)}
    readable, of_absent = keep_tracks(consented, {track.track_id for track in consented.tracks} - absent)
    for counts in (of_consent, of_absent):
        left_out.update(counts)
    turns = wanted_turns(readable, order.options)
    left_out["tracks_unreadable"] = len(absent)
    left_out["clips_unreadable"] = len(wanted_turns(consented, order.options)) - len(turns)
    require_clips(len(turns), left_out)
    index = Index(consented)
    return Preview(
        _shares(order, readable),
        len(readable.tracks),
        left_out,
        _not_kept(snapshot),
        sorted(index.track_label(track) for track in consented.tracks if track.track_id in absent),
    )


def _has_file(track: Track, home: Home) -> bool:
    path = home.track(track.path)
    return path.is_file() and path.stat().st_size > 0


def _shares(order: ExportOrder, snapshot: Snapshot) -> dict[str, Share]:
    index = Index(snapshot)
    turns = [(turn, index.name(index.track(turn.track_id).person_id)) for turn in wanted_turns(snapshot, order.options)]
    sides = would_be_splits(order.database, snapshot, {speaker for _, speaker in turns}, order.seed).of_speaker
    shares = {split: Share() for split in ("train", "validation", "test") if split in sides.values()}
    for turn, speaker in turns:
        share = shares[sides[speaker]]
        share.clips += 1
        share.seconds += (turn.clip_end_samples - turn.clip_start_samples) / SAMPLE_RATE_HZ
        share.speakers.add(speaker)
    return shares


def _not_kept(snapshot: Snapshot) -> dict[str, str]:
    index = Index(snapshot)
    dropped = [take for take in snapshot.takes if take.struck_at or take.state != COUNTED_STATE]
    return {index.place(take.take_id).label: _reason(take) for take in dropped}


def _reason(take: Take) -> str:
    return "struck" if take.struck_at else take.state.value
