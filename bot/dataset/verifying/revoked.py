"""The revocation list: the SHA-256 of every sound that holders of a dataset must delete, by version.

It is one JSON file, `revoked.json`, which a holder can read without Promptbook: `datasets` maps the number of a version
to lists of hashes by kind of sound. Versions that were exported before whole hashes were remembered have `prefixes`,
the first digits of the hashes of clips. No one is named in it, and what was once on it stays.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, cast

FORMAT: Final = "promptbook-revoked"
FORMAT_VERSION: Final = 1
PREFIXES: Final = "prefixes"

Revocations = Mapping[str, Mapping[str, Collection[str]]]
"""Hashes by kind of sound (or PREFIXES), by the number of a version as text."""


@dataclass(frozen=True, slots=True)
class Revoked:
    """The hashes on a list, whatever version they are from: the same bytes are the same sound.

    `by_version` has those of each version. A sound can be revoked in a version that was given away for one purpose, and
    be permitted in another.
    """

    hashes: frozenset[str]
    prefixes: frozenset[str]
    by_version: Mapping[int, Revoked] = field(default_factory=dict[int, "Revoked"])

    def in_version(self, number: int | None) -> Revoked:
        """Return what is revoked in a version; in one without a number, whatever is on the list."""
        if number is None or not self.by_version:
            return self
        return self.by_version.get(number, NOTHING)

    def has(self, sha256: str) -> bool:
        """Whether a sound with this hash is revoked."""
        return sha256 in self.hashes or any(sha256.startswith(one) for one in self.prefixes)


NOTHING: Final = Revoked(frozenset(), frozenset())
"""Where nothing is revoked."""


def read_revoked(path: Path) -> Revoked:
    """Read a list. Raises ValueError if the file is none, OSError if it cannot be read."""
    read = read_revocations(path)
    by_version = {int(version): _revoked(kinds.items()) for version, kinds in read.items()}
    whole = _revoked(item for kinds in read.values() for item in kinds.items())
    return replace(whole, by_version=by_version)


def _revoked(by_kind: Iterable[tuple[str, Collection[str]]]) -> Revoked:
    known = list(by_kind)
    return Revoked(
        frozenset(one for kind, hashes in known if kind != PREFIXES for one in hashes),
        frozenset(one for kind, hashes in known if kind == PREFIXES for one in hashes),
    )


def read_revocations(path: Path) -> Revocations:
    """Read a list by version and kind. Raises ValueError if the file is none, OSError if it cannot be read."""
    found: Any = json.loads(path.read_bytes())
    if not isinstance(found, dict) or cast(dict[str, Any], found).get("format") != FORMAT:
        raise ValueError(f"{path} is not a revocation list of Promptbook. Name the file revoked.json.")
    return cast(Revocations, found["datasets"])


def write_revocations(path: Path, part: Path, new: Revocations) -> int:
    """Add hashes to a list, which need not exist; return how many are new. `part` is written first, and renamed.

    Raises OSError if it cannot be written.
    """
    before: Revocations = read_revocations(path) if path.exists() else {}
    merged: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in (before, new):
        for version, kinds in one.items():
            for kind, hashes in kinds.items():
                merged[version][kind].update(hashes)
    datasets = {
        version: {kind: sorted(merged[version][kind]) for kind in sorted(merged[version])}
        for version in sorted(merged, key=int)
    }
    added = _count(datasets) - _count(before)
    if added or not path.exists():
        text = json.dumps({"format": FORMAT, "format_version": FORMAT_VERSION, "datasets": datasets}, indent=1)
        part.parent.mkdir(mode=0o700, exist_ok=True)
        with part.open("w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    return added


def _count(revocations: Revocations) -> int:
    return sum(len(hashes) for kinds in revocations.values() for hashes in _lists(kinds))


def _lists(kinds: Mapping[str, Collection[str]]) -> Iterable[Collection[str]]:
    return kinds.values()
