"""What is running: the versions of the software that deals, records and keeps."""

from __future__ import annotations

import platform
import sqlite3
from importlib import metadata

import bot
from bot.audio.sound import libsndfile_version

PACKAGES = ("discord.py", "davey", "numpy", "soundfile")
"""The packages that receive, decrypt and decode sound, by their names on the package index."""


def software_versions() -> dict[str, str]:
    """Return versions by name. They say nothing about the machine or its folders."""
    return {
        "python": platform.python_version(),
        "promptbook": bot.__version__,
        **{package: metadata.version(package) for package in PACKAGES},
        "libsndfile": libsndfile_version(),
        "sqlite": sqlite3.sqlite_version,
    }
