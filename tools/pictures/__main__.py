"""`make pictures`: plays every state under simcord, renders it, and photographs it with Chromium into docs/pictures.

A picture is replaced only if its page has changed. `--check` makes none, and lists the pictures that are out of date;
it needs no Chromium. With names of states, only those are made. Pages stay in build/pictures, for viewing in a browser.
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
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def play(name: str) -> str:
    """Play one state in its own folder and return its page."""
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        async with open_studio(Path(folder)) as studio:
            return await STATES[name](studio)


def digest(page: str) -> str:
    """Return the digest of a page that is kept in its picture."""
    return sha256(page.encode()).hexdigest()


def is_current(name: str, page: str) -> bool:
    """Whether the picture of a state shows this page."""
    picture = PICTURES / f"{name}.png"
    return picture.exists() and source_of(picture.read_bytes()) == digest(page)


async def write_pages(names: Sequence[str]) -> Mapping[str, str]:
    """Play states and write their pages. Returns those whose pictures are out of date."""
    PAGES.mkdir(parents=True, exist_ok=True)
    stale: dict[str, str] = {}
    for name in names:
        page = await play(name)
        (PAGES / f"{name}.html").write_text(page, encoding="utf-8")
        if not is_current(name, page):
            stale[name] = page
    return stale


async def shoot(pages: Mapping[str, str]) -> None:
    """Photograph written pages."""
    await check_fonts()
    PICTURES.mkdir(parents=True, exist_ok=True)
    async with open_browser() as browser:
        for name, page in pages.items():
            picture = small_png(await browser.shoot((PAGES / f"{name}.html").as_uri()), digest(page))
            (PICTURES / f"{name}.png").write_bytes(picture)
            say(f"{name}.png: {len(picture) / 1024:.0f} KiB")


def clear_left_over() -> None:
    """Remove pictures of states that no longer exist."""
    for picture in PICTURES.glob("*.png"):
        if picture.stem not in STATES:
            picture.unlink()
            say(f"{picture.name}: removed")


async def make(names: Sequence[str], *, only_check: bool) -> int:
    """Make the pictures that are out of date, or only list them. Returns the exit code."""
    loudness.load()
    stale = await write_pages(names or list(STATES))
    if only_check:
        say("\n".join(f"{name}.png is out of date. Run 'make pictures'." for name in stale) or "All are up to date.")
        return 1 if stale else 0
    if stale:
        await shoot(stale)
    if not names:
        clear_left_over()
    say(f"{len(stale)} made; the others are unchanged.")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="make pictures", description=__doc__)
    parser.add_argument("--check", action="store_true", help="make no pictures, list those that are out of date")
    parser.add_argument("names", nargs="*", metavar="STATE", help="states to picture; all if none is named")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in STATES]:
        parser.error(f"unknown state {', '.join(unknown)}. Choose from: {', '.join(STATES)}")
    try:
        return asyncio.run(make(given.names, only_check=given.check))
    except BrowserMissing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
