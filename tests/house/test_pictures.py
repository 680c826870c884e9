"""The documents' pictures: each exists, each is shown in a document, and each shows a state that is still played."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.pictures.browser import SCALE
from tools.pictures.page import WIDTH
from tools.pictures.png import size_of, source_of
from tools.pictures.states import STATES

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
HEAVIEST_BYTES = 150 * 1024
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
REFERENCE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<path>[^)\s]+)\)")


def references() -> list[tuple[Path, str]]:
    """Every picture that a document shows, with its text for people who cannot see it."""
    found = [(document, match) for document in DOCUMENTS for match in REFERENCE.finditer(document.read_text("utf-8"))]
    return [((document.parent / match["path"]).resolve(), match["alt"]) for document, match in found]


def test_every_picture_that_is_shown_exists_and_is_told_in_words():
    for path, alt in references():
        assert path.is_file(), path
        assert len(alt.split()) >= 3, f"{path.name} needs a text for people who cannot see it"


def test_no_picture_is_left_over():
    there = {path.resolve() for path in PICTURES.iterdir()}
    assert there == {path for path, _ in references()}
    assert {path.stem for path in there} == set(STATES)


@pytest.mark.parametrize("name", STATES)
def test_a_picture_is_as_wide_as_a_phone_and_light(name: str):
    picture = (PICTURES / f"{name}.png").read_bytes()
    assert size_of(picture)[0] == WIDTH * SCALE
    assert len(picture) < HEAVIEST_BYTES
    assert source_of(picture), "it does not contain its page, so it was made by hand: run 'make pictures'"
