"""`promptbook doctor` recognises encrypted disks by what Linux shows of them, on folders laid out like sysfs."""

from __future__ import annotations

import os
from pathlib import Path

from bot.doctor.disk_findings import encryption_finding, is_encrypted
from bot.home.places import Home


def device(sysfs: Path, name: str, uuid: str | None, *below: Path) -> Path:
    made = sysfs / name
    (made / "slaves").mkdir(parents=True)
    for one in below:
        (made / "slaves" / one.name).symlink_to(one)
    if uuid is not None:
        (made / "dm").mkdir()
        (made / "dm" / "uuid").write_text(f"{uuid}\n")
    return made


def test_a_disk_is_encrypted_if_everything_below_it_is(tmp_path: Path):
    plain = device(tmp_path, "8:1", None)
    locked = device(tmp_path, "253:0", "CRYPT-LUKS2-0123-name", plain)
    assert is_encrypted(locked) is True
    assert is_encrypted(device(tmp_path, "253:1", "LVM-abc", locked)) is True
    assert is_encrypted(device(tmp_path, "253:2", "LVM-def", locked, plain)) is False
    assert is_encrypted(plain) is False
    assert is_encrypted(tmp_path / "0:99") is None


def test_the_doctor_says_why_an_encrypted_disk_matters(tmp_path: Path):
    number = os.stat(tmp_path).st_dev
    name, home = f"{os.major(number)}:{os.minor(number)}", Home(tmp_path / "home")
    assert "does not show" in encryption_finding(home, tmp_path / "sys").sentence
    device(tmp_path / "plain", name, None)
    found = encryption_finding(home, tmp_path / "plain")
    assert found.is_warning
    assert "is not encrypted" in found.sentence
    assert "at rest" in found.sentence
    device(tmp_path / "locked", name, "CRYPT-LUKS2-0123-name")
    assert not encryption_finding(home, tmp_path / "locked").is_warning
