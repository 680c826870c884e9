"""`promptbook doctor`: checks everything that a session needs, and says how to fix what is missing."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable
from importlib import metadata

from bot.audio.speech import LICENCE, PACKAGE, has_voices
from bot.config import TOKEN_SHAPE, Settings
from bot.doctor.disk_findings import encryption_finding
from bot.doctor.findings import Finding, warning
from bot.doctor.home_findings import home_findings
from bot.doctor.store_findings import store_findings
from bot.domain.errors import PromptbookError
from bot.home.places import Home
from bot.services.facts.library import Library
from bot.services.scene.cards import CHARACTERS
from bot.services.schedule.zones import zone_names
from bot.services.session.sessions import INSTRUMENT

LEAST_DAVEY = (0, 1, 7)
"""davey 0.1.6 cannot decrypt at all (Snazzah/davey issue 20)."""


async def examine(settings: Settings, explain: Callable[[PromptbookError], str]) -> list[Finding]:
    """Check everything. Never raises for what it finds. `explain` turns an error into its sentence."""
    return [
        _python(),
        _davey(),
        _discord_py(),
        _token(settings),
        _operator(settings),
        *(warning("settings", sentence) for sentence in settings.unknown),
        *await asyncio.to_thread(lambda: _below_home(settings.home)),
        _data(settings, explain),
        _voices(),
        _time_zones(),
    ]


def _below_home(home: Home) -> list[Finding]:
    return [*home_findings(home), encryption_finding(home), *store_findings(home)]


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", sys.version_info >= (3, 11), f"Python {version}; 3.11 or newer is needed.")


def _davey() -> Finding:
    return _version("davey", LEAST_DAVEY, "it cannot decrypt what people say")


def _discord_py() -> Finding:
    return _version("discord.py", (2, 7, 1), "it does not support today's voice encryption")


def _version(package: str, least: tuple[int, ...], why: str) -> Finding:
    needed = ".".join(map(str, least))
    try:
        version = metadata.version(package)
    except metadata.PackageNotFoundError:
        return Finding(package, False, f"{package} is not installed: run 'make install'.")
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    if numbers >= least:
        return Finding(package, True, f"{package} {version}.")
    return Finding(package, False, f"{package} {version} is too old ({why}): install {needed} or newer.")


def _token(settings: Settings) -> Finding:
    if not settings.token:
        return Finding("token", False, "No token. Put DISCORD_TOKEN into .env, as .env.example shows.")
    if TOKEN_SHAPE.fullmatch(settings.token):
        return Finding("token", True, "The token has the right shape.")
    sentence = "DISCORD_TOKEN does not look like a bot token. Copy it again from the page 'Bot' of your application."
    return Finding("token", False, sentence)


def _operator(settings: Settings) -> Finding:
    if settings.controller and settings.contact:
        return Finding("operator", True, f"{settings.controller} is responsible for the recordings.")
    return Finding(
        "operator",
        True,
        "Who is responsible for the recordings is not in .env (PROMPTBOOK_CONTROLLER and PROMPTBOOK_CONTACT): "
        "'/session start' asks for it once on each server.",
    )


def _data(settings: Settings, explain: Callable[[PromptbookError], str]) -> Finding:
    library = Library(settings.data)
    try:
        library.consent_text()
        for name in library.names("decks"):
            library.deck(name)
        for name in library.names("emotions"):
            library.emotion_set(name)
        for name in library.names("characters"):
            library.character_set(name)
        for name in library.names("instruments"):
            library.instrument(name)
        if library.has_frame:
            library.frame()
        _read_around_scenes(library)
        library.opt_ins()
        library.character_set(CHARACTERS)
        library.instrument(INSTRUMENT)
        library.deck(settings.deck)
        library.emotion_set(settings.emotion_set)
    except PromptbookError as error:
        return Finding("data", False, explain(error))
    return Finding(
        "data",
        True,
        f"The decks, topics, emotion sets, characters, instruments and consent text in {settings.data} can be used.",
    )


def _time_zones() -> Finding:
    zones = len(zone_names()) - 1
    if zones:
        return Finding("time zones", True, f"Sessions can be scheduled in {zones} time zones.")
    return warning(
        "time zones",
        "This machine has no list of time zones, so that sessions can only be scheduled in UTC. Install the system's "
        "package tzdata, or run 'pip install tzdata' in the bot's environment.",
    )


def _read_around_scenes(library: Library) -> None:
    """Read the texts of what is around the scenes. A troupe's folder from before them has none, and needs none."""
    for kind, read in (
        ("calibration", library.calibration),
        ("replays", library.fixed_lines),
        ("interludes", library.interludes),
    ):
        for language in library.names(kind):
            read(language)


def _voices() -> Finding:
    if has_voices():
        return Finding("voices", True, f"{PACKAGE} {metadata.version(PACKAGE)} speaks with eSpeak NG ({LICENCE}).")
    return Finding("voices", True, f"{PACKAGE} is not installed: tones are played in place of speech.")
