"""`promptbook` as a process, with nothing from this machine's own settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
GOOD_SHAPE = f"{'a' * 24}.{'b' * 6}.{'c' * 38}"
"""A token that is none, but looks like one."""


def call(*words: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Call it in a folder, with these variables and none of Promptbook's or Discord's besides."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PROMPTBOOK", "DISCORD"))}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What it says to people, in one line; a traceback is never for people."""
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


def shown(done: subprocess.CompletedProcess[str], name: str) -> str:
    """What the doctor says about a setting or a place."""
    (line,) = [line for line in done.stdout.splitlines() if line.startswith(f"  {name} ")]
    return " ".join(line.split()).removeprefix(f"{name} ")


def without_voices(folder: Path) -> str:
    """A PYTHONPATH with which eSpeak NG cannot be imported, in a process and in those that it starts."""
    (folder / "sitecustomize.py").write_text('import sys\nsys.modules["espeakng_loader"] = None\n')
    return f"{folder}:{ROOT}"
