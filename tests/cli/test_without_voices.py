"""An installation without eSpeak NG: the doctor says so, and a channel hears tones."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from bot.audio.speech import PACKAGE
from tests.cli.calling import GOOD_SHAPE, ROOT, call, without_voices


@pytest.mark.parametrize("is_there", [True, False], ids=["installed", "not installed"])
def test_the_doctor_says_whose_the_voices_are(tmp_path: Path, is_there: bool):
    path = str(ROOT) if is_there else without_voices(tmp_path)
    done = call("doctor", folder=tmp_path, DISCORD_TOKEN=GOOD_SHAPE, PYTHONPATH=path)
    assert done.returncode == 0, done.stdout
    (told,) = [line for line in done.stdout.splitlines() if "voices:" in line]
    if is_there:
        version = metadata.version(PACKAGE)
        assert told == f"ok    voices: {PACKAGE} {version} speaks with eSpeak NG (GPL-3.0-or-later)."
    else:
        assert told.startswith(f"ok    voices: {PACKAGE} is not installed")


def test_the_voices_are_an_extra_and_the_lock_file_has_them():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert not [one for one in project["dependencies"] if one.startswith(PACKAGE)]
    assert [one.split(">")[0] for one in project["optional-dependencies"]["voices"]] == [PACKAGE]
    assert f"\n{PACKAGE}==" in (ROOT / "requirements.lock").read_text("utf-8")
