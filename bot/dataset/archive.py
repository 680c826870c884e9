"""An export as one file, for results small enough to be uploaded."""

from __future__ import annotations

import secrets
import zipfile
from pathlib import Path

_PACKED = frozenset({".flac"})


def zip_dataset(path: Path) -> Path:
    """Pack an export's folder into `<folder>.zip` beside it, replacing an earlier one; returns the file.

    Everything lies in one folder of the export's name. Takes as long as reading all of it: call it off the event loop.
    """
    path = path.resolve()
    target = path.with_name(f"{path.name}.zip")
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.zip")
    try:
        with zipfile.ZipFile(partial, "x") as archive:
            for file in sorted(path.rglob("*")):
                if file.is_file():
                    # FLAC does not get smaller; packing it again would only cost time.
                    method = zipfile.ZIP_STORED if file.suffix in _PACKED else zipfile.ZIP_DEFLATED
                    archive.write(file, Path(path.name, file.relative_to(path)), method)
        return partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
