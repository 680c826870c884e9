"""`make pictures`: every state played under simcord, rendered, and photographed by Chromium into docs/pictures.

A picture is made anew only if its page has changed. `--check` makes none, and tells which would be: it needs no
Chromium. With names of states only those are made. Pages stay in build/pictures, to be looked at in a browser.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from bot.audio import loudness
from tools.pictures.browser import BrowserMissing, check_fonts, open_browser
from tools.pictures.png import small_png, source_of
from tools.pictures.states import STATES
from tools.pictures.studio import open_studio

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
PAGES = ROOT / "build" / "pictures"


def say(line: str) -> None:
    """Tell whoever ran this."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def play(name: str) -> str:
    """The page of one state, played in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        async with open_studio(Path(folder)) as studio:
            return await STATES[name](studio)


def digest(page: str) -> str:
    """What a picture keeps of the page that it shows."""
    return sha256(page.encode()).hexdigest()


def is_current(name: str, page: str) -> bool:
    """Whether the picture of a state shows this page."""
    picture = PICTURES / f"{name}.png"
    return picture.exists() and source_of(picture.read_bytes()) == digest(page)


async def write_pages(names: Sequence[str]) -> Mapping[str, str]:
    """Play states and write their pages; returns those whose pictures are out of date."""
    PAGES.mkdir(parents=True, exist_ok=True)
    stale: dict[str, str] = {}
    for name in names:
        page = await play(name)
        (PAGES / f"{name}.html").write_text(page, encoding="utf-8")
        if not is_current(name, page):
            stale[name] = page
    return stale


async def shoot(pages: Mapping[str, str]) -> None:
    """Photograph pages that are written."""
    await check_fonts()
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with open_browser() as browser:
        for name, page in pages.items():
            picture = small_png(await browser.shoot((PAGES / f"{name}.html").as_uri()), digest(page))
            (PICTURES / f"{name}.png").write_bytes(picture)
            say(f"{name}.png: {len(picture) / 1024:.0f} KiB")


def clear_left_over() -> None:
    """Take away pictures of states that are no more."""
    for picture in PICTURES.glob("*.png"):
        if picture.stem not in STATES:
            picture.unlink()
            say(f"{picture.name}: taken away")


async def make(names: Sequence[str], *, only_check: bool) -> int:
    """Make what is out of date, or only tell it. Returns the exit code."""
    loudness.load()
    stale = await write_pages(names or list(STATES))
    if only_check:
        say("\n".join(f"{name}.png is out of date: run 'make pictures'." for name in stale) or "All are up to date.")
        return 1 if stale else 0
    if stale:
        await shoot(stale)
    if not names:
        clear_left_over()
    say(f"{len(stale)} made; the others are as they were.")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="make pictures", description=__doc__)
    parser.add_argument("--check", action="store_true", help="make nothing, tell what is out of date")
    parser.add_argument("names", nargs="*", metavar="STATE", help="which states; all if none is named")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in STATES]:
        parser.error(f"no state {', '.join(unknown)}; there are: {', '.join(STATES)}")
    try:
        return asyncio.run(make(given.names, only_check=given.check))
    except BrowserMissing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
