"""Files that only grow, on failing disks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.voice.recording.trackfile import TrackFile


def test_a_disk_that_fails_only_at_the_end_is_told_and_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = TrackFile(tmp_path / "track.opus")
    file.append(b"OggS")
    really_close = os.close

    def close(descriptor: int) -> None:
        really_close(descriptor)
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "close", close)
        file.close()
    assert isinstance(file.failure, OSError)
    assert file.descriptor is None
    file.close()
    assert file.path.read_bytes() == b"OggS"
