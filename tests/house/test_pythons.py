"""`.ci/pythons` on machines with other Pythons than this one: PATH and pyenv are folders of the test."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "pythons"
TOOLS = ("dirname", "sed", "sort", "tr")

WORKS = 'test "$1" = -c && echo "$0"'
SHIM = 'echo "pyenv: command not found" >&2; exit 127'


def program(path: Path, does: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH with the programs that the script calls, and without this machine's Pythons."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    return folder


def found_on(*path: Path) -> subprocess.CompletedProcess[str]:
    folders = ":".join(map(str, path))
    return subprocess.run([SCRIPT], env={"PATH": folders}, capture_output=True, text=True, check=False)


def test_one_python_per_version_the_oldest_first(tools: Path, tmp_path: Path) -> None:
    newer = program(tmp_path / "first" / "python3.13", WORKS)
    older = program(tmp_path / "second" / "python3.11", WORKS)
    program(tmp_path / "second" / "python3.13", WORKS)
    done = found_on(tools, tmp_path / "first", tmp_path / "second")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [str(older), str(newer)]


def test_a_program_that_does_not_run_is_passed_over(tools: Path, tmp_path: Path) -> None:
    program(tmp_path / "shims" / "python3.12", SHIM)
    program(tmp_path / "shims" / "python3.13", SHIM)
    works = program(tmp_path / "bin" / "python3.12", WORKS)
    done = found_on(tools, tmp_path / "shims", tmp_path / "bin")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{works}\n", "")


def test_versions_that_pyenv_holds_are_found_behind_their_shims(tools: Path, tmp_path: Path) -> None:
    root = tmp_path / "pyenv root"
    program(tmp_path / "shims" / "pyenv", f'test "$1" = root && echo "{root}"')
    program(tmp_path / "shims" / "python3.13", SHIM)
    held = program(root / "versions" / "3.13.0" / "bin" / "python3.13", WORKS)
    done = found_on(tools, tmp_path / "shims")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{held}\n", "")


def test_without_a_supported_python_it_says_which_to_install(tools: Path, tmp_path: Path) -> None:
    program(tmp_path / "bin" / "python3.10", WORKS)
    done = found_on(tools, tmp_path / "bin")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Install one of these, with venv and pip: 3.11 3.12 3.13" in done.stderr
