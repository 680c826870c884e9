"""Debian's Chromium without a window: pages in, PNG bytes out, over the DevTools protocol on loopback."""

from __future__ import annotations

import asyncio
import base64
import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tools.pictures.page import WIDTH

SCALE = 2
"""Device pixels per CSS pixel, as on most phones."""

START_SECONDS = 30.0
SHOT_SECONDS = 30.0
_CHROMIUM = ("chromium", "chromium-browser")
_FONTS = {
    "Noto Sans": "fonts-noto-core",
    "Noto Color Emoji": "fonts-noto-color-emoji",
    "DejaVu Sans Mono": "fonts-dejavu-core",
}


class BrowserMissing(Exception):
    """Something that pictures need is not on this machine. The message says what to install."""


async def check_fonts() -> None:
    """Raise BrowserMissing if a font is missing: pictures would have empty boxes instead of letters."""
    if shutil.which("fc-match") is None:
        raise BrowserMissing("Pictures need fontconfig. Install it with 'apt-get install fontconfig'.")
    for family, package in _FONTS.items():
        process = await asyncio.create_subprocess_exec(
            "fc-match", "--format=%{family}", family, stdout=asyncio.subprocess.PIPE
        )
        told, _ = await process.communicate()
        if family not in told.decode():
            raise BrowserMissing(f"Pictures need the font {family}. Install it with 'apt-get install {package}'.")


class Browser:
    """A running Chromium with one tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0

    async def shoot(self, address: str) -> bytes:
        """Return a page as PNG, as high as its content; `png.read_pixels` reads it."""
        async with asyncio.timeout(SHOT_SECONDS):
            metrics = {"width": WIDTH, "height": 1, "deviceScaleFactor": SCALE, "mobile": True}
            await self._ask("Emulation.setDeviceMetricsOverride", **metrics)
            await self._ask("Page.enable")
            await self._ask("Page.navigate", url=address)
            await self._event("Page.loadEventFired")
            height = await self._value("document.fonts.ready.then(() => document.documentElement.offsetHeight)")
            clip = {"x": 0, "y": 0, "width": WIDTH, "height": height, "scale": 1}
            shot = await self._ask(
                "Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True, optimizeForSpeed=True
            )
        return base64.b64decode(shot["data"])

    async def _value(self, expression: str) -> Any:
        told = await self._ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        return told["result"]["value"]

    async def _ask(self, method: str, **parameters: Any) -> Any:
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        while (told := await self._socket.receive_json()).get("id") != self._number:
            pass
        if "error" in told:
            raise RuntimeError(f"Chromium refused {method}: {told['error']['message']}")
        return told["result"]

    async def _event(self, name: str) -> None:
        while (await self._socket.receive_json()).get("method") != name:
            pass


@asynccontextmanager
async def open_browser() -> AsyncGenerator[Browser]:
    """Start Chromium with a temporary profile and end it afterwards. Raises BrowserMissing if it is not installed."""
    program = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if program is None:
        raise BrowserMissing("Pictures need Chromium. Install it with 'apt-get install chromium', then run this again.")
    with tempfile.TemporaryDirectory(prefix="pictures-", ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            program, *_switches(profile), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            port = await _port(process, Path(profile) / "DevToolsActivePort")
            async with (
                aiohttp.ClientSession() as session,
                session.ws_connect(await _tab(session, port), max_msg_size=0) as socket,
            ):
                yield Browser(socket)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


def _switches(profile: str) -> list[str]:
    return [
        "--headless",
        # The pages are the project's own, and Chromium refuses to run as root with its sandbox, as in a container.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--force-color-profile=srgb",
        "--disable-lcd-text",
        "--font-render-hinting=none",
        "--remote-debugging-port=0",
        f"--user-data-dir={profile}",
        "about:blank",
    ]


async def _port(process: asyncio.subprocess.Process, told_in: Path) -> int:
    """Return the port on which Chromium listens. It writes the port into its profile."""
    async with asyncio.timeout(START_SECONDS):
        while (port := await asyncio.to_thread(_told_port, told_in)) is None:
            if process.returncode is not None:
                told = f"Chromium ended with code {process.returncode}. Try 'chromium --headless about:blank'."
                raise BrowserMissing(told)
            await asyncio.sleep(0.05)
    return port


def _told_port(told_in: Path) -> int | None:
    lines = told_in.read_text("ascii").splitlines() if told_in.exists() else []
    return int(lines[0]) if lines else None


async def _tab(session: aiohttp.ClientSession, port: int) -> str:
    """Return the websocket address of the tab that Chromium opened with."""
    async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
        tabs = await answer.json(content_type=None)
    return next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
