"""Recorded laughs, screams and cries from packages of Debian: fetched when they are needed, and never committed.

| package | what is taken | licence, as its copyright file states it |
|---|---|---|
| hedgewars-data | a laugh and a shouted no in fourteen voices | GFDL 1.3 |
| ufoai-sound | screams and death cries of women and men | GPL 2, CC BY-SA 3.0 |
| teeworlds-data | two cries of a cartoon figure | CC BY-SA 3.0 |

wavpack and libwavpack1 (BSD), of which nothing is installed, decode the last.
"""

from __future__ import annotations

import fnmatch
import os
import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

GAMES: Final = "usr/share/games"


@dataclass(frozen=True, slots=True)
class Source:
    """What to take out of a package: files by pattern, inside an archive in it if `inner` is given."""

    package: str
    pattern: str
    kind: str
    inner: str = ""


_VOICES = f"{GAMES}/hedgewars/Data/Sounds/voices"
_SOUNDS = f"{GAMES}/ufoai/base/0snd.pk3"
SOURCES: Final = (
    Source("hedgewars-data", f"{_VOICES}/*/Laugh.ogg", "laugh"),
    Source("hedgewars-data", f"{_VOICES}/*/Nooo.ogg", "scream"),
    Source("ufoai-sound", _SOUNDS, "scream", "sound/civilians/*scream*.ogg"),
    Source("ufoai-sound", _SOUNDS, "scream", "sound/*/*death*.ogg"),
    Source("teeworlds-data", f"{GAMES}/teeworlds/data/audio/vo_teefault_cry-*.wv", "sob"),
)
NO_PERSON: Final = "Robot"
"""This one's voice was not recorded."""

_DECODER: Final = ("wavpack", "libwavpack1")
_AR_MAGIC: Final = b"!<arch>\n"
_AR_HEADER: Final = 60
_AR_SIZE: Final = slice(48, 58)


class PackageUnavailable(RuntimeError):
    """A package cannot be had here; the sentence says which and why."""


def fetch(cache: Path) -> tuple[dict[str, list[Path]], list[str]]:
    """Return sound files by kind, and a sentence for each package that cannot be had. `cache` is kept for later."""
    found: dict[str, list[Path]] = {}
    missing: dict[str, str] = {}
    for source in SOURCES:
        try:
            files = sorted(_files_of(source, cache))
        except PackageUnavailable as error:
            missing[source.package] = str(error)
        else:
            found.setdefault(source.kind, []).extend(file for file in files if NO_PERSON not in str(file))
    return found, list(missing.values())


def _files_of(source: Source, cache: Path) -> Iterator[Path]:
    folder = require(source.package, cache, tuple({one.pattern for one in SOURCES if one.package == source.package}))
    for file in folder.glob(source.pattern):
        if source.inner:
            yield from _unzipped(file, source.inner)
        else:
            yield _decoded(file, cache) if file.suffix == ".wv" else file


def require(package: str, cache: Path, patterns: tuple[str, ...]) -> Path:
    """Return the folder with the files of a package that match. Raises PackageUnavailable."""
    folder = cache / package
    if folder.exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as place:
        _run(package, ["apt-get", "download", package], Path(place))
        unpack(next(Path(place).glob("*.deb")), Path(place) / "files", patterns)
        (Path(place) / "files").rename(folder)
    return folder


def unpack(package: Path, folder: Path, patterns: tuple[str, ...]) -> None:
    """Unpack the files of a Debian package that match one of these patterns, without installing it."""
    folder.mkdir()
    with package.open("rb") as archive:
        _go_to_data(archive)
        with tarfile.open(fileobj=archive, mode="r|*") as files:
            # Python has filters from 3.11.4 on; Debian 12 has 3.11.2.
            files.extraction_filter = getattr(tarfile, "tar_filter", lambda member, _: member)
            for member in files:
                name = member.name.removeprefix("./")
                if not member.isdir() and any(fnmatch.fnmatch(name, pattern) for pattern in patterns):
                    files.extract(member, folder)


def _go_to_data(archive: BinaryIO) -> None:
    """Go to the packed files: a package is an `ar` archive whose member data.tar.* holds them (deb(5), ar(5))."""
    archive.seek(len(_AR_MAGIC))
    while header := archive.read(_AR_HEADER):
        if header.startswith(b"data.tar"):
            return
        size = int(header[_AR_SIZE])
        archive.seek(size + size % 2, os.SEEK_CUR)
    raise PackageUnavailable(f"{archive.name} is not a Debian package: it has no data.tar.")


def _unzipped(archive: Path, pattern: str) -> Iterator[Path]:
    folder = archive.with_suffix(".files")
    with zipfile.ZipFile(archive) as files:
        for name in fnmatch.filter(files.namelist(), pattern):
            yield Path(files.extract(name, folder))


def _decoded(file: Path, cache: Path) -> Path:
    """Return a WavPack file as WAV, by Debian's own decoder, which is unpacked beside the sounds."""
    decoded = file.with_suffix(".wav")
    if not decoded.exists():
        program, library = (require(package, cache, ("usr/bin/wvunpack", "usr/lib/*")) for package in _DECODER)
        folders = ":".join(str(path.parent) for path in library.rglob("libwavpack.so.1"))
        command = [str(program / "usr/bin/wvunpack"), "-q", str(file), "-o", str(decoded)]
        _run(file.name, command, cache, {"LD_LIBRARY_PATH": folders})
    return decoded


def _run(what: str, command: list[str], folder: Path, settings: dict[str, str] | None = None) -> None:
    environment = {**os.environ, **(settings or {})}
    program = shutil.which(command[0])
    if program is None:
        raise PackageUnavailable(f"{what} cannot be had: {command[0]} is not installed here.")
    done = subprocess.run([program, *command[1:]], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise PackageUnavailable(f"{what} cannot be had: {said[-1] if said else f'{command[0]} failed'}")
