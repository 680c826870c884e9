"""Free space on the disk of the home folder, and when it is low or too low."""

from __future__ import annotations

import shutil
from pathlib import Path

LOW_DISK_BYTES = 1024**3
"""Below this, a coordinator is warned: an hour of twelve tracks and its export need about that much."""

LEAST_DISK_BYTES = 64 * 1024**2
"""Below this, no take is started: the database and the tracks of a long take would not fit."""


def free_bytes(home: Path) -> int:
    """How many bytes are free on the disk of the home folder."""
    return shutil.disk_usage(home).free
