"""How `promptbook doctor` says which settings and folders are in force, and where each comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.config import Given, Settings

_SECRET_IN_ADDRESS = re.compile(r"(?<=//)[^/@]*@")
"""User and password of a proxy's address."""


def in_force(settings: Settings) -> Iterator[str]:
    """Yield every setting with its value and where it comes from, and the path of everything, a line each."""
    yield f"Settings; .env: {settings.env_file or 'none in the working directory'}"
    width = max(len(one.name) for one in settings.given)
    for one in settings.given:
        yield f"  {one.name:<{width}}  {_shown(one)}  ({one.source})"
    home = settings.home
    places = {
        "home": home.folder,
        "database": home.database,
        "recordings": home.recordings,
        "clips": home.clips,
        "exports": home.exports,
        "older databases": home.backups,
        "data": settings.data,
    }
    yield "Places"
    for name, path in places.items():
        yield f"  {name:<{width}}  {path}"


def _shown(one: Given) -> str:
    if one.name == "DISCORD_TOKEN":
        return "set" if one.value.strip() else "not set"
    return _SECRET_IN_ADDRESS.sub("…@", one.value)
