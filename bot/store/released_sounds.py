"""Which sounds are in which versions of the dataset, and which of them have an erased voice."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.erasing import SoundKind
from bot.domain.ids import ReleaseId, SessionId
from bot.store.stillness import Still
from bot.store.writing import BlockingTransaction


@dataclass(frozen=True, slots=True)
class SoundOut:
    """A sound that goes into a version: its hash, what it is, whose voices are in it, and which session it is from."""

    sha256: str
    kind: SoundKind
    speakers: Sequence[str]
    session_id: SessionId | None = None


def add_sounds(tx: BlockingTransaction, release_id: ReleaseId, sounds: Iterable[SoundOut]) -> None:
    """Store the sounds of a version. Of two that are the same bytes, one is enough, with the voices of both."""
    speakers: defaultdict[str, set[str]] = defaultdict(set)
    first: dict[str, SoundOut] = {}
    for one in sounds:
        speakers[one.sha256].update(one.speakers)
        first.setdefault(one.sha256, one)
    for sha256, one in first.items():
        names = json.dumps(sorted(speakers[sha256]))
        tx.execute(
            "INSERT INTO released_sounds (release_id, sha256, kind, speakers, session_id) VALUES (?, ?, ?, ?, ?)",
            *(release_id, sha256, one.kind.value, names, one.session_id),
        )


def sounds_with(store: Still, pseudonyms: Collection[str]) -> Mapping[ReleaseId, Mapping[str, Collection[str]]]:
    """Return the hashes of the sounds in which one of these voices is, by kind, by version."""
    found: defaultdict[ReleaseId, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for release_id, sha256, kind in store.fetch_all(
        "SELECT release_id, sha256, kind FROM released_sounds WHERE EXISTS ("
        "SELECT 1 FROM json_each(speakers) WHERE value IN (SELECT value FROM json_each(?)))",
        json.dumps(sorted(pseudonyms)),
    ):
        found[release_id][kind].add(sha256)
    return found


def clips_known_in_part(store: Still, pseudonyms: Collection[str]) -> Mapping[ReleaseId, Collection[str]]:
    """Return the first digits of the hashes of these speakers' clips, by version, for versions without whole hashes."""
    found: defaultdict[ReleaseId, set[str]] = defaultdict(set)
    for release_id, clips in store.fetch_all(
        "SELECT release_id, clips FROM releases WHERE release_id NOT IN (SELECT release_id FROM released_sounds)"
    ):
        for clip_id, digits in json.loads(clips).items():
            if any(pseudonym in clip_id for pseudonym in pseudonyms):
                found[release_id].add(digits)
    return found
