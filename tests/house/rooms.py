"""The rooms of the house and the arrows between them, read from the table in docs/architecture.md.

A row is a room: its first cell names it, its second names the rooms that it imports. Rooms are listed from the ground
up, so that every arrow points to a row above. A room within another (`bot/ui/texts`) has a row of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tests.house.source import ROOT, Module, is_in

PAGE = ROOT / "docs" / "architecture.md"
HEAD = "| room | imports |"
OUTSIDE = frozenset({"bot"})
"""The package that contains all rooms and nothing else."""

Rooms = Mapping[str, frozenset[str]]


def read_rooms(page: str) -> Rooms:
    """Every room of the table with the rooms that it imports, as dotted names, in the table's order."""
    after = page[page.index(HEAD) :].splitlines()[2:]
    rows = [row.split("|")[1:3] for row in after[: next(i for i, row in enumerate(after) if not row.startswith("|"))]]
    return {_dotted(room)[0]: frozenset(_dotted(imports)) for room, imports in rows}


def _dotted(cell: str) -> list[str]:
    """`voice` in a cell of imports means `bot/voice`: only names that are not below `bot` are written out."""
    names = [name.replace("/", ".") for name in re.findall(r"`([^`]+)`", cell)]
    return [name if name.split(".")[0] in ("bot", "cogs") else f"bot.{name}" for name in names]


def room_of(name: str, rooms: Rooms) -> str | None:
    """The innermost room that contains a dotted name."""
    return max((room for room in rooms if is_in(name, room)), key=len, default=None)


def arrows(modules: Iterable[Module], rooms: Rooms) -> set[tuple[str, str]]:
    """The rooms that each room imports."""
    found: set[tuple[str, str]] = set()
    for module in modules:
        own = room_of(module.name, rooms)
        there = {room_of(name, rooms) for name in module.imports if name.split(".")[0] in ("bot", "cogs")}
        found |= {(own, room) for room in there if own is not None and room is not None and room != own}
    return found


def what_is_wrong(modules: list[Module], rooms: Rooms) -> list[str]:
    """A sentence for each module without a room, each arrow up, and each arrow on which table and source disagree."""
    order = list(rooms)
    real = arrows(modules, rooms)
    told = {(room, other) for room, others in rooms.items() for other in others}
    homeless = [module.name for module in modules if room_of(module.name, rooms) is None]
    return [
        *(f"{name} is in no room of the table" for name in homeless if name not in OUTSIDE),
        *(f"{room} imports {other}, which is not above it" for room, other in real if _is_up(room, other, order)),
        *(f"{room} imports {other}, and the table does not say so" for room, other in real - told),
        *(f"The table says that {room} imports {other}, and it does not" for room, other in told - real),
    ]


def _is_up(room: str, other: str, order: list[str]) -> bool:
    return order.index(other) > order.index(room)


def circles(modules: Iterable[Module]) -> list[str]:
    """A sentence for every part of a package that imports itself by way of other parts."""
    found: list[str] = []
    for package in sorted({module.name.rpartition(".")[0] for module in modules}):
        imports = _between_parts(package, modules)
        found += [
            f"{package}.{part} imports itself by way of others" for part in imports if part in _reach(part, imports)
        ]
    return found


def _between_parts(package: str, modules: Iterable[Module]) -> dict[str, set[str]]:
    """Which module or folder directly in a package imports which."""
    imports: dict[str, set[str]] = {}
    for module in modules:
        if is_in(module.name, package) and module.name != package:
            own = _part(module.name, package)
            others = {_part(name, package) for name in module.imports if is_in(name, package) and name != package}
            imports.setdefault(own, set()).update(others - {own})
    return imports


def _part(name: str, package: str) -> str:
    return name.removeprefix(f"{package}.").split(".")[0]


def _reach(part: str, imports: Mapping[str, set[str]]) -> set[str]:
    """Everything that a part imports, directly or by way of others."""
    found: set[str] = set()
    new = set(imports.get(part, ()))
    while new:
        found |= new
        new = {other for one in new for other in imports.get(one, ())} - found
    return found
