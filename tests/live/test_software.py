"""The versions that a session is started with."""

from __future__ import annotations

import platform
import re
import sqlite3

import bot
from bot.live.software import software_versions


def test_every_version_is_a_version_and_says_nothing_of_the_machine():
    found = software_versions()
    assert list(found) == [
        "python",
        "promptbook",
        "discord.py",
        "davey",
        "numpy",
        "soundfile",
        "libsndfile",
        "sqlite",
    ]
    assert (found["python"], found["promptbook"]) == (platform.python_version(), bot.__version__)
    assert found["sqlite"] == sqlite3.sqlite_version
    for name, version in found.items():
        assert re.fullmatch(r"\d+\.\d+[0-9a-z.+]*", version), name
