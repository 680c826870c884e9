"""The folders in which sound checks record for a few seconds. Nothing stays on disk, whatever happens. For threads."""

from __future__ import annotations

import logging
import shutil
from contextlib import suppress
from pathlib import Path

_log = logging.getLogger(__name__)


def make_empty(folder: Path) -> None:
    """Make an empty folder, and remove what it held. Raises OSError if that is impossible."""
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
    folder.mkdir(parents=True)


def remove(folder: Path) -> None:
    """Remove what was recorded there; what cannot be removed is logged."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError:
        _log.exception("The recording of a sound check in %s could not be removed; the next start tries again.", folder)
