"""What documents name exists: targets, files and folders, and the checks that run before a commit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "tests" / "README.md"]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
FOLDERS = ("bot", "cogs", "data", "docs", "tests", "tools")


def missing_in(text: str) -> list[str]:
    """The targets and paths in a document that do not exist; a part in capitals stands for any name."""
    targets = re.findall(r"(?:`|^ {4})make ([a-z][a-z-]*)", text, re.MULTILINE)
    paths = re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./*-]*)", text)
    return [
        *(f"make {name}" for name in targets if name not in TARGETS),
        *(path for path in paths if not re.search(r"[A-Z]{3}", path) and not _is_there(path)),
    ]


def _is_there(path: str) -> bool:
    return any(found for name in (path.rstrip("/."), f"{path}.py") for found in ROOT.glob(name))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_names_exists(document: Path):
    assert missing_in(document.read_text("utf-8")) == []


def test_what_is_not_there_is_found():
    assert missing_in("`make nothing`, `bot/voice/attic.py` and `bot/domain`") == ["make nothing", "bot/voice/attic.py"]


def test_a_commit_is_checked_as_in_the_makefile():
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    entries = [hook["entry"].split() for hook in local["hooks"]]
    assert ["make", "lint"] in entries
    assert all(make == "make" and target in TARGETS for make, target in entries)


def test_every_target_says_what_it_is_for():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    described = set(re.findall(r"^([a-z-]+):[^#\n]*## ", makefile, re.MULTILINE))
    assert described == TARGETS
