"""The version of a dataset: a number, the version before it, and what changed. The same content has the same number."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import bot
from bot.audio.sound import libsndfile_version
from bot.dataset.model.options import Options
from bot.store.errors import DatabaseUnwritable
from bot.store.records import Release
from bot.store.released_sounds import SoundOut, add_sounds
from bot.store.releases import add_release, find_release, last_release_of, release_with
from bot.store.stillness import Still, still
from bot.store.writing import writing

DIGITS: Final = 16
"""How many digits of a clip's SHA-256 are remembered: with a million clips, two are alike in one of 10^7 datasets."""

_PACKAGES: Final = ("numpy", "pyarrow", "soundfile")


@dataclass(frozen=True, slots=True)
class Changes:
    """What a version has that its parent had not, by clip ids; what it has no longer, by the first digits of SHA-256.

    People who have left are not named; those who have their clips can still find them.
    """

    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]


@dataclass(frozen=True, slots=True)
class Version:
    """`parent` and `changes` are None for the first version of what was asked for."""

    number: int
    parent: int | None
    changes: Changes | None


def software() -> dict[str, str]:
    """Return the versions of what decides the bytes of a dataset, by name."""
    packages = {name: metadata.version(name) for name in _PACKAGES}
    named = {"promptbook": bot.__version__, "python": platform.python_version(), "libsndfile": libsndfile_version()}
    return {**named, **packages}


def selection_of(series: str, options: Options) -> dict[str, object]:
    """Return what was asked for: versions with the same selection follow one another."""
    bound = {"purpose": options.purpose, "recipient": options.recipient}
    return {
        "series": series,
        "layout": options.layout.value,
        "turns": "all" if options.has_all_turns else "rated",
        "audio": options.audio.value,
        "dialogues": options.has_dialogues,
        "notes": options.has_notes,
        **{name: str(value) for name, value in bound.items() if value},
        **({"derived": True} if options.is_derived else {}),
    }


def content_of(files: Mapping[str, str]) -> str:
    """Return the SHA-256 of a dataset's files, from theirs."""
    return hashlib.sha256(json.dumps(dict(sorted(files.items()))).encode()).hexdigest()


def version_of(
    database: Path,
    selection: Mapping[str, object],
    files: Mapping[str, str],
    clips: Mapping[str, str],
    as_of: str,
    sounds: Sequence[SoundOut] = (),
) -> Version | None:
    """Return the version with these files and clips, by their SHA-256. If it is new, the store remembers it.

    `as_of` is the date of a new version, `sounds` all sounds in it with those whose voices they have.
    Returns None if it is new and the database cannot be written.
    """
    content = content_of(files)
    short = {name: sha256[:DIGITS] for name, sha256 in clips.items()}
    with still(database) as store:
        if found := find_release(store, content):
            return _version(store, found)
    try:
        with writing(database) as tx:
            # Another export may have been faster.
            if found := find_release(tx, content):
                return _version(tx, found)
            parent = last_release_of(tx, selection)
            release = add_release(
                tx,
                parent_id=parent and parent.release_id,
                selection=selection,
                content_sha256=content,
                clips=short,
                software=software(),
                now=as_of,
            )
            add_sounds(tx, release.release_id, sounds)
            return _version(tx, release)
    except DatabaseUnwritable:
        return None


def version_facts(version: Version | None) -> dict[str, Any] | None:
    """Return a version as the manifest has it."""
    if version is None:
        return None
    changes = version.changes
    return {
        "number": version.number,
        "parent": version.parent,
        "added": None if changes is None else list(changes.added),
        "changed": None if changes is None else list(changes.changed),
        "removed": None if changes is None else list(changes.removed),
    }


def _version(store: Still, release: Release) -> Version:
    if release.parent_id is None:
        return Version(release.release_id, None, None)
    parent = release_with(store, release.parent_id)
    before: dict[str, str] = json.loads(parent.clips)
    now: dict[str, str] = json.loads(release.clips)
    changes = Changes(
        added=sorted(now.keys() - before.keys()),
        changed=sorted(name for name in now.keys() & before.keys() if now[name] != before[name]),
        removed=sorted(before[name] for name in before.keys() - now.keys()),
    )
    return Version(release.release_id, parent.release_id, changes)
