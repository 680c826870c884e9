"""Whether the disk under the home folder is encrypted, as far as the machine shows it."""

from __future__ import annotations

import os
from pathlib import Path

from bot.doctor.findings import Finding, warning
from bot.home.places import Home

_DEVICES = Path("/sys/dev/block")
_CRYPT = "CRYPT-"
"""How the UUIDs of dm-crypt devices begin, LUKS included (Linux, `dm/uuid` in sysfs)."""

_WHY = (
    "The home folder holds voices and the link from accounts to pseudonyms, which Discord's terms and the law ask to "
    "be encrypted at rest: a person who takes the disk can read both."
)


def encryption_finding(home: Home, devices: Path = _DEVICES) -> Finding:
    """Say whether the home folder is on an encrypted disk. A disk that is not is a warning, and why it matters."""
    folder = home.folder
    while not folder.exists():
        folder = folder.parent
    number = os.stat(folder).st_dev
    found = is_encrypted(devices / f"{os.major(number)}:{os.minor(number)}")
    if found:
        return Finding("encryption", True, f"{home} is on an encrypted disk.")
    if found is None:
        seen = f"This machine does not show whether the disk of {home} is encrypted: look, or ask who runs the machine."
    else:
        seen = f"The disk of {home} is not encrypted."
    return warning("encryption", f"{seen} {_WHY} docs/security.md says what to do.")


def is_encrypted(device: Path) -> bool | None:
    """Return whether a block device's folder in sysfs is dm-crypt, or rests on nothing else; None if it is not there.

    Volumes on an encrypted disk (LVM, RAID) count if every device below them is encrypted.
    """
    if not device.is_dir():
        return None
    uuid = device / "dm" / "uuid"
    if uuid.is_file() and uuid.read_text("ascii", "replace").startswith(_CRYPT):
        return True
    slaves = device / "slaves"
    below = list(slaves.iterdir()) if slaves.is_dir() else []
    return bool(below) and all(is_encrypted(one) is True for one in below)
