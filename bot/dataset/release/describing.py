"""Writes what a dataset says about itself: the card, the licence and, last of all, the manifest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.dataset.formats.written import Written
from bot.dataset.model.contents import Contents
from bot.dataset.model.index import session_label
from bot.dataset.release.card import CARD, Facts, write_card
from bot.dataset.release.licence import LICENCE, write_licence
from bot.dataset.release.manifest import MANIFEST, hashes_in, sha256_of, write_manifest
from bot.dataset.release.version import Version, content_of, selection_of, software, version_facts, version_of
from bot.domain.erasing import SoundKind
from bot.domain.instrument import Instrument
from bot.domain.states import MaterialKind
from bot.store.materials import instrument_in
from bot.store.released_sounds import SoundOut
from bot.store.snapshot import Snapshot

DESCRIPTIONS: Final = (LICENCE, CARD, MANIFEST.name)
"""The files that say what a dataset is."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a dataset says about itself apart from its content. `instruments` stand for those that the store lacks."""

    database: Path
    series: str
    seed: int
    instruments: Sequence[Instrument]


def describe(
    folder: Path, contents: Contents, written: Written, description: Description
) -> tuple[Version | None, str]:
    """Write DESCRIPTIONS into the folder, in which all else is.

    Return the version, which the store remembers, and the SHA-256 of what it contains.
    """
    as_of = newest_of(contents.snapshot)
    (folder / LICENCE).write_text(write_licence(contents, as_of), encoding="utf-8")
    files = hashes_in(folder, _known(contents))
    selection = selection_of(description.series, contents.options)
    version = version_of(description.database, selection, files, _clips(contents), as_of, sounds_in(contents))
    instruments = _used(contents.snapshot, description.instruments)
    facts = Facts(contents, written, description.seed, as_of, instruments, version)
    (folder / CARD).write_text(write_card(facts), encoding="utf-8")
    content_sha256 = content_of(files)
    files[CARD] = sha256_of(folder / CARD)
    write_manifest(folder, _manifest(facts), files)
    return version, content_sha256


def _known(contents: Contents) -> dict[str, str]:
    """Return the hashes that were computed when the files were made."""
    files = (contents.tracks, contents.mixes, contents.dialogues)
    return {file.path: file.sha256 for one in files for file in one.values()}


def _clips(contents: Contents) -> dict[str, str]:
    """Return the hash of every clip, by its id."""
    made = map(contents.takes.made, contents.mixes)
    return {clip.name: clip.sha256 for one in made for track in one.tracks for clip in track.clips}


def sounds_in(contents: Contents) -> list[SoundOut]:
    """Return every sound of a dataset, with the pseudonyms of those whose voices are in it."""
    found: list[SoundOut] = []
    for take_id, mix in contents.mixes.items():
        names = {track.track_id: contents.index.name(track.person_id) for track in contents.index.tracks_of(take_id)}
        everyone, session = sorted(set(names.values())), contents.index.scene_of(take_id).session_id
        found.append(SoundOut(mix.sha256, SoundKind.MIX, everyone, session))
        if dialogue := contents.dialogues.get(take_id):
            found.append(SoundOut(dialogue.sha256, SoundKind.DIALOGUE, everyone, session))
        tracks = contents.tracks
        found += [SoundOut(tracks[one].sha256, SoundKind.TRACK, [name], session) for one, name in names.items()]
        clips = contents.clips_of(take_id)
        found += [SoundOut(clip.made.sha256, SoundKind.CLIP, [clip.speaker], session) for clip in clips]
    return found


def newest_of(snapshot: Snapshot) -> str:
    """Return when the newest thing in a snapshot happened: the date of a dataset, which is not that of its export."""
    times = [
        *(session.ended_at or session.started_at for session in snapshot.sessions),
        *(take.struck_at or take.cut_at or take.called_at for take in snapshot.takes),
        *(event.happened_at for event in snapshot.events),
        *(rating.answered_at for rating in (*snapshot.ratings, *snapshot.self_ratings)),
        *(said.added_at for said in snapshot.transcripts),
    ]
    return max(times)


def _used(snapshot: Snapshot, given: Sequence[Instrument]) -> list[Instrument]:
    """Return the instruments of the sessions, as they were, sorted by name."""
    kept = {one.sha256: instrument_in(one) for one in snapshot.materials if one.kind is MaterialKind.INSTRUMENT}
    by_name = {one.name: one for one in given}
    used = [kept.get(one.instrument_sha256 or "") or by_name.get(one.instrument) for one in snapshot.sessions]
    used += [kept.get(one.instrument_sha256 or "") for one in snapshot.trials]
    return sorted({one for one in used if one}, key=lambda one: (one.name, repr(one)))


def _manifest(facts: Facts) -> dict[str, Any]:
    contents, options = facts.contents, facts.contents.options
    return {
        "version": version_facts(facts.version),
        "as_of": facts.as_of,
        "software": software(),
        "sessions": [session_label(session.session_id) for session in contents.snapshot.sessions],
        "layout": options.layout,
        "turns": "all" if options.has_all_turns else "rated",
        "audio": options.audio,
        "sound": not options.is_derived,
        "purpose": options.purpose,
        "recipient": options.recipient,
        "seed": facts.seed,
        "splits": dict(contents.splits.of_speaker),
        "sessions_across_splits": list(contents.splits.crossings.sessions),
        "rows": dict(facts.written.table_rows),
        "left_out": dict(contents.left_out),
    }
