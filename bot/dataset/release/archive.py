"""Packs an export into one file, if it is small enough to be uploaded."""

from __future__ import annotations

import zipfile
from pathlib import Path

from bot.dataset.release.manifest import EARLIER_MANIFEST, MANIFEST

_PACKED = frozenset({".flac", ".opus"})
_ZIP64_EXTRA = b"\x01\x00"
"""The start of the only extra field that zipfile writes (in archives over 4 GiB). Others write times and owners."""


def zip_dataset(path: Path, archive: Path) -> None:
    """Pack an export's folder into the new file `archive`. If that fails, the file is removed.

    The archive holds one folder with the export's name. It takes as long as reading the whole export, so call it from a
    thread.
    """
    path = path.resolve()
    with archive.open("xb") as file:
        try:
            with zipfile.ZipFile(file, "w") as packed:
                for one in sorted(path.rglob("*")):
                    if one.is_file():
                        # Sound does not get smaller: compressing it again would only cost time.
                        method = zipfile.ZIP_STORED if one.suffix in _PACKED else zipfile.ZIP_DEFLATED
                        packed.write(one, Path(path.name, one.relative_to(path)), method)
        except BaseException:
            archive.unlink(missing_ok=True)
            raise


def is_packed_for_upload(archive: Path) -> bool:
    """Whether `zip_dataset` made this file, rather than a person with another program."""
    try:
        with zipfile.ZipFile(archive) as packed:
            entries = packed.infolist()
    except (OSError, zipfile.BadZipFile):
        return False
    manifests = {f"{archive.stem}/{manifest.as_posix()}" for manifest in (MANIFEST, EARLIER_MANIFEST)}
    return any(entry.filename in manifests for entry in entries) and all(map(_is_ours, entries))


def _is_ours(entry: zipfile.ZipInfo) -> bool:
    has_other_extra = bool(entry.extra) and not entry.extra.startswith(_ZIP64_EXTRA)
    is_packed_anew = entry.filename.endswith(tuple(_PACKED)) and entry.compress_type != zipfile.ZIP_STORED
    return not (entry.is_dir() or has_other_extra or is_packed_anew)
