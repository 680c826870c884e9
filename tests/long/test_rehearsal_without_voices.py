"""A rehearsal on an installation without eSpeak NG: the cast plays tones, and everything else is the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.cli.calling import ROOT, without_voices


def test_a_session_is_played_rated_and_exported(tmp_path: Path):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "bot",
            "rehearse",
            "--home",
            str(tmp_path / "home"),
            "--performers",
            "2",
            "--scenes",
            "1",
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": without_voices(tmp_path)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "The cast has no voices, but tones: the package espeakng-loader is not installed" in done.stdout
    assert list((tmp_path / "home" / "exports").glob("session-0001/clips/*/*.flac"))
