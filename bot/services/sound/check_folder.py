"""Where sound checks record, for some seconds: nothing of them stays on disk, whatever happens. For threads."""

from __future__ import annotations

import logging
import shutil
from contextlib import suppress
from pathlib import Path

_log = logging.getLogger(__name__)


def make_anew(folder: Path) -> None:
    """An empty folder; OSError where there can be none."""
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
        _log.exception("What a sound check recorded in %s could not be removed; the next start tries again.", folder)
