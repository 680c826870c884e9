"""The file of a backup: an uncompressed tar archive (Opus does not compress), with a manifest as its last member."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, Final

from bot.backup.errors import BackupFailed

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
"""The layout of the archive. A change that an earlier version could not restore gets another number."""

DATABASE: Final = "database"
JOURNAL: Final = "journal"
RECORDINGS: Final = "recordings"
"""The members: two files, and the folder of the tracks, named as below the home folder."""

_LARGEST_MANIFEST_BYTES = 256 * 1024**2


@dataclass(frozen=True, slots=True)
class Member:
    """What the manifest says about one file: its length and its SHA-256."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup: `made_at` is the moment (UTC) at which it shows the store, `schema` that of its database."""

    made_at: str
    schema: int
    software: str
    members: Mapping[str, Member]

    def to_json(self) -> bytes:
        """Return it as the bytes of its file."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1).encode()


class HashedFile:
    """Passes on up to `most` bytes of a file, and hashes them."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file, self._left = file, most
        self._hash = hashlib.sha256()
        self.size_bytes = 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; none at the end."""
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        self.size_bytes += len(data)
        self._hash.update(data)
        return data

    @property
    def member(self) -> Member:
        """What was read so far, for the manifest."""
        return Member(self.size_bytes, self._hash.hexdigest())


class ArchiveWriter:
    """Writes members to a tar archive, and its manifest at the end."""

    def __init__(self, file: BinaryIO) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by `finish`
        self._members: dict[str, Member] = {}

    def add(self, name: str, file: IO[bytes], size_bytes: int, modified_at: float) -> None:
        """Add the first bytes of a file. Raises OSError if it is shorter, or cannot be read or written."""
        hashed = HashedFile(file, size_bytes)
        self._tar.addfile(_entry(name, size_bytes, modified_at), hashed)  # type: ignore[arg-type]
        self._members[name] = hashed.member

    def finish(self, made_at: str, schema: int, software: str, modified_at: float) -> Manifest:
        """Add the manifest and the end of the archive."""
        manifest = Manifest(made_at, schema, software, self._members)
        data = manifest.to_json()
        self._tar.addfile(_entry(MANIFEST, len(data), modified_at), io.BytesIO(data))
        self._tar.close()
        return manifest


@contextmanager
def reading(path: Path) -> Generator[Iterator[tuple[str, IO[bytes]]]]:
    """Yield an archive's members: name and content. Raises BackupFailed if it is none."""
    try:
        with path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
            yield _members(path, tar)
    except tarfile.TarError as error:
        raise BackupFailed(f"{path} is not a whole backup ({error}). Use another one; nothing was changed.") from error


def _members(path: Path, tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    seen = set[str]()
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() else None
        if content is None or entry.name in seen or not _is_expected(entry.name):
            raise BackupFailed(f"{path} is not a backup: “{entry.name}” has no place in one. Nothing was changed.")
        seen.add(entry.name)
        yield entry.name, content


def read_manifest(path: Path, data: bytes) -> Manifest:
    """Read a manifest. Raises BackupFailed if it cannot be understood."""
    try:
        values: dict[str, Any] = json.loads(data)
        if values.pop("format") != FORMAT:
            raise BackupFailed(f"{path} was made by a newer Promptbook. Install that one; nothing was changed.")
        members = {str(name): Member(**about) for name, about in values.pop("members").items()}
        return Manifest(**values, members=members)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupFailed(f"{path} is not a backup: its manifest cannot be read. Nothing was changed.") from error


def manifest_data(path: Path, content: IO[bytes]) -> bytes:
    """Return the bytes of a manifest, of which an archive decides how many there are."""
    data = content.read(_LARGEST_MANIFEST_BYTES + 1)
    if len(data) > _LARGEST_MANIFEST_BYTES:
        raise BackupFailed(f"{path} is not a backup: its manifest is too large. Nothing was changed.")
    return data


def _is_expected(name: str) -> bool:
    """Whether a member can only become a file at a known place: no path out of the home folder, nothing else in it."""
    parts = PurePosixPath(name).parts
    if name in (DATABASE, JOURNAL, MANIFEST):
        return True
    return (
        len(parts) > 1 and parts[0] == RECORDINGS and ".." not in parts and "/".join(parts) == name and "\0" not in name
    )


def _entry(name: str, size_bytes: int, modified_at: float) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size_bytes, modified_at, 0o600
    return entry
